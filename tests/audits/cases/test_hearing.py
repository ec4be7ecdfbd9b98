"""The queue as the services of the register leave it, and as it is made anew from the journal."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils import timezone

from agencies import journal
from agencies import services as agencies_services
from agencies.enums import RegulatorRole
from agencies.invariants import run_all
from attestations import services as attesting
from attestations.statement import declaration_for
from audits import services
from audits.cases.enums import CaseKind, Ending, Stage, WaitsOn
from audits.cases.models import NO_DAY, Case
from audits.cases.rebuilding import differences, rebuild
from audits.certificates.services import confirm_status_change, propose_status_change
from audits.enums import DecisionOutcome, FindingGrade, StatusKind, StatusReason
from tests.factories import agencies as make_agencies
from tests.factories import attestations as make_attestations
from tests.factories import audits as make
from tests.factories import certificates

CONCERN = "audits.concern"

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def people():
    return make.case(make_agencies.agency("Harbour Example Recruitment"))


def handed_in(agency, *, signer=None, draft=None):
    """An attestation that was handed in by the service, so that the journal knows it."""
    signer = signer or make_attestations.signing_officer(agency)
    draft = draft or make_attestations.complete_draft(agency, by=signer.user)
    return attesting.submit_attestation(
        attestation_id=draft.pk,
        officer_id=signer.pk,
        declaration=declaration_for(draft, signer, on=timezone.localdate()),
        by=signer.user,
    )


def queue():
    return [
        (case.kind, case.stage, case.waits_on, case.ending) for case in Case.objects.order_by("pk")
    ]


def test_an_attestation_waits_from_the_day_it_is_handed_in(people, settings):
    settings.DESK_ATTESTATION_DAYS = 12
    attestation = handed_in(people.agency)

    case = Case.objects.get()

    today = timezone.localdate()
    assert (case.kind, case.regulator, case.agency, case.audit, case.assignee) == (
        CaseKind.ATTESTATION,
        people.regulator,
        people.agency,
        None,
        None,
    )
    assert (case.reference, case.due_on, case.rank_on) == (
        attestation.reference,
        today + timedelta(days=12),
        case.due_on,
    )


def test_an_attestation_that_comes_back_is_the_same_case(people):
    first = handed_in(people.agency)
    signer = first.signed_by
    attesting.return_for_changes(attestation_id=first.pk, note="Say more.", by=people.officer)
    returned = Case.objects.get()
    draft = attesting.continue_returned(attestation_id=first.pk, by=signer.user)
    handed_in(people.agency, signer=signer, draft=draft)

    again = Case.objects.get()

    assert (returned.stage, returned.waits_on, returned.days_left) == (
        Stage.RETURNED,
        WaitsOn.AGENCY,
        30,
    )
    assert (again.pk, again.public_id, again.stage, again.waits_on, again.days_left) == (
        returned.pk,
        returned.public_id,
        Stage.HANDED_IN,
        WaitsOn.REGULATOR,
        None,
    )
    assert again.subjects == [journal.label_of(first), journal.label_of(draft)]


def the_whole_case(people):
    """Through every room that a queue hears of, by the services that make real ones."""
    handed_in(people.agency)
    audit = make.reported(people, FindingGrade.MAJOR, FindingGrade.MINOR)
    major, minor = audit.findings.order_by("position")
    action = services.request_correction(finding_id=major.pk, by=people.leader)
    make.submitted(action, people)
    services.reject_correction(correction_id=action.pk, note="Not enough.", by=people.leader)
    make.corrected(minor, people)
    make.proposed(people, audit, outcome=DecisionOutcome.REFUSED)
    services.decline_proposal(
        decision_id=audit.decisions.get().pk, reason="Too harsh.", by=people.decider
    )
    make.heard(
        people,
        make.appealed(people, make.decided(people, audit, outcome=DecisionOutcome.REFUSED)),
    )
    return audit


def test_the_whole_of_a_case_comes_to_the_same_queue_from_the_journal(people):
    the_whole_case(people)

    assert queue() == [
        ("attestation", "handed_in", "regulator", ""),
        ("audit", "follow_up", "agency", ""),
        ("correction", "handed_in", "regulator", "not_accepted"),
        ("correction", "requested", "agency", ""),
        ("correction", "handed_in", "regulator", "verified"),
        ("decision", "proposed", "regulator", "declined"),
        ("decision", "proposed", "regulator", "taken"),
        ("appeal", "lodged", "regulator", "heard"),
    ]
    assert list(differences()) == []


def test_a_change_of_status_waits_for_its_second_person(people):
    certificate = certificates.issued(people.agency)
    change = propose_status_change(
        certificate_id=certificate.pk,
        kind=StatusKind.SUSPENSION,
        effective_on=timezone.localdate(),
        reason=StatusReason.UNDER_INVESTIGATION,
        explanation="Contracts are being looked into.",
        by=people.officer,
    )
    before = queue()
    confirm_status_change(change_id=change.pk, by=people.decider)

    assert (before, queue()) == (
        [("status_change", "proposed", "regulator", "")],
        [("status_change", "proposed", "regulator", "confirmed")],
    )
    assert Case.objects.get().reference == certificate.number
    assert list(differences()) == []


def test_matters_of_rooms_that_say_whose_they_are(people):
    """A claim and a concern, told by their entries alone."""
    for verb, model in (("claim.sent", "agencies.agencyclaim"), ("concern.received", CONCERN)):
        subject = SimpleNamespace(_meta=SimpleNamespace(label_lower=model), pk=1)
        said = {"regulator": people.regulator.pk, "number": "X-1"}
        journal.record(verb, subject, by=None, agency=people.agency, **said)

    assert list(Case.objects.values_list("kind", "regulator", "agency", "reference")) == [
        ("claim", people.regulator.pk, people.agency.pk, "X-1"),
        ("concern", people.regulator.pk, people.agency.pk, "X-1"),
    ]
    assert list(differences()) == []


def test_a_cancelled_audit_leaves_the_queue(people):
    audit = make.opened(people)
    services.cancel_audit(audit_id=audit.pk, reason="Planned twice.", by=people.officer)

    case = Case.objects.get()

    assert (case.ending, case.assignee, case.due_on, case.rank_on) == (
        Ending.CANCELLED,
        people.leader,
        None,
        NO_DAY,
    )


def test_whoever_leaves_the_regulator_leaves_no_case_with_their_name(people):
    make.opened(people)
    membership = people.leader.regulator_memberships.get()
    admin = make_agencies.staff(people.regulator, RegulatorRole.ADMIN)
    agencies_services.end_regulator_membership(membership_id=membership.pk, by=admin)

    assert Case.objects.get().assignee is None
    assert list(differences()) == []


def test_whoever_keeps_another_role_keeps_their_cases(people):
    make.opened(people)
    make_agencies.regulator_membership(people.leader, people.regulator)
    membership = people.leader.regulator_memberships.get(role=RegulatorRole.AUDITOR)
    admin = make_agencies.staff(people.regulator, RegulatorRole.ADMIN)
    agencies_services.end_regulator_membership(membership_id=membership.pk, by=admin)

    assert Case.objects.get().assignee == people.leader


def test_what_follows_an_agency_is_seen_by_its_next_regulator(people):
    handed_in(people.agency)
    make.planned(people)
    held = Case.objects.get(kind=CaseKind.ATTESTATION)
    journal.record("case.assigned", held, by=None, matter=held.subject, to=people.officer.pk)
    admin = make_agencies.staff(people.regulator, RegulatorRole.ADMIN)
    other = make_agencies.regulator()
    agencies_services.transfer_regulator(
        agency_id=people.agency.pk, regulator_id=other.pk, on=date(2026, 6, 1), by=admin
    )

    assert list(Case.objects.order_by("pk").values_list("regulator", "assignee")) == [
        (other.pk, None),
        (people.regulator.pk, people.leader.pk),
    ]
    assert list(differences()) == []


def test_a_queue_that_was_tampered_with_is_named_and_mended(people, capsys):
    the_whole_case(people)
    before = list(Case.objects.order_by("pk").values())
    first, second = Case.objects.order_by("pk")[:2]
    Case.objects.filter(pk=first.pk).update(stage=Stage.RETURNED, assignee=people.officer)
    second_id = second.public_id
    Case.objects.filter(pk=second.pk).delete()
    stranger = Case.objects.create(
        kind=CaseKind.AUDIT,
        subject="audits.audit:0",
        regulator=people.regulator,
        stage=Stage.PLANNED,
        waits_on=WaitsOn.REGULATOR,
        rank_on=NO_DAY,
        opened_at=timezone.now(),
        moved_at=timezone.now(),
        position=1,
    )

    assert sorted(differences()) == sorted(
        [
            f"The case {first.public_id} ({first.subject}) differs in assignee, stage.",
            f"The case {stranger.public_id} (audits.audit:0) is in no entry of the journal.",
            f"The matter {second.subject} is missing from the queue.",
        ]
    )

    stranger.delete()
    call_command("rebuild_cases")

    assert capsys.readouterr().out == "2 cases were brought to what the journal says.\n"
    rebuilt = list(Case.objects.order_by("pk").values())
    without_keys = [
        sorted(
            ({name: row[name] for name in row if name not in ("id", "position")} for row in rows),
            key=lambda row: row["subject"],
        )
        for rows in (before, rebuilt)
    ]
    assert without_keys[0] == without_keys[1]
    assert Case.objects.filter(public_id=second_id).exists()
    assert rebuild() == 0


def test_a_deadline_that_was_given_outlasts_its_setting(people, settings):
    handed_in(people.agency)
    settings.DESK_ATTESTATION_DAYS = 3

    assert list(differences()) == []


def test_a_case_held_by_a_stranger_is_named(people):
    make.opened(people)
    stranger = make_agencies.user()
    Case.objects.update(assignee=stranger)

    violations = dict(run_all())["An open case is held by somebody who may see it."]

    assert violations == [
        f"The case {Case.objects.get().public_id} is held by user {stranger.pk}, who cannot see it."
    ]


def test_an_outside_auditor_may_hold_the_case_they_are_named_on(people):
    outsider = make_agencies.user()
    audit = make.planned(people, team=[(outsider, "auditor")])
    case = Case.objects.get()
    journal.record("case.assigned", case, by=None, matter=case.subject, to=outsider.pk)

    assert list(Case.objects.visible_to(outsider).values_list("audit", flat=True)) == [audit.pk]
    assert dict(run_all())["An open case is held by somebody who may see it."] == []


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        *((role, 1) for role in ("case_officer", "auditor", "decider", "admin", "appeal_panel")),
        ("data_steward", 0),
        ("national_authority", 0),
    ],
)
def test_the_case_staff_of_its_regulator_see_a_case(people, role, seen):
    make.planned(people)
    person = make_agencies.staff(people.regulator, RegulatorRole(role))
    elsewhere = make_agencies.staff(make_agencies.regulator(), RegulatorRole(role))
    gone = make_agencies.staff(people.regulator, RegulatorRole(role))
    gone.is_active = False

    assert [Case.objects.visible_to(who).count() for who in (person, elsewhere, gone)] == [
        seen,
        0,
        0,
    ]
