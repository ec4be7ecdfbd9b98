"""The conclusion and report, the decision and the appeal."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audits import services
from audits.enums import AppealState, DecisionState
from audits.forms.decisions import (
    AddendumForm,
    AppealForm,
    ConclusionForm,
    DeclineForm,
    HearForm,
    ProposeForm,
)
from audits.models import Audit
from audits.permissions import (
    can,
    check_can_conclude,
    check_can_correct_report,
    check_can_decide,
    check_can_hear,
    check_can_lodge,
    check_can_propose,
    why_not,
)
from audits.queries import unresolved_by_grade
from audits.register.comparing import effect_of_decision
from audits.scopes import words_of
from audits.services.decisions import longest_validity, outcomes_open_to
from audits.views.acting import by_button, by_form
from audits.views.fetching import addendum_of, appeal_of, case_of, decision_of


@require_http_methods(["GET", "POST"])
def conclude(request, number):
    audit = case_of(request.user, number)
    check_can_conclude(request.user, audit)
    form = ConclusionForm(
        request.POST or None, initial={"method": audit.method, "conclusion": audit.conclusion}
    )
    return by_form(
        request,
        form,
        lambda: services.conclude_audit(audit_id=audit.pk, by=request.user, **form.cleaned_data),
        done="The conclusion is written. Somebody else now issues the report.",
        back=_case(number),
        title="Write the conclusion",
        about=str(audit),
        text="Keep the conclusion",
    )


@require_POST
def issue_report(request, number):
    audit = case_of(request.user, number)
    return by_button(
        request,
        lambda: services.issue_report(audit_id=audit.pk, by=request.user),
        done="The findings are frozen and the report is being drawn up.",
        back=_case(number),
    )


@require_http_methods(["GET", "POST"])
def addendum(request, number):
    audit = case_of(request.user, number)
    check_can_correct_report(request.user, audit)
    form = AddendumForm(request.POST or None)
    return by_form(
        request,
        form,
        lambda: services.propose_addendum(audit_id=audit.pk, by=request.user, **form.cleaned_data),
        done="The addendum waits for somebody else to issue it.",
        back=_case(number),
        title="Write an addendum to the report",
        about=str(audit),
        text="Keep the addendum",
    )


@require_POST
def issue_addendum(request, number, position):
    found = addendum_of(request.user, number, position)
    return by_button(
        request,
        lambda: services.issue_addendum(addendum_id=found.pk, by=request.user),
        done="The addendum is issued and the agency is told.",
        back=_case(number),
    )


@require_http_methods(["GET", "POST"])
def propose(request, number):
    audit = case_of(request.user, number)
    check_can_propose(request.user, audit)
    today = timezone.localdate()
    form = ProposeForm(
        request.POST or None,
        outcomes=outcomes_open_to(audit),
        initial={"valid_from": today, "valid_until": longest_validity(today)},
    )
    return by_form(
        request,
        form,
        lambda: services.propose_decision(audit_id=audit.pk, by=request.user, **form.act()),
        done="The decision is proposed and the deciders are told.",
        back=_case(number),
        template="audits/propose.html",
        title="Propose a decision",
        about=str(audit),
        text="Propose it",
        unresolved=unresolved_by_grade(audit),
    )


@require_GET
def decision(request, public_id):
    """What was decided, as the public sees it; a proposal likewise, for who decides on it."""
    found = decision_of(request.user, public_id)
    audit = found.audit
    appeal = getattr(found, "appeal", None)
    is_proposed = found.state == DecisionState.PROPOSED
    return render(
        request,
        "audits/decision.html",
        {
            "decision": found,
            "audit": audit,
            "appeal": appeal,
            "is_staff": Audit.objects.of_case_staff(request.user).filter(pk=audit.pk).exists(),
            "scopes": words_of(audit),
            "may_decide": is_proposed and can(check_can_decide, request.user, found),
            "why_not": why_not(check_can_decide, request.user, found) if is_proposed else "",
            "effect": effect_of_decision(found, at=timezone.now()) if is_proposed else None,
            "may_lodge": found.state == DecisionState.DECIDED
            and appeal is None
            and timezone.localdate() <= found.appeal_until
            and can(check_can_lodge, request.user, found),
            "may_hear": appeal is not None
            and appeal.state == AppealState.LODGED
            and can(check_can_hear, request.user, appeal),
        },
    )


@require_POST
def decide(request, public_id):
    found = decision_of(request.user, public_id)
    return by_button(
        request,
        lambda: services.decide(decision_id=found.pk, by=request.user),
        done="The decision is taken and the agency is told.",
        back=_page_of(found),
    )


@require_http_methods(["GET", "POST"])
def decline(request, public_id):
    found = decision_of(request.user, public_id)
    check_can_decide(request.user, found)
    form = DeclineForm(request.POST or None)
    return by_form(
        request,
        form,
        lambda: services.decline_proposal(
            decision_id=found.pk, by=request.user, **form.cleaned_data
        ),
        done="The proposal is not followed and the team is told.",
        back=_page_of(found),
        title="Do not follow the proposal",
        about=str(found.audit),
        text="Do not follow it",
        kind="warning",
    )


@require_http_methods(["GET", "POST"])
def lodge_appeal(request, public_id):
    found = decision_of(request.user, public_id)
    check_can_lodge(request.user, found)
    form = AppealForm(request.POST or None)
    return by_form(
        request,
        form,
        lambda: services.lodge_appeal(decision_id=found.pk, by=request.user, **form.cleaned_data),
        done="Your appeal is lodged and the appeal panel is told.",
        back=_page_of(found),
        title="Appeal against the decision",
        about=str(found.audit),
        text="Lodge the appeal",
    )


@require_http_methods(["GET", "POST"])
def hear_appeal(request, public_id):
    found = appeal_of(request.user, public_id)
    check_can_hear(request.user, found)
    form = HearForm(request.POST or None)
    return by_form(
        request,
        form,
        lambda: services.hear_appeal(appeal_id=found.pk, by=request.user, **form.cleaned_data),
        done="The appeal is answered and the agency is told.",
        back=_page_of(found.decision),
        template="audits/hear_appeal.html",
        title="Answer the appeal",
        about=str(found.decision.audit),
        text="Answer it",
        appeal=found,
    )


def _case(number):
    return reverse("audits:detail", args=(number,))


def _page_of(found):
    return reverse("audits:decision", args=(found.public_id,))
