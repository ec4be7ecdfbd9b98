"""Questions about audits that more than one module asks."""

from django.db.models import Count, Q

from agencies.journal import label_of
from agencies.models import JournalEntry
from attestations import occupations
from attestations.placements.queries import corridors, population
from audits.enums import FindingGrade
from audits.models import Appeal, Audit, CorrectiveAction, Decision, Finding, ReportAddendum
from audits.sampling import Member


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


def placements_of(audit):
    """The agency's placements in the period and scope of the audit."""
    scopes = list(audit.scopes.values_list("source", "destination", "occupation_group"))
    return population(audit.agency, audit.period_from, audit.period_until, scopes)


def population_of(audit) -> dict[int, Member]:
    """Each placement of the population by its key, as it stands now."""
    rows = placements_of(audit).values_list(
        "pk", "reference", "version", "verdict__digest", "verdict__outcome"
    )
    return {
        key: Member(reference, version, verdict or "", outcome or "")
        for key, reference, version, verdict, outcome in rows.iterator()
    }


def scopes_of_placements(agency, frm, until) -> list[tuple[str, str, str]]:
    """The corridors and occupation groups of the agency's placements in a period, in order.

    Only those in health and care: nothing else can be audited against the Code.
    """
    groups = {group.code for group in occupations.groups()}
    found = corridors(population(agency, frm, until))
    return [
        (row.source, row.destination, row.occupation_group)
        for row in found
        if row.occupation_group in groups
    ]
