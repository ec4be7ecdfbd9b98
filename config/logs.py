"""One line an event, whatever the event's text contains."""

import logging


class LineFormatter(logging.Formatter):
    """A line break in a message cannot begin a forged entry; a traceback keeps its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- logging's name
        line = super().formatMessage(record)
        return line.replace("\r", "\\r").replace("\n", "\\n")
