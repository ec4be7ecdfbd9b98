"""A new version of a destination's list: read beside what is kept, by country and day."""

import csv
import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from agencies.enums import RegulatorRole
from attestations.crosscheck.engine import load_lists
from attestations.invariants import national_lists_unchanged
from attestations.models import NationalGrade, NationalList, Placement, Revision
from attestations.reference import load_reference
from attestations.safeguards.invariants import confirmed_revisions_have_their_rows
from attestations.safeguards.reading import FileRefused
from attestations.safeguards.revisions import queries, services
from attestations.safeguards.revisions.effects import lists_with
from attestations.safeguards.views.agreements import COLUMNS
from tests.attestations.safeguards.rollbacks import rolled_back
from tests.factories import agencies as people
from tests.factories import attestations as make
from tests.factories import placements

pytestmark = pytest.mark.usefixtures("reference")
TODAY = date(2026, 11, 22)


@pytest.fixture
def steward(db):
    return people.staff(people.regulator(), RegulatorRole.DATA_STEWARD)


@pytest.fixture
def another(db):
    return people.staff(people.regulator(country="IND"), RegulatorRole.DATA_STEWARD)


def kept_rows(code="england"):
    rows = NationalGrade.objects.filter(national_list=code).values_list(
        "country", "country__name", *COLUMNS[2:]
    )
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def file_of(rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def graded(country, grade, valid_from, *, earliest_possible="", until=""):
    return {
        "iso3": country,
        "country": "",
        "grade": grade,
        "earliest_possible": earliest_possible or valid_from,
        "valid_from": valid_from,
        "valid_to_exclusive": until,
        "precision": "",
        "source": "invented for a test",
    }


def with_the_philippines_red_and_afghanistan_amber():
    rows = kept_rows()
    for row in rows:
        if row["iso3"] == "AFG" and row["valid_to_exclusive"] is None:
            row["valid_to_exclusive"] = "2027-01-01"
    return [
        *rows,
        graded("AFG", "amber", "2027-01-01"),
        graded("PHL", "red", "2027-02-01", earliest_possible="2027-01-15"),
    ]


def version(by, rows, code="england"):
    return services.record_version(
        code=code, content=file_of(rows), name="list.csv", by=by, at=make.LOADED_AT
    )


def in_short(revision):
    return [
        (str(each["day"]), each["country"], each["before"], each["after"])
        for each in queries.grade_changes(revision)
    ]


def test_the_difference_is_told_by_day_and_country(steward):
    revision = version(steward, with_the_philippines_red_and_afghanistan_amber())

    assert in_short(revision) == [
        ("2027-01-01", "Afghanistan", "Red", "Amber"),
        ("2027-02-01", "Philippines", "", "Red"),
    ]
    assert revision.effective_on == date(2027, 1, 1)
    assert NationalGrade.objects.filter(country="PHL", national_list="england").count() == 0


def test_confirmed_it_is_as_was_foreseen_and_uncertain_days_stay_open(steward, another):
    revision = version(steward, with_the_philippines_red_and_afghanistan_amber())
    foreseen = lists_with(revision, load_lists()).digest

    services.confirm_revision(revision_id=revision.pk, by=another)

    rows = NationalGrade.objects.filter(national_list="england")
    assert load_lists().digest == foreseen
    assert list(national_lists_unchanged()) == []
    assert list(confirmed_revisions_have_their_rows()) == []
    assert list(
        rows.filter(country="AFG").values_list("grade", "valid_from", "valid_to_exclusive")
    ) == [
        ("red", date(2021, 2, 25), date(2027, 1, 1)),
        ("amber", date(2027, 1, 1), None),
    ]
    new = load_lists().england_rows("PHL")[0]
    assert (new.may_hold_on(date(2027, 1, 20)), new.holds_on(date(2027, 1, 20))) == (True, False)


def test_rolled_back_before_its_day_the_list_is_what_it_was(steward, another):
    before = (NationalList.objects.get(pk="england").digest, load_lists().digest, kept_rows())
    revision = version(steward, with_the_philippines_red_and_afghanistan_amber())
    services.confirm_revision(revision_id=revision.pk, by=another)

    rolled_back(revision, asks=another, confirms=steward, on=TODAY)

    after = (NationalList.objects.get(pk="england").digest, load_lists().digest, kept_rows())
    assert after == before
    assert NationalGrade.objects.filter(ending__isnull=False).count() == 0


def test_only_placements_of_its_corridors_are_judged_again(
    steward, another, django_capture_on_commit_callbacks
):
    agency = people.agency()
    late = {"recruited_on": date(2027, 3, 1), "started_on": date(2027, 4, 1)}
    touched = placements.placement(
        agency, reference="A", destination="GBR", destination_part="England", **late
    )
    placements.placement(agency, reference="B", destination="IRL", **late)
    placements.placement(agency, reference="C", destination="GBR", destination_part="England")
    revision = version(steward, with_the_philippines_red_and_afghanistan_amber())
    impact = queries.impact_of(revision)

    with django_capture_on_commit_callbacks(execute=True):
        services.confirm_revision(revision_id=revision.pk, by=another)

    after = Placement.objects.get(pk=touched.pk)
    codes = [finding["code"] for finding in after.verdict.findings]
    assert (impact.placements, impact.judged.other_outcome) == (1, 1)
    assert impact.judged.outcomes[0].after == after.verdict.outcome
    assert "UK-RED" in codes


def without(rows, country):
    return [row for row in rows if row["iso3"] != country]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param(
            lambda rows: without(rows, "AFG"),
            "AFG from 2021-02-25 is kept and is missing",
            id="gone",
        ),
        pytest.param(
            lambda rows: [
                *without(rows, "AFG"),
                graded("AFG", "amber", "2021-02-25"),
            ],
            "What was published stays",
            id="another grade on the same day",
        ),
        pytest.param(
            lambda rows: [*rows, graded("AFG", "amber", "2027-01-01")],
            "AFG would have two grades from 2027-01-01 on",
            id="two grades at once",
        ),
        pytest.param(
            lambda rows: [*rows, graded("PHL", "purple", "2027-01-01")],
            "“purple” is no grade",
            id="no grade",
        ),
        pytest.param(
            lambda rows: [*rows, graded("QQQ", "red", "2027-01-01")],
            "Row 59: “QQQ” is not a country name",
            id="no country",
        ),
        pytest.param(lambda rows: rows, "says nothing that is not kept", id="nothing new"),
    ],
)
def test_a_file_that_alters_what_was_published_is_refused(steward, change, problem):
    with pytest.raises(FileRefused, match=problem):
        version(steward, change(kept_rows()))

    assert not Revision.objects.exists()


