"""Suspension, restoration, withdrawal: two people, a day, a reason, and what follows at once."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from agencies.lib.transitions import IllegalTransition
from agencies.models import AgencyRestriction, Delivery, JournalEntry
from attestations.models import VerdictChange
from audits.certificates import services
from audits.certificates.invariants import restrictions_follow_from_status_changes
from audits.enums import (
    AppealState,
    DecisionState,
    DocumentState,
    StatusKind,
    StatusReason,
    StatusState,
)
from audits.models import Appeal, CertificateScope
from audits.register.standing import standing
from tests.factories import agencies as make
from tests.factories import certificates as certify
from tests.factories.placements import placement

pytestmark = pytest.mark.django_db

DAY = date(2024, 5, 1)


def restrictions(agency):
    return list(
        AgencyRestriction.objects.filter(agency=agency).values_list(
            "kind", "effective_on", "restored_on", "reason_code"
        )
    )


@pytest.fixture
def who():
    return certify.people()


@pytest.fixture
def certificate(who):
    return certify.published(who.agency)


def test_a_proposal_changes_nothing(who, certificate):
    change = certify.proposed(certificate, who.officer, effective_on=DAY)

    assert change.state == StatusState.PROPOSED
    assert restrictions(who.agency) == []
    assert standing(who.agency, on=DAY).word == "certified"
    told = Delivery.objects.filter(template="email/status_change_proposed")
    assert told.filter(recipient=who.decider).count() == 1


def test_a_confirmed_suspension_counts_from_its_day(who, certificate):
    certify.confirmed(certificate, who, effective_on=DAY)

    assert restrictions(who.agency) == [("suspension", DAY, None, "under_investigation")]
    assert {
        "the day before": standing(who.agency, on=DAY - timedelta(days=1)).word,
        "the day": standing(who.agency, on=DAY).word,
    } == {"the day before": "certified", "the day": "suspended"}
    entry = JournalEntry.objects.get(verb="certificate.suspended")
    assert (entry.actor, entry.data["on"], entry.data["reason"]) == (
        f"user:{who.decider.pk}",
        "2024-05-01",
        "under_investigation",
    )


def test_the_agency_is_told_and_its_placements_are_judged_again(who, certificate):
    recruited_after = placement(who.agency, recruited_on=DAY)

    certify.confirmed(certificate, who, effective_on=DAY)

    changed = VerdictChange.objects.get(placement=recruited_after)
    assert (changed.reason, "CERT-STATUS" in str(changed.became.findings)) == (
        "certificate.suspended",
        True,
    )
    assert Delivery.objects.filter(
        template="email/certificate_status_changed", recipient=who.signer
    ).exists()


def test_a_restoration_closes_the_interval(who, certificate):
    certify.confirmed(certificate, who, effective_on=DAY)
    back = DAY + timedelta(days=30)

    certify.confirmed(certificate, who, kind=StatusKind.RESTORATION, effective_on=back)

    assert restrictions(who.agency) == [("suspension", DAY, back, "under_investigation")]
    assert [standing(who.agency, on=day).word for day in (DAY, back - timedelta(days=1), back)] == [
        "suspended",
        "suspended",
        "certified",
    ]


def test_a_withdrawal_is_final_and_frees_the_corridor(who, certificate):
    certify.confirmed(certificate, who, effective_on=DAY)
    certify.confirmed(certificate, who, kind=StatusKind.WITHDRAWAL, effective_on=DAY)

    assert [kind for kind, *_ in restrictions(who.agency)] == ["suspension", "withdrawal"]
    row = CertificateScope.objects.get(certificate=certificate)
    assert (row.ended_on, row.replaced_by) == (DAY, None)
    for kind in StatusKind:
        with pytest.raises(IllegalTransition):
            certify.proposed(certificate, who.officer, kind=kind)


@pytest.mark.parametrize("kind", [StatusKind.RESTORATION])
def test_what_the_table_does_not_allow_is_refused(who, certificate, kind):
    with pytest.raises(IllegalTransition):
        certify.proposed(certificate, who.officer, kind=kind)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"effective_on": date(2024, 1, 31)}, "is valid"),
        ({"effective_on": date(2099, 2, 1)}, "is valid"),
        ({"reason": StatusReason.CORRECTED}, "does not belong"),
        ({"reason": StatusReason.DECISION_SET_ASIDE}, "does not belong"),
        ({"explanation": " \u200b "}, "Explain"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused(who, certificate, stated, message):
    with pytest.raises(ValidationError, match=message):
        certify.proposed(certificate, who.officer, **stated)


def test_there_is_one_proposal_at_a_time(who, certificate):
    certify.proposed(certificate, who.officer)

    with pytest.raises(ValidationError, match="already"):
        certify.proposed(certificate, who.officer, kind=StatusKind.WITHDRAWAL)


def test_a_new_suspension_begins_after_the_last_change(who, certificate):
    certify.confirmed(certificate, who, effective_on=DAY)
    certify.confirmed(
        certificate, who, kind=StatusKind.RESTORATION, effective_on=DAY + timedelta(days=9)
    )

    with pytest.raises(ValidationError, match="2024-05-10"):
        certify.proposed(certificate, who.officer, effective_on=DAY + timedelta(days=8))


def test_nobody_confirms_their_own_proposal(who, certificate):
    change = certify.proposed(certificate, who.decider)

    with pytest.raises(PermissionDenied, match="Somebody else"):
        services.confirm_status_change(change_id=change.pk, by=who.decider)


def test_nobody_changes_the_status_of_an_agency_they_belonged_to(who, certificate):
    change = certify.proposed(certificate, who.officer)
    for person in (who.officer, who.decider):
        make.agency_membership(person, who.agency, ended_at=timezone.now())

    with pytest.raises(PermissionDenied, match="to the agency"):
        services.confirm_status_change(change_id=change.pk, by=who.decider)
    with pytest.raises(PermissionDenied, match="to the agency"):
        certify.proposed(certificate, who.officer)


def test_only_the_competent_regulator_proposes_and_its_deciders_confirm(who, certificate):
    elsewhere = certify.people(make.agency(country="IND"))
    change = certify.proposed(certificate, who.officer)

    for person in (elsewhere.officer, elsewhere.decider, who.signer):
        with pytest.raises(PermissionDenied):
            certify.proposed(certificate, person)
    for person in (who.officer, elsewhere.decider, who.signer):
        with pytest.raises(PermissionDenied):
            services.confirm_status_change(change_id=change.pk, by=person)


def test_a_declined_proposal_leaves_everything_as_it_was(who, certificate):
    change = certify.proposed(certificate, who.officer, effective_on=DAY)

    services.decline_status_change(change_id=change.pk, reason="Not borne out.", by=who.decider)

    change.refresh_from_db()
    assert (change.state, change.decline_reason) == (StatusState.DECLINED, "Not borne out.")
    assert standing(who.agency, on=DAY).word == "certified"
    with pytest.raises(IllegalTransition):
        services.confirm_status_change(change_id=change.pk, by=who.decider)


def test_declining_says_why(who, certificate):
    change = certify.proposed(certificate, who.officer)

    with pytest.raises(ValidationError, match="why"):
        services.decline_status_change(change_id=change.pk, reason=" ", by=who.decider)


def test_confirming_twice_has_one_effect(who, certificate):
    change = certify.confirmed(certificate, who, effective_on=DAY)

    with pytest.raises(IllegalTransition):
        services.confirm_status_change(change_id=change.pk, by=who.decider)

    assert len(restrictions(who.agency)) == 1


def test_what_was_never_issued_or_is_replaced_has_no_status_to_change(who):
    old = certify.issued(who.agency)
    certify.issued(who.agency)
    waiting = certify.prepared(certify.people().agency)
    officer = make.staff(waiting.regulator)

    with pytest.raises(ValidationError, match="has replaced"):
        certify.proposed(old, who.officer)
    with pytest.raises(ValidationError, match="never issued"):
        certify.proposed(waiting, officer)


def set_aside(certificate, who):
    decision = certificate.decision
    decision.state, decision.set_aside_at = DecisionState.SET_ASIDE, timezone.now()
    decision.save()
    Appeal.objects.create(
        decision=decision,
        state=AppealState.DECISION_SET_ASIDE,
        grounds="A ground.",
        lodged_at=certify.DECIDED_AT,
        lodged_by=who.signer,
        heard_at=timezone.now(),
        heard_by=who.decider,
        reasons="Reasons.",
    )
    return services.withdraw_after_appeal(decision=decision, by=who.decider)


def test_a_grant_set_aside_on_appeal_is_withdrawn(who, certificate):
    set_aside(certificate, who)

    change = certificate.status_changes.get()
    assert (change.kind, change.reason, change.proposed_by, change.confirmed_by) == (
        StatusKind.WITHDRAWAL,
        StatusReason.DECISION_SET_ASIDE,
        who.signer,
        who.decider,
    )
    assert standing(who.agency, on=timezone.localdate()).word == "withdrawn"


def test_a_grant_set_aside_before_it_is_issued_never_is(who):
    certificate = certify.prepared(who.agency)

    set_aside(certificate, who)

    certificate.refresh_from_db()
    assert certificate.state == DocumentState.VOID
    services.issue_certificate(certificate_id=certificate.pk)
    certificate.refresh_from_db()
    assert certificate.state == DocumentState.VOID


def test_a_decision_without_a_certificate_needs_no_withdrawal(who):
    decision = certify.decision(who.agency)

    assert services.withdraw_after_appeal(decision=decision, by=who.decider) is None


def test_whoever_is_certified_again_no_longer_recruits_under_the_withdrawal(who, certificate):
    again = DAY + timedelta(days=60)
    certify.confirmed(certificate, who, effective_on=DAY)
    certify.confirmed(certificate, who, kind=StatusKind.WITHDRAWAL, effective_on=DAY)

    certify.issued(who.agency, valid_from=again)

    assert {(kind, restored) for kind, _, restored, _ in restrictions(who.agency)} == {
        ("suspension", again),
        ("withdrawal", again),
    }
    assert [*restrictions_follow_from_status_changes()] == []
    assert [
        "CERT-STATUS"
        in [found["code"] for found in placed(who.agency, recruited_on=day).verdict.findings]
        for day in (DAY, again - timedelta(days=1), again)
    ] == [True, True, False]


def test_a_suspension_of_another_certificate_goes_on(who, certificate):
    certify.confirmed(certificate, who, effective_on=DAY)

    certify.issued(who.agency, scopes=(("PHL", "DEU", "222"),), valid_from=DAY)

    assert restrictions(who.agency) == [("suspension", DAY, None, "under_investigation")]


def placed(agency, **stated):
    return placement(agency, reference=f"R-{stated['recruited_on']}", **stated)
