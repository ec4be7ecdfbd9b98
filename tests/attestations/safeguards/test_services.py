from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from agencies import journal
from agencies.enums import AgencyRole, RegulatorRole
from attestations.models import ListEdition, Placement, VerdictChange
from attestations.safeguards import services
from attestations.safeguards.editions import Difference
from attestations.safeguards.impact import impact_of
from attestations.safeguards.loading import AlreadyPublished
from attestations.safeguards.queries import (
    difference_between,
    edition_before,
)
from attestations.safeguards.reading import FileRefused
from tests.factories import agencies as people
from tests.factories import attestations as make
from tests.factories import placements

pytestmark = pytest.mark.usefixtures("reference")
DAY = date(2024, 6, 1)
CONGO = (
    "“Congo” can mean more than one country. Type COG for Congo (Republic of the) or COD for "
    "Democratic Republic of the Congo."
)
ATLANTIS = (
    "“Atlantis” is not a country name that is known here. Type its English name or its ISO code, "
    "such as GHA."
)
FILE = "country,printed_name\nGhana,\nCôte d’Ivoire,Ivory Coast\nKEN,\n"


@pytest.fixture
def steward(db):
    return people.staff(people.regulator(), RegulatorRole.DATA_STEWARD)


@pytest.fixture
def another(db):
    return people.staff(people.regulator(country="IND"), RegulatorRole.DATA_STEWARD)


def load(by=None, *, content=FILE, label="2024x", valid_from=DAY, expected=3):
    return services.load_edition(
        content=content.encode(),
        name="list.csv",
        label=label,
        title="Example list",
        published_on=DAY,
        valid_from=valid_from,
        source="invented for a test",
        countries_expected=expected,
        by=by,
        at=make.LOADED_AT,
    )


def test_an_edition_that_was_loaded_waits_and_judges_nothing(steward):
    edition = load(steward)

    assert (edition.activated_at, edition.loaded_by) == (None, steward)
    assert list(edition.entries.values_list("country", "printed_name")) == [
        ("GHA", "Ghana"),
        ("CIV", "Ivory Coast"),
        ("KEN", "KEN"),
    ]
    assert ListEdition.objects.in_force(DAY).label == "2023"
    assert [entry.verb for entry in journal.history_of(edition)] == ["list_edition.loaded"]


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        pytest.param(
            {"content": "country\nGhana\nCongo\nGHA\nAtlantis\n"},
            [
                f"Row 3: {CONGO}",
                f"Row 5: {ATLANTIS}",
                "GHA is there 2 times.",
                "4 rows are there, and 3 should be.",
            ],
            id="every row at once",
        ),
        pytest.param(
            {"content": "name\nGhana\n"}, ["The column “country” is missing."], id="no column"
        ),
        pytest.param(
            {"content": "country\n"},
            ["0 rows are there, and 3 should be.", "The file has no row."],
            id="empty",
        ),
        pytest.param(
            {"content": "country,printed_name\nGhana\n"},
            ["Row 2 has another number of cells than the header."],
            id="cells missing",
        ),
        pytest.param(
            {"label": "the new one!"},
            ["“the new one!” is no label: up to 20 letters, digits and hyphens."],
            id="a label that is none",
        ),
        pytest.param(
            {"valid_from": date(2024, 5, 31)},
            ["An edition cannot be in force before the day on which it was published."],
            id="in force before it was published",
        ),
        pytest.param(
            {"content": "country\nGhana\x00\n"},
            ["The file holds NUL characters: it is not a CSV file."],
            id="no text",
        ),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_everything_that_is(steward, changes, problems):
    with pytest.raises(FileRefused) as refused:
        load(steward, **changes)

    assert refused.value.problems == problems
    assert ListEdition.objects.count() == 3


def test_a_workbook_is_refused_in_words(steward):
    with pytest.raises(FileRefused, match="Save the sheet as “CSV UTF-8”"):
        services.load_edition(
            content=b"PK\x03\x04\xff\xfe",
            name="list.xlsx",
            label="2024x",
            title="Example",
            published_on=DAY,
            valid_from=DAY,
            source="test",
            by=steward,
        )


def test_a_label_and_a_day_are_taken_once(steward):
    load(steward)

    for other in ({}, {"content": "country\nGhana\n", "expected": 1}, {"label": "2024y"}):
        with pytest.raises(AlreadyPublished):
            load(steward, **other)


def test_another_steward_activates_it_and_nobody_else(steward, another):
    edition = load(steward)
    nobody = [
        steward,
        people.staff(people.regulator(), RegulatorRole.ADMIN),
        people.agency_person(people.agency(), AgencyRole.ADMIN),
        people.user(is_operator=True),
    ]

    for person in nobody:
        with pytest.raises(PermissionDenied):
            services.activate_edition(label=edition.label, by=person)
    active = services.activate_edition(label=edition.label, by=another, at=make.LOADED_AT)

    assert (active.activated_by, active.activated_at) == (another, make.LOADED_AT)
    assert ListEdition.objects.in_force(DAY) == active
    assert ListEdition.objects.in_force(date(2024, 5, 31)).label == "2023"
    with pytest.raises(ValidationError, match="active already"):
        services.activate_edition(label=edition.label, by=another)


