"""The risk of agencies from what is on record, many at once in a handful of queries."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count
from django.utils.translation import gettext_lazy, ngettext_lazy

from audits.cases.risk import Level, Reason, Risk, Standing, risk_of
from audits.certificates.models import Certificate, StatusChange
from audits.enums import CorrectionState, DecisionOutcome, FindingGrade, StatusKind, StatusState
from audits.models import CorrectiveAction, Decision, Finding

LEVELS = {
    Level.HIGH: (gettext_lazy("High"), "red"),
    Level.RAISED: (gettext_lazy("Raised"), "orange"),
    Level.USUAL: (gettext_lazy("Usual"), "grey"),
}


def risks_of(agencies: Iterable[int], today) -> dict[int, Risk]:
    """The risk of each agency by its key; the number of queries does not grow with them."""
    keys = sorted(set(agencies))
    if not keys:
        return {}
    counts = _counts(keys, today)
    return {
        key: risk_of(Standing(**{name: counted[key] for name, counted in counts.items()}))
        for key in keys
    }


def _counts(keys, today) -> dict[str, Counter[int]]:
    open_findings = Finding.objects.unresolved().filter(audit__agency__in=keys)
    changes = StatusChange.objects.filter(certificate__agency__in=keys, state=StatusState.CONFIRMED)
    return {
        "critical_findings": _by(
            open_findings.filter(grade=FindingGrade.CRITICAL), "audit__agency"
        ),
        "major_findings": _by(open_findings.filter(grade=FindingGrade.MAJOR), "audit__agency"),
        "overdue_corrections": _by(
            CorrectiveAction.objects.filter(
                finding__audit__agency__in=keys,
                state=CorrectionState.REQUESTED,
                due_on__lt=today,
            ),
            "finding__audit__agency",
        ),
        "refusals": _by(
            Decision.objects.filter(
                audit__agency__in=keys,
                outcome=DecisionOutcome.REFUSED,
                decided_at__isnull=False,
                set_aside_at=None,
            ),
            "audit__agency",
        ),
        "suspensions": _by(changes.filter(kind=StatusKind.SUSPENSION), "certificate__agency"),
        "withdrawals": _by(changes.filter(kind=StatusKind.WITHDRAWAL), "certificate__agency"),
        "earlier_certificates": _by(Certificate.objects.filter(agency__in=keys), "agency"),
    }


def _by(rows, path) -> Counter[int]:
    return Counter(dict(rows.order_by().values_list(path).annotate(Count("pk"))))


SENTENCES = {
    "critical_findings": ngettext_lazy(
        "%(count)d critical finding is not corrected.",
        "%(count)d critical findings are not corrected.",
        "count",
    ),
    "major_findings": ngettext_lazy(
        "%(count)d major finding is not corrected.",
        "%(count)d major findings are not corrected.",
        "count",
    ),
    "overdue_corrections": ngettext_lazy(
        "%(count)d corrective action is overdue.",
        "%(count)d corrective actions are overdue.",
        "count",
    ),
    "refusals": ngettext_lazy(
        "A certificate was refused %(count)d time.",
        "A certificate was refused %(count)d times.",
        "count",
    ),
    "suspensions": ngettext_lazy(
        "A certificate was suspended %(count)d time.",
        "A certificate was suspended %(count)d times.",
        "count",
    ),
    "withdrawals": ngettext_lazy(
        "A certificate was withdrawn %(count)d time.",
        "A certificate was withdrawn %(count)d times.",
        "count",
    ),
}
NEVER_CERTIFIED = gettext_lazy("The agency has not been certified before.")


def in_words(reason: Reason) -> str:
    """The reason as a sentence with its number."""
    if reason.code == "never_certified":
        return str(NEVER_CERTIFIED)
    return SENTENCES[reason.code] % {"count": reason.count}
