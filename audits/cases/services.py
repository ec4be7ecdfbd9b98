"""What people do at the desk: take a matter, hand it on, and keep their place in it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import journal
from agencies.models import User
from audits.cases.matters import ASSIGNED
from audits.cases.models import Case, CaseVisit, SavedView
from audits.cases.permissions import check_can_assign, may_see
from audits.impartiality import has_tie

MOST_VIEWS = 20
LONGEST_QUERY = SavedView._meta.get_field("query").max_length


@transaction.atomic
def assign_case(*, case_id, to_id, held_by_id, by) -> None:
    """Give the matter to a person (`to_id`), or back to the team (None).

    `held_by_id` is who held it when the page was read: whoever was quicker is not overruled
    unseen. Somebody with a tie to the agency is given nothing that concerns it.
    """
    # before any row of the queue: every act takes the journal first
    journal.hold()
    case = Case.objects.select_for_update().get(pk=case_id)
    check_can_assign(by, case)
    if case.closed_at:
        raise ValidationError(_("This matter is closed. There is nothing to hand on."))
    if case.assignee_id == to_id:
        return
    if case.assignee_id != held_by_id:
        holder = case.assignee or _("nobody")
        raise ValidationError(
            _("Meanwhile the matter went to %(who)s. Look at it again before you hand it on.")
            % {"who": holder}
        )
    if to_id is not None:
        _check_can_hold(User.objects.get(pk=to_id), case)
    journal.record(ASSIGNED, case, by=by, agency=case.agency, matter=case.subject, to=to_id)


def _check_can_hold(person, case) -> None:
    if not person.is_active or not may_see(person, case):
        raise ValidationError(
            _("%(who)s cannot see this matter, so it cannot be theirs.") % {"who": person}
        )
    if case.agency and has_tie(person, case.agency, at=timezone.now()):
        raise ValidationError(
            _("%(who)s has or had a part in %(agency)s and cannot work on its matters.")
            % {"who": person, "agency": case.agency}
        )


def mark_seen(*, case, position, at, by) -> None:
    """From now on what came up to `position` is not news to this person; it never goes back."""
    visit, is_new = CaseVisit.objects.get_or_create(
        user=by, matter=case.public_id, defaults={"position": position, "seen_at": at}
    )
    if not is_new:
        CaseVisit.objects.filter(pk=visit.pk, position__lt=position).update(
            position=position, seen_at=at
        )


@transaction.atomic
def save_view(*, name, query, at, by) -> SavedView:
    """Keep a way of looking at the queue under a name; the same name is looked at anew."""
    if len(query) > LONGEST_QUERY:
        raise ValidationError(_("This view is too long to keep. Look for fewer letters."))
    User.objects.select_for_update().get(pk=by.pk)
    kept = SavedView.objects.filter(user=by)
    if not kept.filter(name=name).exists() and kept.count() >= MOST_VIEWS:
        raise ValidationError(
            _("You have %(most)d saved views. Remove one that you no longer need.")
            % {"most": MOST_VIEWS}
        )
    view, _is_new = SavedView.objects.update_or_create(
        user=by, name=name, defaults={"query": query, "saved_at": at}
    )
    return view


def remove_view(*, view, by) -> None:
    SavedView.objects.filter(pk=view.pk, user=by).delete()
