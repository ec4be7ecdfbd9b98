"""Judges again whoever rests on something that the journal says has changed.

The room below writes licences, authorizations and memberships and knows nothing of placements; it
says so in the journal, and this reads it. Acts that judge again by themselves (a suspension, an
edition that comes into force) lose nothing by it: the same facts give the same verdict.
"""

from django.db import transaction
from django.db.models import Max, Q

from agencies.models import Agency, JournalEntry
from attestations.crosscheck.models import CaughtUp
from attestations.crosscheck.services import rejudge_agency, rejudge_all
from attestations.placements.models import Placement

# what an agency holds, and what bites its certificate, by the first word of the verb
OF_AN_AGENCY = ("authorization.", "scheme_membership.", "restriction.")
# what everybody is judged by
OF_EVERYBODY = ("edition.", "agreement.", "communication.", "emergency.", "requirement.", "lists.")


@transaction.atomic
def catch_up() -> int:
    """Judge what changed since the last time; how many verdicts changed."""
    CaughtUp.objects.get_or_create(pk=1)
    row = CaughtUp.objects.select_for_update().get(pk=1)
    since = JournalEntry.objects.filter(position__gt=row.position)
    last = since.aggregate(last=Max("position"))["last"]
    if last is None:
        return 0
    since = since.filter(position__lte=last)
    changed = 0
    if since.filter(_any_of(OF_EVERYBODY)).exists():
        changed = rejudge_all(reason="lists changed")
    else:
        numbers = since.filter(_any_of(OF_AN_AGENCY)).values("agency_number")
        with_placements = Placement.objects.order_by().values("agency")
        for agency in Agency.objects.filter(register_number__in=numbers, pk__in=with_placements):
            changed += rejudge_agency(agency_id=agency.pk, reason="agency changed")
    row.position = last
    row.save(update_fields=["position"])
    return changed


def _any_of(beginnings: tuple[str, ...]) -> Q:
    condition = Q()
    for beginning in beginnings:
        condition |= Q(verb__startswith=beginning)
    return condition
