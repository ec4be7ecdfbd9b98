"""What a draft would change among very many placements: judged by a worker, kept beside the draft.

A page never waits for it. Each step is kept with the claim, so that whoever takes over from a dead
worker goes on behind it, if the lists are still those by which was judged; else from the beginning.
"""

from datetime import datetime, timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from attestations.safeguards import impact
from attestations.safeguards.models import ListEdition, Reckoning
from attestations.safeguards.permissions import check_can_load
from attestations.safeguards.revisions import queries as revisions
from attestations.safeguards.tasks import reckon_impact as send_reckon_impact
from attestations.safeguards.would_be import MOST_JUDGED, Judged, Question, Tally, WouldBe

# a step takes a second or two; after this nobody is at it any more
LEASE = timedelta(minutes=2)
MOST_SENT_AGAIN = 100


def waits(draft) -> bool:
    """Whether an edition or a revision is still a draft that somebody may read about."""
    return draft.activated_at is None if isinstance(draft, ListEdition) else draft.waits


def question_of(draft) -> Question:
    of_its_kind = impact if isinstance(draft, ListEdition) else revisions
    return of_its_kind.question_of(draft)


def of_draft(draft) -> Reckoning | None:
    return Reckoning.objects.filter(**_named(draft)).first()


def found_by(reckoning: Reckoning, since=None) -> Judged:
    """What was counted so far; all of it once it is finished."""
    return Tally.from_data(reckoning.counted, since).judged()


def reckon_if_many(draft, *, at: datetime) -> None:
    """When a draft is made: where a page could not judge whom it touches, a worker does."""
    if question_of(draft).placements.count() > MOST_JUDGED:
        _begin(draft, at)


@transaction.atomic
def ask_again(draft, *, by, at=None) -> Reckoning:
    """Have it worked out from the beginning, by the lists and placements of now."""
    check_can_load(by)
    if not waits(draft):
        raise ValidationError("This waits no longer: whom it touches is judged by it.")
    reckoning = of_draft(draft)
    at = at or timezone.now()
    if reckoning and not reckoning.finished_at and not _is_abandoned(reckoning, at):
        return reckoning
    return _begin(draft, at)


def drop(draft) -> None:
    """With the draft goes what was worked out for it."""
    Reckoning.objects.filter(**_named(draft)).delete()


def reckon(*, reckoning_id: int) -> None:
    """Claim it and judge in memory, step by step; does nothing for whoever comes second."""
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    mine = Reckoning.objects.unfinished().filter(pk=reckoning_id)
    if not mine.filter(free).update(claimed_at=now):
        return
    reckoning = Reckoning.objects.select_related("edition", "revision").get(pk=reckoning_id)
    draft = reckoning.edition or reckoning.revision
    if not waits(draft):
        mine.filter(claimed_at=now).delete()
        return
    question = question_of(draft)
    if reckoning.lists_digest != question.lists.digest:
        reckoning.as_of, reckoning.lists_digest = now, question.lists.digest
        reckoning.last_key = reckoning.placements_done = 0
        reckoning.counted = {}
        reckoning.placements_total = question.placements.count()
    tally = Tally.from_data(reckoning.counted, question.since)
    steps = WouldBe(question.lists).tallied(question.placements, tally, after=reckoning.last_key)
    for last_key, many in steps:
        reckoning.last_key = last_key
        reckoning.placements_done += many
        if not _keep(reckoning, tally):
            return
    _keep(reckoning, tally, finished_at=timezone.now())


def send_waiting_reckonings(*, at: datetime) -> None:
    """Send again what a broker lost, or a dead worker left."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - LEASE)
    waiting = Reckoning.objects.unfinished().filter(free).order_by("asked_at")
    for pk in waiting.values_list("pk", flat=True)[:MOST_SENT_AGAIN]:
        send_reckon_impact.delay(reckoning_id=pk)


def _begin(draft, at) -> Reckoning:
    fresh = dict.fromkeys(("claimed_at", "as_of", "finished_at"))
    reckoning, _ = Reckoning.objects.update_or_create(
        **_named(draft),
        defaults={
            **fresh,
            "asked_at": at,
            "lists_digest": "",
            "last_key": 0,
            "placements_done": 0,
            "placements_total": 0,
            "counted": {},
        },
    )
    transaction.on_commit(partial(send_reckon_impact.delay, reckoning_id=reckoning.pk), robust=True)
    return reckoning


def _keep(reckoning, tally, *, finished_at=None) -> bool:
    """Store a step under the claim, and renew it; False where somebody else took it over."""
    now = timezone.now()
    kept = Reckoning.objects.unfinished().filter(
        pk=reckoning.pk, claimed_at=reckoning.claimed_at, asked_at=reckoning.asked_at
    )
    done = reckoning.placements_done
    updated = kept.update(
        claimed_at=now,
        as_of=reckoning.as_of,
        lists_digest=reckoning.lists_digest,
        last_key=reckoning.last_key,
        placements_done=done,
        # some may have come since they were counted
        placements_total=max(done, reckoning.placements_total),
        counted=tally.as_data(),
        finished_at=finished_at,
    )
    reckoning.claimed_at = now
    return bool(updated)


def _is_abandoned(reckoning, at) -> bool:
    return (reckoning.claimed_at or reckoning.asked_at) < at - LEASE


def _named(draft):
    return {"edition" if isinstance(draft, ListEdition) else "revision": draft}
