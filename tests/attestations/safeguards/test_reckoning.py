"""What very many placements would become is worked out by a worker, step by step, and kept."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from agencies.enums import RegulatorRole
from attestations.crosscheck.services import judge
from attestations.enums import RevisionKind
from attestations.models import ListEdition, Placement, Reckoning, Revision, Verdict
from attestations.safeguards import reckoning, would_be
from attestations.safeguards import services as editions
from attestations.safeguards.revisions import services as revisions
from attestations.safeguards.would_be import Judged, OutcomeChange, answer_at_once
from tests.factories import agencies as people
from tests.factories import attestations as make
from tests.factories import placements

pytestmark = [pytest.mark.usefixtures("reference"), pytest.mark.slow]

DAY = date(2027, 3, 1)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MANY = 11


@pytest.fixture
def stewards(db):
    return [people.staff(people.regulator(), RegulatorRole.DATA_STEWARD) for _ in range(2)]


@pytest.fixture
def too_many(monkeypatch):
    """More than three are too many for a page, and a worker takes four at a time."""
    monkeypatch.setattr(would_be, "MOST_JUDGED", 3)
    monkeypatch.setattr(reckoning, "MOST_JUDGED", 3)
    monkeypatch.setattr(would_be, "CHUNK", 4)


@pytest.fixture
def placed(db):
    """Of two agencies, around the day, some with a place of an agreement that has but two."""
    make.agreement("EX-Q", source="KEN", destination="IRL", quota=2, valid_from=date(2026, 1, 1))
    agencies = [people.agency(), people.agency()]
    for at in range(MANY):
        placements.placement(
            agencies[at % 2],
            residence="KEN",
            training="KEN",
            source="KEN",
            recruited_on=DAY + timedelta(days=at - 2),
            started_on=DAY + timedelta(days=at + 50),
            agreement_cited="EX-Q" if at % 3 else "",
            judged=False,
        )
    judge(Placement.objects.all(), reason="made")


def an_edition(stewards):
    editions.load_edition(
        content=b"country\nKenya\n",
        name="list.csv",
        label="2027",
        title="Example list",
        published_on=DAY,
        valid_from=DAY,
        source="invented for a test",
        by=stewards[0],
        at=NOW,
    )
    return ListEdition.objects.get(label="2027")


def a_revision(stewards):
    row = {
        "country_id": "KEN",
        "title": "Example storm",
        "valid_from": "2027-03-01",
        "valid_until": None,
        "source": "invented for a test",
    }
    return revisions.record_rows(kind=RevisionKind.EMERGENCY, rows=[row], by=stewards[0], at=NOW)


DRAFTS = pytest.mark.parametrize(
    "draft_by", [pytest.param(an_edition, id="edition"), pytest.param(a_revision, id="revision")]
)


def at_once(draft, monkeypatch):
    """What a page would say if there were not too many."""
    with monkeypatch.context() as patch:
        patch.setattr(would_be, "MOST_JUDGED", 1_000)
        return answer_at_once(reckoning.question_of(draft))


def worked_out(draft):
    found = reckoning.of_draft(draft)
    return reckoning.found_by(found)


@DRAFTS
def test_a_worker_finds_what_a_page_would_have_found(
    stewards, placed, too_many, draft_by, monkeypatch, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        draft = draft_by(stewards)

    found = reckoning.of_draft(draft)
    expected = at_once(draft, monkeypatch)
    assert answer_at_once(reckoning.question_of(draft)) is None
    assert worked_out(draft) == expected
    assert expected.other_findings > 0
    assert found.placements_done == found.placements_total > 3
    assert found.as_of <= found.finished_at
    assert not Verdict.objects.filter(edition_label="2027").exists()


def test_what_a_worker_foretold_is_what_activating_does(
    stewards, placed, too_many, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        edition = an_edition(stewards)
    before = dict(Placement.objects.values_list("pk", "verdict__outcome"))
    foretold = worked_out(edition)

    editions.activate_edition(label="2027", by=stewards[1], at=NOW)
    editions.apply_edition(label="2027")

    days = dict(Placement.objects.values_list("pk", "recruited_on"))
    after = dict(Placement.objects.values_list("pk", "verdict__outcome"))
    pairs = [(before[pk], after[pk]) for pk in before if days[pk] >= DAY]
    changed = sorted({pair for pair in pairs if pair[0] != pair[1]})
    assert foretold.outcomes == tuple(OutcomeChange(*pair, pairs.count(pair)) for pair in changed)
    assert changed


@DRAFTS
def test_few_are_judged_for_the_page_and_no_worker_is_asked(stewards, placed, draft_by):
    draft = draft_by(stewards)

    assert reckoning.of_draft(draft) is None
    assert answer_at_once(reckoning.question_of(draft)) is not None


class Killed(BaseException):
    """The worker dies in the middle of a step."""


def dies_after(steps):
    adds = would_be.Tally.add
    left = [steps * 4 + 1]

    def add(*said):
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        adds(*said)

    patch = pytest.MonkeyPatch()
    patch.setattr(would_be.Tally, "add", add)
    return patch


@DRAFTS
@pytest.mark.parametrize("steps", [0, 1, 2])
def test_whoever_takes_over_goes_on_behind_the_last_step(
    stewards, placed, too_many, draft_by, steps, monkeypatch
):
    draft = draft_by(stewards)
    found = reckoning.of_draft(draft)
    dying = dies_after(steps)
    with pytest.raises(Killed):
        reckoning.reckon(reckoning_id=found.pk)
    dying.undo()
    found.refresh_from_db()
    left_at = found.placements_done

    reckoning.reckon(reckoning_id=found.pk)
    held = Reckoning.objects.get().finished_at
    Reckoning.objects.update(claimed_at=timezone.now() - reckoning.LEASE - timedelta(seconds=1))
    reckoning.reckon(reckoning_id=found.pk)

    found.refresh_from_db()
    assert (left_at, held) == (steps * 4, None)
    assert found.finished_at is not None
    assert found.placements_done == found.placements_total
    assert worked_out(draft) == at_once(draft, monkeypatch)


def test_with_other_lists_it_is_begun_anew(stewards, placed, too_many, monkeypatch):
    edition = an_edition(stewards)
    found = reckoning.of_draft(edition)
    dying = dies_after(1)
    with pytest.raises(Killed):
        reckoning.reckon(reckoning_id=found.pk)
    dying.undo()
    make.communication("KEN", valid_from=date(2027, 1, 1))
    Reckoning.objects.update(claimed_at=None)

    reckoning.reckon(reckoning_id=found.pk)

    found.refresh_from_db()
    assert found.placements_done == found.placements_total
    assert worked_out(edition) == at_once(edition, monkeypatch)


def test_what_was_lost_is_sent_again_once(
    stewards, placed, too_many, django_capture_on_commit_callbacks
):
    an_edition(stewards)
    reckoning.send_waiting_reckonings(at=timezone.now())
    first = Reckoning.objects.get()

    reckoning.send_waiting_reckonings(at=timezone.now() + 2 * reckoning.LEASE)

    second = Reckoning.objects.get()
    assert first.finished_at is not None
    assert second.finished_at == first.finished_at


@DRAFTS
def test_it_goes_with_its_draft(stewards, placed, too_many, draft_by):
    draft = draft_by(stewards)
    assert Reckoning.objects.count() == 1

    if draft_by is an_edition:
        editions.discard_edition(label="2027", by=stewards[0])
    else:
        revisions.discard_revision(revision_id=draft.pk, by=stewards[0])

    assert Reckoning.objects.count() == 0


@DRAFTS
def test_nobody_works_on_what_waits_no_longer(stewards, placed, too_many, draft_by):
    draft = draft_by(stewards)
    found = reckoning.of_draft(draft)
    if draft_by is an_edition:
        editions.activate_edition(label="2027", by=stewards[1], at=NOW)
    else:
        revisions.confirm_revision(revision_id=draft.pk, by=stewards[1])

    reckoning.reckon(reckoning_id=found.pk)
    draft.refresh_from_db()

    assert Reckoning.objects.count() == 0
    with pytest.raises(ValidationError, match="waits no longer"):
        reckoning.ask_again(draft, by=stewards[0])


def test_asking_twice_does_not_begin_twice(stewards, placed, too_many):
    edition = an_edition(stewards)
    now = timezone.now()
    first = reckoning.ask_again(edition, by=stewards[0], at=now)
    Reckoning.objects.update(claimed_at=now, placements_done=1, placements_total=9)

    second = reckoning.ask_again(edition, by=stewards[1], at=now)
    later = reckoning.ask_again(edition, by=stewards[1], at=now + 2 * reckoning.LEASE)

    assert (first.pk, second.placements_done, later.placements_done) == (second.pk, 1, 0)
    with pytest.raises(PermissionDenied):
        reckoning.ask_again(edition, by=people.user())


@DRAFTS
def test_the_page_says_how_far_it_is_and_of_when(
    client, stewards, placed, too_many, draft_by, reads_only
):
    draft = draft_by(stewards)
    client.force_login(stewards[0])
    if draft_by is an_edition:
        page, ask = (
            reverse(f"safeguards:{name}", args=("2027",)) for name in ("edition", "reckon_edition")
        )
    else:
        page, ask = (
            reverse(f"safeguards:{name}", args=(draft.public_id,))
            for name in ("revision", "reckon_revision")
        )

    with reads_only():
        waits = client.get(page).content.decode()
    Reckoning.objects.update(placements_done=4, placements_total=9)
    runs = client.get(page).content.decode()
    Reckoning.objects.all().delete()
    nothing = client.get(page).content.decode()
    client.post(ask)
    reckoning.reckon(reckoning_id=Reckoning.objects.get().pk)
    client.get(page)  # takes the message away
    with reads_only():
        done = client.get(page)

    assert "It waits for a worker." in waits
    assert "4 of about 9 placements judged" in runs
    assert "Work out the outcomes" in nothing
    text = " ".join(done.content.decode().split())
    assert "As of " in text
    assert ("Outcomes that would change" in text) is bool(done.context["reckoned"].judged.outcomes)
    assert "Work it out again" in text
    assert isinstance(done.context["reckoned"].judged, Judged)
    assert Revision.objects.filter(confirmed_at__isnull=False).count() == 0
