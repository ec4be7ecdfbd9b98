"""The regulator's side of an audit: the queue, the plan, the case and what happens to all of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.enums import CASE_ROLES
from agencies.lib.transitions import actions_from
from agencies.models import Agency
from agencies.permissions import holds, regulators_of
from attestations.models import CatalogueEdition
from audits import services
from audits.enums import AuditKind, TeamRole
from audits.filters import AuditFilter
from audits.forms.planning import (
    AgencyNumberForm,
    CancelForm,
    CloseForm,
    PlanForm,
    TeamForm,
    period_before,
)
from audits.history import in_words
from audits.permissions import (
    RUN_CASES,
    can,
    check_can_conclude,
    check_can_correct_report,
    check_can_issue_report,
    check_can_lead,
    check_can_plan,
    check_can_propose,
    check_can_run,
    check_can_work,
)
from audits.queries import history_of_case, queue_of, scopes_of_placements
from audits.scopes import in_words as scope_in_words
from audits.scopes import words_of
from audits.views.acting import by_button, by_form
from audits.views.fetching import case_of
from audits.workflow import AUDIT

A_PAGE = 50

# What the case page offers: the act, who may, its words, its page, and whether a button does it.
OFFERS = (
    ("open", check_can_lead, "Open the audit", "audits:open", True),
    ("change_team", check_can_run, "Change the team", "audits:change_team", False),
    ("draw_sample", check_can_work, "Draw the sample", "audits:draw_sample", False),
    ("raise_finding", check_can_work, "Raise a finding", "audits:raise_finding", False),
    ("conclude", check_can_conclude, "Write the conclusion", "audits:conclude", False),
    ("issue_report", check_can_issue_report, "Issue the report", "audits:issue_report", True),
    ("propose_decision", check_can_propose, "Propose a decision", "audits:propose", False),
    ("correct_report", check_can_correct_report, "Write an addendum", "audits:addendum", False),
    ("close", check_can_lead, "Close the audit", "audits:close", False),
    ("cancel", check_can_run, "Cancel the audit", "audits:cancel", False),
)


@require_GET
def queue(request):
    """The audits a person works through; nobody else has such a page."""
    if not holds(request.user, *CASE_ROLES) and not queue_of(request.user).exists():
        raise Http404
    narrowed = AuditFilter(request.GET, queryset=queue_of(request.user), request=request)
    page = Paginator(narrowed.qs, A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    return render(
        request,
        "audits/queue.html",
        {
            "filter": narrowed,
            "may_plan": holds(request.user, *RUN_CASES),
            "number_form": AgencyNumberForm(),
            "page": page,
            "previous_url": _page_url(asked, page.previous_page_number)
            if page.has_previous()
            else "",
            "next_url": _page_url(asked, page.next_page_number) if page.has_next() else "",
        },
    )


@require_GET
def plan_start(request):
    """From the number of an agency to the plan of its audit."""
    if not holds(request.user, *RUN_CASES):
        raise Http404
    form = AgencyNumberForm(request.GET)
    if not form.is_valid():
        messages.error(request, "Type the register number of the agency to audit.")
        return redirect("audits:list")
    return redirect("audits:plan", form.cleaned_data["number"])


@require_http_methods(["GET", "POST"])
def plan(request, number):
    agency = get_object_or_404(Agency.objects.select_related("regulator"), register_number=number)
    regulator = _planning_regulator(request.user, agency)
    kinds = list(AuditKind) if regulator == agency.regulator else [AuditKind.SPECIAL]
    check_can_plan(request.user, agency, regulator=regulator, kind=kinds[0])
    found = scopes_of_placements(agency, None, None)
    frm, until = period_before(timezone.localdate())
    form = PlanForm(
        request.POST or None,
        agency=agency,
        regulator=regulator,
        kinds=kinds,
        scopes=[(codes, words) for codes, words in zip(found, scope_in_words(found), strict=True)],
        initial={
            "edition": CatalogueEdition.objects.first(),
            "period_from": frm,
            "period_until": until,
            "scopes": [" ".join(codes) for codes in found],
        },
    )
    return by_form(
        request,
        form,
        lambda: services.plan_audit(
            agency_id=agency.pk, regulator=regulator, by=request.user, **form.act()
        ),
        done="The audit is planned and its team is told.",
        back=reverse("audits:list"),
        title="Plan an audit",
        about=str(agency),
        text="Plan the audit",
    )


@require_GET
def detail(request, number):
    """The case: everything about one audit on one page, with what this person can do now."""
    audit = case_of(request.user, number)
    checklist = list(audit.checklist.all())
    return render(
        request,
        "audits/detail.html",
        {
            "audit": audit,
            "offers": _offers(request.user, audit),
            "scopes": words_of(audit),
            "team": audit.team.select_related("user"),
            "sample": getattr(audit, "sample", None),
            "report": getattr(audit, "report", None),
            "addenda": _addenda(audit),
            "assessed": sum(item.result != "not_assessed" for item in checklist),
            "requirements": len(checklist),
            "findings": audit.findings.select_related("requirement").prefetch_related(
                "corrections"
            ),
            "decisions": audit.decisions.select_related("proposed_by", "decided_by", "appeal"),
            "history": in_words(history_of_case(audit)),
        },
    )


@require_http_methods(["GET", "POST"])
def change_team(request, number):
    audit = case_of(request.user, number)
    check_can_run(request.user, audit)
    live = list(audit.team.filter(left_at=None))
    form = TeamForm(
        request.POST or None,
        regulator=audit.regulator,
        audit=audit,
        initial={
            "leader": next((m.user_id for m in live if m.role == TeamRole.LEADER), None),
            "auditors": [m.user_id for m in live if m.role == TeamRole.AUDITOR],
            "experts": [m.user_id for m in live if m.role == TeamRole.TECHNICAL_EXPERT],
            "observers": [m.user_id for m in live if m.role == TeamRole.OBSERVER],
        },
    )
    return by_form(
        request,
        form,
        lambda: services.change_team(audit_id=audit.pk, members=form.members(), by=request.user),
        done="The team is changed.",
        back=reverse("audits:detail", args=(number,)),
        title="Change the team",
        about=str(audit),
        text="Change the team",
    )


@require_POST
def open_case(request, number):
    audit = case_of(request.user, number)
    return by_button(
        request,
        lambda: services.open_audit(audit_id=audit.pk, by=request.user),
        done="The audit is open and the agency is told.",
        back=reverse("audits:detail", args=(number,)),
    )


@require_http_methods(["GET", "POST"])
def cancel(request, number):
    audit = case_of(request.user, number)
    check_can_run(request.user, audit)
    form = CancelForm(request.POST or None)
    return by_form(
        request,
        form,
        lambda: services.cancel_audit(audit_id=audit.pk, by=request.user, **form.cleaned_data),
        done="The audit is cancelled.",
        back=reverse("audits:detail", args=(number,)),
        title="Cancel the audit",
        about=str(audit),
        text="Cancel the audit",
        kind="warning",
    )


@require_http_methods(["GET", "POST"])
def close(request, number):
    audit = case_of(request.user, number)
    check_can_lead(request.user, audit)
    form = CloseForm(request.POST or None)
    return by_form(
        request,
        form,
        lambda: services.close_audit(audit_id=audit.pk, by=request.user, **form.cleaned_data),
        done="The audit is closed.",
        back=reverse("audits:detail", args=(number,)),
        title="Close the audit",
        about=str(audit),
        text="Close the audit",
    )


def _planning_regulator(user, agency):
    """The agency's own regulator, or, for a special audit, that of a corridor it works on."""
    if Agency.objects.visible_to(user).filter(pk=agency.pk).exists():
        return agency.regulator
    places = {place for codes in scopes_of_placements(agency, None, None) for place in codes[:2]}
    regulator = regulators_of(user, *RUN_CASES).filter(country__in=places).first()
    if regulator is None:
        raise Http404
    return regulator


def _offers(user, audit):
    possible = actions_from(AUDIT, audit.state)
    return [
        {"text": text, "href": reverse(page, args=(audit.number,)), "acts": acts}
        for action, check, text, page, acts in OFFERS
        if action in possible
        and not (action == "draw_sample" and hasattr(audit, "sample"))
        and not (action == "issue_report" and not audit.concluded_at)
        and can(check, user, audit)
    ]


def _addenda(audit):
    if not hasattr(audit, "report"):
        return []
    return audit.report.addenda.select_related("proposed_by", "issued_by")


def _page_url(asked, number):
    asked = asked.copy()
    asked["page"] = number()
    return f"?{asked.urlencode()}"
