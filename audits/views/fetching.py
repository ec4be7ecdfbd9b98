"""Scoped fetches: a stranger, and whoever may not see it, gets 404."""

from django.shortcuts import get_object_or_404

from audits.models import Appeal, Audit, CorrectiveAction, Decision, Finding, ReportAddendum


def case_of(user, number):
    """The audit as its staff work on it."""
    audits = Audit.objects.of_case_staff(user).select_related("agency__regulator", "regulator")
    return get_object_or_404(audits, number=number)


def finding_of(user, number, position):
    """The finding as both sides of the case see it."""
    findings = Finding.objects.visible_to(user).select_related(
        "audit__agency__regulator", "audit__regulator", "requirement", "raised_by"
    )
    return get_object_or_404(findings, audit__number=number, position=position)


def correction_of(user, public_id):
    actions = CorrectiveAction.objects.visible_to(user).select_related(
        "finding__audit__agency__regulator", "finding__requirement"
    )
    return get_object_or_404(actions, public_id=public_id)


def decision_of(user, public_id):
    """The decision as both sides see it: a proposal is for the case's staff."""
    decisions = Decision.objects.visible_to(user).select_related(
        "audit__agency__regulator", "audit__regulator", "proposed_by", "decided_by"
    )
    return get_object_or_404(decisions, public_id=public_id)


def appeal_of(user, public_id):
    appeals = Appeal.objects.visible_to(user).select_related(
        "decision__audit__agency__regulator", "decision__audit__regulator"
    )
    return get_object_or_404(appeals, public_id=public_id)


def addendum_of(user, number, position):
    addenda = ReportAddendum.objects.select_related("report__audit__agency")
    return get_object_or_404(
        addenda,
        report__audit__in=Audit.objects.of_case_staff(user).filter(number=number),
        position=position,
    )
