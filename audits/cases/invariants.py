"""What must never be at the desk, for `manage.py fsck`."""

from django.db.models import Exists, OuterRef, Q

from agencies.enums import CASE_ROLES
from agencies.invariants import invariant
from agencies.models import RegulatorMembership
from audits.cases.models import Case
from audits.cases.rebuilding import differences
from audits.models.audit import WORK_ON_AUDIT, AuditUserObjectPermission


@invariant("The queue of cases is what the journal says.")
def cases_unlike_the_journal():
    yield from differences()


@invariant("An open case is held by somebody who may see it.")
def cases_held_by_strangers():
    of_staff = RegulatorMembership.objects.live().filter(
        user=OuterRef("assignee"), regulator=OuterRef("regulator"), role__in=CASE_ROLES
    )
    named = AuditUserObjectPermission.objects.filter(
        user=OuterRef("assignee"),
        content_object=OuterRef("audit"),
        permission__codename=WORK_ON_AUDIT,
    )
    may_see = (Exists(of_staff) | Exists(named)) & Q(assignee__is_active=True)
    held = Case.objects.open().filter(assignee__isnull=False).exclude(may_see)
    for case in held.order_by("pk"):
        yield f"The case {case.public_id} is held by user {case.assignee_id}, who cannot see it."