def test_only_a_steward_loads_and_discards(steward, another):
    officer = people.staff(people.regulator())

    with pytest.raises(PermissionDenied):
        load(officer)
    edition = load(steward)
    with pytest.raises(PermissionDenied):
        services.discard_edition(label=edition.label, by=officer)
    services.discard_edition(label=edition.label, by=steward)

    assert not ListEdition.objects.filter(label=edition.label).exists()
    assert load(another).loaded_by == another


def test_an_active_edition_is_never_discarded(steward):
    with pytest.raises(ValidationError, match="a mistake is a new edition"):
        services.discard_edition(label="2023", by=steward)


def placed(agency, reference, *, residence="Kenya", recruited_on, started_on):
    row = placements.row(
        reference=reference,
        residence=residence,
        training=residence,
        source=residence,
        recruited_on=recruited_on,
        started_on=started_on,
    )
    placements.applied(agency, [row])
    return Placement.objects.get(agency=agency, reference=reference)


@pytest.fixture
def four_placements(db):
    agency = people.agency()
    return {
        "from its day on": placed(agency, "A", recruited_on="2024-06-01", started_on="2024-09-01"),
        "before and started after": placed(
            agency, "B", recruited_on="2024-05-31", started_on="2024-06-01"
        ),
        "before": placed(agency, "C", recruited_on="2024-01-01", started_on="2024-05-31"),
        "elsewhere": placed(
            agency,
            "D",
            residence="Philippines",
            recruited_on="2024-07-01",
            started_on="2024-09-01",
        ),
    }


def test_the_preview_counts_whom_an_edition_touches(steward, four_placements):
    edition = load(steward)

    changes = difference_between(edition_before(edition), edition)

    assert (changes.added, "KEN" in changes.changed, len(changes.removed)) == (("KEN",), True, 53)
    found = impact_of(edition, on=make.LOADED_AT.date())
    assert (found.judged_by_it, found.placements, found.judged.added_later) == (2, 1, 1)


def test_activating_judges_again_whom_it_touches_and_no_others(
    steward, another, four_placements, django_capture_on_commit_callbacks
):
    load(steward)

    with django_capture_on_commit_callbacks(execute=True):
        services.activate_edition(label="2024x", by=another)

    codes = {
        name: [finding["code"] for finding in Placement.objects.get(pk=each.pk).verdict.findings]
        for name, each in four_placements.items()
    }
    assert "SSL-ACTIVE" in codes["from its day on"]
    assert "SSL-ADDED-LATER" in codes["before and started after"]
    assert "SSL-ACTIVE" not in codes["before and started after"]
    assert not any(code.startswith("SSL-") for code in codes["before"] + codes["elsewhere"])
    assert set(VerdictChange.objects.values_list("reason", flat=True)) == {"edition 2024x"}
    assert ListEdition.objects.get(label="2024x").applied_at is not None


def test_what_a_broker_lost_is_sent_again_and_done_once(steward, another, four_placements):
    load(steward)
    services.activate_edition(label="2024x", by=another)
    assert ListEdition.objects.get(label="2024x").applied_at is None

    services.send_waiting_editions()

    changes = VerdictChange.objects.count()
    assert (changes > 0, services.apply_edition(label="2024x")) == (True, 0)
    assert VerdictChange.objects.count() == changes


def test_a_difference_by_country():
    old, new = (ListEdition.objects.get(label=label) for label in ("2020", "2023"))

    assert difference_between(old, new) == Difference(
        added=("COM", "LAO", "RWA", "TLS", "TUV", "WSM", "ZMB", "ZWE"),
        removed=(),
        carried=tuple(sorted(old.entries.values_list("country", flat=True))),
    )


def test_the_command_loads_an_edition_that_waits(tmp_path, steward, capsys):
    file = tmp_path / "list.csv"
    file.write_text(FILE, encoding="utf-8")
    described = [
        "--label=2024x",
        "--published-on=2024-06-01",
        "--valid-from=2024-06-01",
        "--countries=3",
        f"--by={steward.email}",
    ]

    call_command("load_edition", str(file), *described)

    printed = capsys.readouterr().out.splitlines()
    assert printed[:2] == [
        "loaded, not active: edition 2024x, in force from 2024-06-01",
        "adds 1: KEN",
    ]
    assert printed[-1] == (
        "placements from its day on: 0, 0 of them from countries it adds or leaves out"
    )
    assert ListEdition.objects.get(label="2024x").loaded_by == steward
    with pytest.raises(CommandError, match="The edition 2024x is kept already"):
        call_command("load_edition", str(file), *described)
    with pytest.raises(CommandError, match="Nobody is known"):
        call_command("load_edition", str(file), *described[:-1], "--by=nobody@example.org")


def test_the_command_reads_all_of_an_edition_from_yaml(tmp_path, capsys):
    file = tmp_path / "list.yaml"
    file.write_text(
        "label: 2024x\ntitle: Example list\npublished_on: 2024-06-01\nvalid_from: 2024-06-01\n"
        "source: invented for a test\nentries: [GHA, KEN]\n",
        encoding="utf-8",
    )

    call_command("load_edition", str(file))

    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "loaded, not active: edition 2024x, in force from 2024-06-01"
    sheet = tmp_path / "list.csv"
    sheet.write_text("country\nGHA\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Say the label: a CSV file holds the countries only"):
        call_command("load_edition", str(sheet))
