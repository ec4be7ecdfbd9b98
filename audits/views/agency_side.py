"""The agency's side of its audits: what is asked of it, by when, and what was decided."""

from django.db.models import Count, Min, Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agencies.models import Agency
from audits.enums import AuditState, CorrectionState
from audits.models import Audit, Decision
from audits.scopes import words_of

REPORTED = (AuditState.REPORTED, AuditState.FOLLOW_UP, AuditState.CLOSED)


@require_GET
def for_agency(request, number):
    agency = _own(request.user, number)
    asked = Q(findings__withdrawn_at=None, findings__corrections__state=CorrectionState.REQUESTED)
    audits = (
        Audit.objects.of_auditee(request.user)
        .filter(agency=agency)
        .annotate(
            finding_count=Count("findings", filter=Q(findings__withdrawn_at=None), distinct=True),
            next_due_on=Min("findings__corrections__due_on", filter=asked),
        )
        .order_by("-opened_at")
    )
    return render(request, "audits/for_agency.html", {"agency": agency, "audits": audits})


@require_GET
def agency_audit(request, number, audit_number):
    """One audit as the agency sees it; notes of the auditors only once they are reported."""
    agency = _own(request.user, number)
    audits = Audit.objects.of_auditee(request.user).select_related("agency", "regulator")
    audit = get_object_or_404(audits, agency=agency, number=audit_number)
    reported = audit.state in REPORTED
    draw = getattr(audit, "sample", None)
    return render(
        request,
        "audits/agency_audit.html",
        {
            "agency": agency,
            "audit": audit,
            "reported": reported,
            "today": timezone.localdate(),
            "scopes": words_of(audit),
            "sample": draw,
            "placements": draw.placements.select_related("placement") if draw else [],
            "checklist": audit.checklist.select_related("requirement").order_by(
                "requirement__position"
            )
            if reported
            else [],
            "findings": audit.findings.select_related("requirement").prefetch_related(
                "corrections"
            ),
            "report": getattr(audit, "report", None) if reported else None,
            "addenda": audit.report.addenda.filter(issued_at__isnull=False)
            if hasattr(audit, "report")
            else [],
            "decisions": Decision.objects.visible_to(request.user)
            .filter(audit=audit)
            .select_related("appeal"),
        },
    )


def _own(user, number):
    return get_object_or_404(Agency.objects.acted_for_by(user), register_number=number)
