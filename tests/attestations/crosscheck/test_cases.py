"""The worked cases by way of records in the database, which stays as it was."""

import csv
import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from attestations.crosscheck.cases import COLUMNS, verify
from tests.attestations.crosscheck.examples import TABLES
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db

GHANA = {
    "residence": "GHA",
    "training": "GHA",
    "source": "GHA",
    "dest": "IRL",
    "qualified": "2221",
    "placed": "2221",
    "mode": "AGENCY",
    "recruited": "2024-05-10",
    "start": "2024-09-01",
    "fees": [],
}
SSL_ACTIVE = [{"code": "SSL-ACTIVE", "severity": "critical", "disposition": "open"}]


def case(inputs, findings=(), *, edition="2023", result="CLEAR", name="X1"):
    return {
        "id": name,
        "inputs_json": inputs if isinstance(inputs, str) else json.dumps(inputs),
        "edition": edition,
        "expected_findings_json": (
            findings if isinstance(findings, str) else json.dumps(list(findings))
        ),
        "result": result,
    }


def table(tmp_path, rows, columns=None):
    path = tmp_path / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or list(rows[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def ran(path):
    out = StringIO()
    code = 0
    try:
        call_command("verify_ruleset", str(path), stdout=out)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue().splitlines()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "cases"), [("cases.csv", 42), ("more_cases.csv", 462)])
def test_every_case_passes_by_way_of_records(name, cases):
    attestations.reference()

    assert ran(TABLES / name) == (0, [f"{cases} passed, 0 failed"])


def rows_in_every_table():
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def test_the_database_is_left_as_it_was():
    """Also where the register holds more than the lists, which no case may see."""
    attestations.reference()
    attestations.emergency("GHA")
    attestations.communication("GHA")
    attestations.authorization_requirement("GHA", side="source")
    make.placement(agencies.agency())
    before = rows_in_every_table()

    results = list(verify([case(GHANA, SSL_ACTIVE, result="NON_COMPLIANT")]))

    assert [result.differences for result in results] == [()]
    assert rows_in_every_table() == before


def test_an_empty_register_reads_the_lists_from_the_files(tmp_path):
    path = table(tmp_path, [case(GHANA, SSL_ACTIVE, result="NON_COMPLIANT")])

    assert ran(path) == (0, ["1 passed, 0 failed"])
    assert sum(rows_in_every_table().values()) == sum(
        model.objects.count()
        for model in apps.get_models()
        if model._meta.app_label in ("auth", "contenttypes", "agencies")
    )


def test_each_difference_is_told_and_the_command_fails(tmp_path):
    attestations.reference()
    wrong = [{"code": "UK-RED", "severity": "critical"}]
    path = table(tmp_path, [case(GHANA, SSL_ACTIVE), case(GHANA, wrong, edition="none", name="X2")])

    assert ran(path) == (
        1,
        [
            "X1: result: expected CLEAR, found NON_COMPLIANT",
            "X2: edition: expected none, found 2023",
            "X2: finding expected and not found: UK-RED critical open",
            "X2: finding not expected: SSL-ACTIVE critical open",
            "X2: result: expected CLEAR, found NON_COMPLIANT",
            "0 passed, 2 failed",
        ],
    )


@pytest.mark.parametrize(
    "row",
    [
        case("not json"),
        case("[]"),
        case("[" * 100_000),
        case({"colour": "red"}),
        case({**GHANA, "recruited": "10/05/2024"}),
        case({**GHANA, "mode": "BOAT"}),
        case(GHANA, "{"),
        case(GHANA, '{"code": 1}'),
        case(GHANA, "[1]"),
        case({**GHANA, "bla": {"source": "GHA", "dest": "GHA", "frm": "2024-01-01"}}),
        case({**GHANA, "lic": ["2024-01-02", "2024-01-01"]}),
        case({**GHANA, "residence": "\x00"}),
    ],
)
def test_a_row_that_cannot_be_read_or_recorded_is_a_failure_in_words(row):
    attestations.reference()

    results = list(verify([row, case(GHANA, SSL_ACTIVE, result="NON_COMPLIANT", name="next")]))

    assert [result.passed for result in results] == [False, True]
    assert (
        results[0]
        .differences[0]
        .startswith(("the row cannot be read: ", "the case cannot be recorded: ", "finding "))
    )


@pytest.mark.parametrize("content", [None, "id,inputs_json\n", b"\xff\xfe\x00"])
def test_a_file_that_is_no_table_is_refused(tmp_path, content):
    path = tmp_path / "cases.csv"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(CommandError) as refused:
        call_command("verify_ruleset", str(path))

    assert refused.value.returncode == 2


def test_a_table_without_any_case_verifies_nothing(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(",".join(COLUMNS) + "\n")

    with pytest.raises(CommandError) as refused:
        call_command("verify_ruleset", str(path))

    assert refused.value.returncode == 1
    assert str(refused.value) == f"{path} holds no case: nothing was verified."
