"""What a decider is shown before an act is what the public page says after it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audits.certificates import services
from audits.enums import DecisionOutcome, StatusKind
from audits.register.comparing import (
    _compared,
    effect_of_decision,
    effect_of_status_change,
)
from audits.register.rules import agency_standing
from audits.register.standing import facts_of
from audits.services import decide
from tests.factories import agencies as make
from tests.factories import audits as audit_cases
from tests.factories import certificates as certify

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PHL, IND = ("PHL", "IRL", "222"), ("IND", "IRL", "222")


@pytest.fixture
def people():
    return certify.people(make.agency("Harbour Example Recruitment"))


def said_now(agency, on):
    """What the public page says on a day, in the lines that a decider was shown."""
    today = timezone.localdate()
    line = agency_standing(facts_of([agency])[agency.pk], on=on)
    return {row.what: row.after for row in _compared(agency, line, line, today)}


def supposed(effect):
    nothing = "No certificate"
    return {row.what: row.after for row in effect.lines if row.after != nothing}


@pytest.mark.parametrize(
    ("earlier", "conditions"),
    [
        (None, ""),
        ((PHL,), "Show the proof each quarter."),
        ((PHL, IND), "Show the proof each quarter."),
        ((IND,), ""),
    ],
)
def test_a_grant_reads_as_it_was_shown(people, earlier, conditions):
    if earlier:
        certify.published(people.agency, scopes=earlier)
    granted = certify.decision(
        people.agency, scopes=(PHL,), conditions=conditions, valid_from=timezone.localdate()
    )
    effect = effect_of_decision(granted, at=timezone.now())
    assert any(line.differs for line in effect.lines)

    prepared = services.prepare_certificate(decision=granted, by=granted.decided_by)
    services.issue_certificate(certificate_id=prepared.pk)

    assert said_now(people.agency, effect.on) == supposed(effect)


def test_a_refusal_reads_as_it_was_shown():
    people = audit_cases.case(make.agency("Quay Example Recruitment"))
    proposal = audit_cases.proposed(people, outcome=DecisionOutcome.REFUSED)
    effect = effect_of_decision(proposal, at=timezone.now())
    assert effect.lines[0].after == "Refused"

    decide(decision_id=proposal.pk, by=people.decider)

    assert said_now(people.agency, effect.on) == supposed(effect)


@pytest.mark.parametrize("kind", [StatusKind.SUSPENSION, StatusKind.WITHDRAWAL])
@pytest.mark.parametrize("days", [0, 10])
def test_a_change_of_status_reads_as_it_was_shown(people, kind, days):
    certificate = certify.published(people.agency)
    change = certify.proposed(
        certificate,
        people.officer,
        kind=kind,
        effective_on=timezone.localdate() + timedelta(days=days),
    )
    effect = effect_of_status_change(change, at=timezone.now())
    assert effect.lines[0].differs
    assert effect.told == 1

    services.confirm_status_change(change_id=change.pk, by=people.decider)

    assert said_now(people.agency, effect.on) == supposed(effect)


def test_a_restoration_reads_as_it_was_shown(people):
    certificate = certify.published(people.agency)
    certify.confirmed(certificate, people)
    change = certify.proposed(certificate, people.officer, kind=StatusKind.RESTORATION)
    effect = effect_of_status_change(change, at=timezone.now())
    assert effect.lines[0].differs

    services.confirm_status_change(change_id=change.pk, by=people.decider)

    assert said_now(people.agency, effect.on) == supposed(effect)


def test_control_without_the_act_the_page_says_something_else(people):
    certificate = certify.published(people.agency)
    change = certify.proposed(certificate, people.officer)
    effect = effect_of_status_change(change, at=timezone.now())

    assert said_now(people.agency, effect.on) != supposed(effect)


def test_looking_writes_nothing(people, reads_only):
    certificate = certify.published(people.agency)
    change = certify.proposed(certificate, people.officer)
    with reads_only():
        effect_of_status_change(change, at=timezone.now())


def test_the_decider_sees_it_and_the_proposer_reads_why_not(client):
    people = audit_cases.case(make.agency("Quay Example Recruitment"))
    proposal = audit_cases.proposed(people)
    where = reverse("audits:decision", args=(proposal.public_id,))

    client.force_login(people.decider)
    page = client.get(where).content.decode()
    assert "before and after" in page
    assert "Take this decision" in page

    client.force_login(people.officer)
    page = client.get(where).content.decode()
    assert "You do not decide on this proposal:" in page
    assert "Take this decision" not in page


def test_the_day_is_that_on_which_it_counts(people):
    granted = certify.decision(people.agency, valid_from=date(2090, 1, 1))
    assert effect_of_decision(granted, at=timezone.now()).on == date(2090, 1, 1)