def test_two_versions_of_the_same_state_are_not_both_confirmed(steward, another):
    first = version(steward, with_the_philippines_red_and_afghanistan_amber())
    second = version(another, [*kept_rows(), graded("PHL", "red", "2027-03-01")])
    services.confirm_revision(revision_id=first.pk, by=another)

    with pytest.raises(ValidationError, match="has changed since"):
        services.confirm_revision(revision_id=second.pk, by=steward)

    second.refresh_from_db()
    assert second.waits


def test_a_later_version_is_rolled_back_first(steward, another):
    first = version(steward, with_the_philippines_red_and_afghanistan_amber())
    services.confirm_revision(revision_id=first.pk, by=another)
    later = version(steward, [*kept_rows(), graded("IRL", "amber", "2027-05-01")])
    services.confirm_revision(revision_id=later.pk, by=another)

    with pytest.raises(ValidationError, match="roll that back first"):
        rolled_back(first, asks=another, confirms=steward, on=TODAY)

    rolled_back(later, asks=another, confirms=steward, on=TODAY)
    rolled_back(first, asks=another, confirms=steward, on=TODAY)


@pytest.mark.slow
def test_loading_the_reference_files_again_leaves_a_new_version_alone(steward, another):
    revision = version(steward, with_the_philippines_red_and_afghanistan_amber())
    services.confirm_revision(revision_id=revision.pk, by=another)
    before = kept_rows()

    load_reference(at=make.LOADED_AT)

    assert kept_rows() == before
