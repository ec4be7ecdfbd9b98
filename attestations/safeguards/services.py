"""Keeping the List current: one person loads an edition, another one activates it."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies import journal
from attestations.crosscheck.services import rejudge_edition
from attestations.placements.models import Placement, VerdictChange
from attestations.safeguards import reckoning
from attestations.safeguards.edition_files import read_edition_file
from attestations.safeguards.editions import EditionText
from attestations.safeguards.loading import AlreadyPublished, keep_edition
from attestations.safeguards.models import ListEdition
from attestations.safeguards.permissions import check_can_activate, check_can_load
from attestations.safeguards.queries import difference_between, edition_before
from attestations.safeguards.tasks import apply_edition as send_apply_edition


def load_edition(*, content, by=None, at=None, **described) -> ListEdition:
    """An edition from a person's file, kept and not yet active: nothing is judged by it.

    `by` is a data steward; without one it is whoever operates the register, at its command line.
    `described` is what `read_edition_file` takes. FileRefused and AlreadyPublished say what to do.
    """
    if by is not None:
        check_can_load(by)
    text: EditionText = read_edition_file(content, **described)
    at = at or timezone.now()
    with transaction.atomic():
        edition, is_new = keep_edition(text, at=at, by=by)
        if is_new:
            reckoning.reckon_if_many(edition, at=at)
    if not is_new:
        raise AlreadyPublished(f"The edition {text.label}", ["it was loaded before, word for word"])
    return edition


@transaction.atomic
def activate_edition(*, label, by, at=None) -> ListEdition:
    """In force from its day on, by a second person; the placements it touches are judged again."""
    edition = ListEdition.objects.select_for_update().get(label=label)
    check_can_activate(by, edition)
    if edition.activated_at:
        raise ValidationError("This edition is active already.")
    if ListEdition.objects.being_restored().exists():
        raise ValidationError(
            "Placements are still being judged as before an edition that was rolled back. Try "
            "again when that is done."
        )
    edition.activated_at, edition.activated_by = at or timezone.now(), by
    edition.save(update_fields=["activated_at", "activated_by"])
    journal.record("list_edition.activated", edition, by=by, digest=edition.digest)
    transaction.on_commit(partial(send_apply_edition.delay, label=label), robust=True)
    return edition


@transaction.atomic
def discard_edition(*, label, by) -> None:
    """An edition that was loaded wrongly goes before it is active; its digest stays on record."""
    edition = ListEdition.objects.select_for_update().get(label=label)
    check_can_load(by)
    if edition.activated_at:
        raise ValidationError("An active edition stays for ever: a mistake is a new edition.")
    journal.record("list_edition.discarded", edition, by=by, digest=edition.digest)
    reckoning.drop(edition)
    edition.entries.all().delete()
    edition.delete()


def apply_edition(*, label) -> int:
    """Judge again whom an active edition touches, once; how many verdicts changed.

    Begun anew after a crash, it comes to the same: placements judged already keep their verdict.
    """
    edition = ListEdition.objects.active().filter(label=label, applied_at=None).first()
    if edition is None:
        return 0
    reason = f"edition {label}"
    changed = rejudge_edition(
        label=label,
        changed=difference_between(edition_before(edition), edition).changed,
        valid_from=edition.valid_from,
        reason=reason,
    )
    with transaction.atomic():
        mine = ListEdition.objects.filter(label=label, applied_at=None)
        if mine.update(applied_at=timezone.now()):
            # a run that was interrupted before counts as well: it is one act
            history = VerdictChange.objects.filter(
                reason=reason, changed_at__gte=edition.activated_at
            )
            judged_by_it = Placement.objects.standing().filter(verdict__edition_label=label)
            journal.record(
                "list_edition.applied",
                edition,
                by=None,
                digest=edition.digest,
                changed=history.count(),
                judged_by_it=judged_by_it.count(),
            )
    return changed


def send_waiting_editions() -> None:
    """Send again what a broker lost: active editions whose placements were not all judged."""
    for label in (
        ListEdition.objects.active().filter(applied_at=None).values_list("label", flat=True)
    ):
        send_apply_edition.delay(label=label)
