"""What was confirmed and is not in force goes by two people, and every verdict is as it was."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from agencies import journal
from agencies.enums import RegulatorRole
from attestations.crosscheck.engine import load_lists
from attestations.crosscheck.services import judge
from attestations.enums import RevisionKind
from attestations.models import Agreement, Placement, Revision
from attestations.safeguards.invariants import confirmed_revisions_have_their_rows
from attestations.safeguards.revisions import rolling_back, services
from tests.attestations.safeguards import test_national_versions as national
from tests.attestations.safeguards.rollbacks import REASON, rolled_back
from tests.factories import agencies as people
from tests.factories import attestations as make
from tests.factories import placements

pytestmark = pytest.mark.usefixtures("reference")

TODAY = date(2026, 11, 22)
DAY = date(2027, 1, 1)
OPEN = {"valid_from": "2027-01-01", "valid_until": None}
ROWS = {
    RevisionKind.AGREEMENT: OPEN
    | {
        "reference": "NGA-IRL",
        "title": "Example agreement",
        "source_country_id": "NGA",
        "destination_country_id": "IRL",
        "occupations": ["2221"],
        "agencies_may_act": True,
        "health_ministry_takes_part": True,
        "quota": 1,
        "document": "invented for a test",
    },
    RevisionKind.COMMUNICATION: OPEN
    | {
        "country_id": "NGA",
        "kind": "willing",
        "occupations": ["2221"],
        "document": "invented for a test",
    },
    RevisionKind.EMERGENCY: OPEN
    | {"country_id": "PHL", "title": "Example storm", "source": "invented for a test"},
    RevisionKind.REQUIREMENT: OPEN
    | {"country_id": "IRL", "side": "destination", "source": "invented for a test"},
}


@pytest.fixture
def steward(db):
    return people.staff(people.regulator(), RegulatorRole.DATA_STEWARD)


@pytest.fixture
def another(db):
    return people.staff(people.regulator(country="IND"), RegulatorRole.DATA_STEWARD)


@pytest.fixture
def placed(db):
    """Before, on and after the day, of each corridor that a row of these is about."""
    agency = people.agency()
    for residence in ("NGA", "PHL", "AFG"):
        for destination in ("IRL", "GBR"):
            for recruited in (None, DAY - timedelta(days=1), DAY, DAY + timedelta(days=40)):
                for started in (None, DAY + timedelta(days=60)):
                    placements.placement(
                        agency,
                        residence=residence,
                        training=residence,
                        source=residence,
                        destination=destination,
                        recruited_on=recruited,
                        started_on=started,
                        agreement_cited="NGA-IRL" if residence == "NGA" else "",
                        judged=False,
                    )
    judge(Placement.objects.all(), reason="import")


def verdicts():
    """The digest of every verdict, which names facts, rules, lists and findings."""
    return dict(Placement.objects.values_list("pk", "verdict__digest"))


def findings():
    return {
        pk: (digest, outcome)
        for pk, digest, outcome in Placement.objects.values_list(
            "pk", "verdict__facts_digest", "verdict__outcome"
        )
    }


def new_rows(kind):
    def record(steward):
        return services.record_rows(kind=kind, rows=[ROWS[kind]], by=steward, at=make.LOADED_AT)

    return record


def an_ending(steward):
    row = make.communication("NGA", valid_from=date(2020, 1, 1))
    judge(Placement.objects.all(), reason="lists changed")
    return services.record_ending(
        kind=RevisionKind.COMMUNICATION,
        row_id=row.pk,
        ends_on=DAY - timedelta(days=1),
        document="invented for a test",
        by=steward,
        on=TODAY,
    )


def a_version(steward):
    rows = [*national.kept_rows(), national.graded("PHL", "red", "2027-01-01")]
    return national.version(steward, rows)


ACTS = {
    **{f"a new {kind}": new_rows(kind) for kind in ROWS},
    "an end": an_ending,
    "a version of a national list": a_version,
}


@pytest.mark.slow
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_every_verdict_is_restored(
    steward, another, placed, act, django_capture_on_commit_callbacks
):
    revision = act(steward)
    before, lists, found = verdicts(), load_lists().digest, findings()
    with django_capture_on_commit_callbacks(execute=True):
        services.confirm_revision(revision_id=revision.pk, by=another)
    between = findings()

    with django_capture_on_commit_callbacks(execute=True):
        rolled_back(revision, asks=steward, confirms=another, on=TODAY)

    assert between != found
    assert (findings(), load_lists().digest) == (found, lists)
    assert verdicts() == before
    assert list(confirmed_revisions_have_their_rows()) == []
    assert list(Revision.objects.unjudged()) == []


def confirmed(steward, another, kind=RevisionKind.AGREEMENT, **changes):
    rows = [ROWS[kind] | changes]
    revision = services.record_rows(kind=kind, rows=rows, by=steward, at=make.LOADED_AT)
    return services.confirm_revision(revision_id=revision.pk, by=another)


def test_each_step_is_an_act_of_its_own(steward, another):
    revision = confirmed(steward, another)

    rolled_back(revision, asks=another, confirms=steward, on=TODAY)

    revision.refresh_from_db()
    assert [entry.verb for entry in journal.history_of(revision)] == [
        "revision.recorded",
        "revision.confirmed",
        "revision.rollback_asked",
        "revision.rolled_back",
    ]
    assert (revision.undone_by, revision.rollback_asked_by, revision.rollback_reason) == (
        steward,
        another,
        REASON,
    )
    assert Agreement.objects.count() == 0


def test_it_takes_two_stewards_and_either_may_leave_it(steward, another):
    revision = confirmed(steward, another)
    nobody = people.staff(people.regulator(), RegulatorRole.ADMIN)

    with pytest.raises(PermissionDenied):
        rolling_back.ask_rollback(revision_id=revision.pk, reason="x", by=nobody, on=TODAY)
    with pytest.raises(ValidationError, match="Say why"):
        rolling_back.ask_rollback(revision_id=revision.pk, reason=" \n", by=steward, on=TODAY)
    with pytest.raises(ValidationError, match="Nobody has asked"):
        rolling_back.confirm_rollback(revision_id=revision.pk, by=another, on=TODAY)
    rolling_back.ask_rollback(revision_id=revision.pk, reason="x", by=steward, on=TODAY)
    with pytest.raises(ValidationError, match="asked for this already"):
        rolling_back.ask_rollback(revision_id=revision.pk, reason="y", by=another, on=TODAY)
    for person in (steward, nobody):
        with pytest.raises(PermissionDenied):
            rolling_back.confirm_rollback(revision_id=revision.pk, by=person, on=TODAY)
    rolling_back.drop_rollback(revision_id=revision.pk, by=another)
    with pytest.raises(ValidationError, match="Nobody has asked"):
        rolling_back.drop_rollback(revision_id=revision.pk, by=another)

    revision.refresh_from_db()
    assert (revision.stands, revision.rollback_reason) == (True, "")
    assert Agreement.objects.count() == 1


def test_what_is_in_force_is_never_taken_back(steward, another):
    """Not even where somebody asked the day before."""
    revision = confirmed(steward, another)

    with pytest.raises(ValidationError, match="never taken back"):
        rolling_back.ask_rollback(revision_id=revision.pk, reason="x", by=steward, on=DAY)
    rolling_back.ask_rollback(revision_id=revision.pk, reason="x", by=steward, on=TODAY)
    with pytest.raises(ValidationError, match="never taken back"):
        rolling_back.confirm_rollback(revision_id=revision.pk, by=another, on=DAY)

    assert Agreement.objects.confirmed().count() == 1


def test_what_waits_is_discarded_and_not_rolled_back(steward, another):
    revision = new_rows(RevisionKind.AGREEMENT)(steward)

    with pytest.raises(ValidationError, match="discard it instead"):
        rolling_back.ask_rollback(revision_id=revision.pk, reason="x", by=steward, on=TODAY)
    services.confirm_revision(revision_id=revision.pk, by=another)
    with pytest.raises(ValidationError, match="two people can roll it back"):
        services.discard_revision(revision_id=revision.pk, by=steward)


def test_what_ends_already_is_not_rolled_back_before_its_end(steward, another):
    revision = confirmed(steward, another)
    ending = services.record_ending(
        kind=RevisionKind.AGREEMENT,
        row_id=Agreement.objects.get().pk,
        ends_on=DAY,
        document="invented for a test",
        by=steward,
        on=TODAY,
    )
    services.confirm_revision(revision_id=ending.pk, by=another)

    with pytest.raises(ValidationError, match="roll that back first"):
        rolling_back.ask_rollback(revision_id=revision.pk, reason="x", by=steward, on=TODAY)
    rolled_back(ending, asks=steward, confirms=another, on=TODAY)
    rolled_back(revision, asks=steward, confirms=another, on=TODAY)

    assert Agreement.objects.count() == 0


def test_the_judging_that_had_begun_does_not_count_for_the_lists_of_after(steward, another):
    revision = confirmed(steward, another)
    services.judge_revision(revision_id=revision.pk)

    rolled_back(revision, asks=steward, confirms=another, on=TODAY)

    assert list(Revision.objects.unjudged()) == [revision]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"undone_at": make.LOADED_AT}, id="nobody asked"),
        pytest.param(
            {
                "undone_at": make.LOADED_AT,
                "rollback_asked_at": make.LOADED_AT,
                "rollback_reason": "x",
            },
            id="one person twice",
        ),
        pytest.param({"rollback_asked_at": make.LOADED_AT}, id="no reason"),
    ],
)
def test_the_database_says_so_too(steward, another, changes):
    revision = confirmed(steward, another)
    people_of = {
        "undone_at": "undone_by",
        "rollback_asked_at": "rollback_asked_by",
    }
    by = {people_of[name]: steward for name in changes if name in people_of}

    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(**changes, **by)


@pytest.mark.slow
def test_two_stewards_roll_it_back_on_its_page(client, steward, another):
    revision = confirmed(steward, another, valid_from=str(timezone.localdate() + timedelta(days=9)))
    page = reverse("safeguards:revision", args=(revision.public_id,))
    ask = reverse("safeguards:roll_back_revision", args=(revision.public_id,))
    confirm = reverse("safeguards:confirm_revision_rollback", args=(revision.public_id,))
    client.force_login(steward)

    offered = client.get(page).content.decode()
    form = client.get(ask).content.decode()
    client.post(ask, {"reason": REASON})
    asked = client.get(page).content.decode()
    listed = client.get(reverse("safeguards:waiting"))
    refused = client.post(confirm)
    client.force_login(another)
    seen = client.get(page).content.decode()
    client.post(confirm)
    over = client.get(page).content.decode()

    assert ask in offered
    assert "Roll back “NGA-IRL: Example agreement”" in form
    assert REASON in asked
    assert list(listed.context["waiting"]) == [revision]
    assert "Asked to be rolled back" in listed.content.decode()
    assert confirm not in asked
    assert refused.status_code == 403
    assert confirm in seen
    assert "Why it was rolled back" in over
    assert REASON in over
    revision.refresh_from_db()
    assert revision.was_rolled_back
