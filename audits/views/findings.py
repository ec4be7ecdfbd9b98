"""A finding, what the agency says to it, and how it is corrected: one page for both sides."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audits import services
from audits.enums import CorrectionState, FindingGrade
from audits.forms.findings import (
    CorrectionForm,
    FindingForm,
    RejectForm,
    ReplyForm,
    VerifyForm,
    WithdrawFindingForm,
)
from audits.models import Audit
from audits.permissions import can, check_can_reply, check_can_work
from audits.views.acting import by_button, by_form
from audits.views.fetching import case_of, correction_of, finding_of
from audits.workflow import AUDIT


@require_http_methods(["GET", "POST"])
def raise_(request, number):
    """From the case, from a checklist item (?requirement=) or from a placement (?placement=)."""
    audit = case_of(request.user, number)
    check_can_work(request.user, audit)
    requirements = audit.edition.requirements.order_by("position")
    form = FindingForm(
        request.POST or None,
        audit=audit,
        requirements=[(one.ref, f"{one.ref}: {one.wording}") for one in requirements],
        initial={
            "requirement": request.GET.get("requirement"),
            "placement": request.GET.get("placement"),
            "rule_code": request.GET.get("rule"),
        },
    )
    return by_form(
        request,
        form,
        lambda: services.raise_finding(audit_id=audit.pk, by=request.user, **form.act()),
        done="The finding is raised and the agency is told.",
        back=reverse("audits:detail", args=(number,)),
        title="Raise a finding",
        about=str(audit),
        text="Raise the finding",
    )


@require_GET
def finding(request, number, position):
    found = finding_of(request.user, number, position)
    corrections = list(found.corrections.select_related("submitted_by", "reviewed_by"))
    return render(
        request,
        "audits/finding.html",
        {
            "finding": found,
            "audit": found.audit,
            "is_staff": Audit.objects.of_case_staff(request.user)
            .filter(pk=found.audit_id)
            .exists(),
            "evidence": found.evidence.select_related("file", "placement", "list_edition"),
            "corrections": corrections,
            "offers": _offers(request.user, found, corrections),
        },
    )


@require_http_methods(["GET", "POST"])
def withdraw(request, number, position):
    found = finding_of(request.user, number, position)
    check_can_work(request.user, found.audit)
    form = WithdrawFindingForm(request.POST or None)
    return by_form(
        request,
        form,
        lambda: services.withdraw_finding(
            finding_id=found.pk, by=request.user, **form.cleaned_data
        ),
        done="The finding is withdrawn and the agency is told.",
        back=_page_of(found),
        title="Withdraw the finding",
        about=str(found),
        text="Withdraw the finding",
        kind="warning",
    )


@require_http_methods(["GET", "POST"])
def reply(request, number, position):
    found = finding_of(request.user, number, position)
    check_can_reply(request.user, found.audit)
    form = ReplyForm(request.POST or None, initial={"reply": found.agency_reply})
    return by_form(
        request,
        form,
        lambda: services.reply_to_finding(
            finding_id=found.pk, by=request.user, **form.cleaned_data
        ),
        done="Your reply is kept and the audit team is told.",
        back=_page_of(found),
        title="Reply to the finding",
        about=str(found),
        text="Send the reply",
    )


@require_POST
def request_correction(request, number, position):
    found = finding_of(request.user, number, position)
    return by_button(
        request,
        lambda: services.request_correction(finding_id=found.pk, by=request.user),
        done="The corrective action is asked for and the agency is told its last day.",
        back=_page_of(found),
    )


@require_http_methods(["GET", "POST"])
def submit_correction(request, public_id):
    action = correction_of(request.user, public_id)
    check_can_reply(request.user, action.finding.audit)
    form = CorrectionForm(request.POST or None)
    return by_form(
        request,
        form,
        lambda: services.submit_correction(
            correction_id=action.pk, by=request.user, **form.cleaned_data
        ),
        done="Your corrective action is handed in. An auditor verifies it next.",
        back=_page_of(action.finding),
        title="Hand in the corrective action",
        about=f"{action.finding}; last day {action.due_on:%-d %B %Y}",
        text="Hand it in",
    )


@require_http_methods(["GET", "POST"])
def verify_correction(request, public_id):
    action = correction_of(request.user, public_id)
    check_can_work(request.user, action.finding.audit)
    form = VerifyForm(request.POST or None)
    return by_form(
        request,
        form,
        lambda: services.verify_correction(
            correction_id=action.pk, by=request.user, **form.cleaned_data
        ),
        done="The correction is verified and the finding is resolved.",
        back=_page_of(action.finding),
        title="Verify the corrective action",
        about=str(action.finding),
        text="Verify it",
    )


@require_http_methods(["GET", "POST"])
def reject_correction(request, public_id):
    action = correction_of(request.user, public_id)
    check_can_work(request.user, action.finding.audit)
    form = RejectForm(request.POST or None)
    return by_form(
        request,
        form,
        lambda: services.reject_correction(
            correction_id=action.pk, by=request.user, **form.cleaned_data
        ),
        done="The correction is asked for again and the agency is told what is missing.",
        back=_page_of(action.finding),
        title="Do not accept the corrective action",
        about=str(action.finding),
        text="Ask for it again",
        kind="warning",
    )


def _page_of(found):
    return reverse("audits:finding", args=(found.audit.number, found.position))


def _offers(user, found, corrections):
    """What this person can do with the finding now: words, page, and whether a button does it."""
    if found.withdrawn_at:
        return []
    audit, at = found.audit, (found.audit.number, found.position)
    works, replies = can(check_can_work, user, audit), can(check_can_reply, user, audit)
    last = corrections[-1] if corrections else None
    state = last.state if last else None
    wants = found.grade != FindingGrade.OBSERVATION and last is None
    possible = (
        ("reply_to_finding", replies, "Reply to the finding", "audits:reply", at, False),
        (
            "request_correction",
            works and wants,
            "Ask for a corrective action",
            "audits:request_correction",
            at,
            True,
        ),
        *(
            (
                action,
                who and state == needed,
                text,
                page,
                (last.public_id,) if last else (),
                False,
            )
            for action, who, needed, text, page in (
                (
                    "submit_correction",
                    replies,
                    CorrectionState.REQUESTED,
                    "Hand in the corrective action",
                    "audits:submit_correction",
                ),
                (
                    "review_correction",
                    works,
                    CorrectionState.SUBMITTED,
                    "Verify the corrective action",
                    "audits:verify_correction",
                ),
                (
                    "review_correction",
                    works,
                    CorrectionState.SUBMITTED,
                    "Do not accept it",
                    "audits:reject_correction",
                ),
            )
        ),
        ("withdraw_finding", works, "Withdraw the finding", "audits:withdraw", at, False),
    )
    return [
        {"text": text, "href": reverse(page, args=args), "acts": acts}
        for action, allowed, text, page, args, acts in possible
        if allowed and (action, audit.state) in AUDIT
    ]
