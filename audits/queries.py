"""Questions about audits that more than one module asks."""

from django.db.models import Count, Q

from agencies.journal import label_of
from agencies.models import JournalEntry
from audits.enums import FindingGrade
from audits.models import Appeal, Audit, CorrectiveAction, Decision, Finding, ReportAddendum


def unresolved_by_grade(audit) -> dict[str, int]:
    """How many standing findings of each grade still want a verified correction."""
    unresolved = audit.findings.unresolved().order_by()
    counts = dict(unresolved.values_list("grade").annotate(Count("pk")))
    return {grade: counts[grade] for grade in FindingGrade.values if grade in counts}


def history_of_case(audit):
    """Every journal entry about the audit and whatever hangs on it, oldest first."""
    labels = [label_of(audit)]
    parts = (
        (Finding, Q(audit=audit)),
        (CorrectiveAction, Q(finding__audit=audit)),
        (Decision, Q(audit=audit)),
        (Appeal, Q(decision__audit=audit)),
        (ReportAddendum, Q(report__audit=audit)),
    )
    for model, of_audit in parts:
        keys = model.objects.filter(of_audit).values_list("pk", flat=True)
        labels += [f"{model._meta.label_lower}:{pk}" for pk in keys]
    return JournalEntry.objects.filter(subject__in=labels).order_by("position")


def queue_of(user):
    """The audits a person works through, with what the list shows of each."""
    return (
        Audit.objects.of_case_staff(user)
        .select_related("agency", "regulator")
        .annotate(
            finding_count=Count("findings", filter=Q(findings__withdrawn_at=None), distinct=True)
        )
        .order_by("-planned_at", "-pk")
    )
