import logging

from config.logs import LineFormatter


def test_a_line_break_cannot_forge_an_entry():
    record = logging.makeLogRecord({"msg": "name\nlevel=ERROR forged\r", "levelname": "INFO"})

    assert LineFormatter("level=%(levelname)s %(message)s").format(record) == (
        "level=INFO name\\nlevel=ERROR forged\\r"
    )
