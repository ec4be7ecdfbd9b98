"""Every fact counts from the moment at which it was recorded, whatever moment its row carries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from agencies import journal
from agencies.models import JournalEntry
from attestations.services.review import accept_attestation
from audits.certificates import services
from audits.enums import AppealState, DecisionOutcome, StatusKind
from audits.models import StatusChange
from audits.register.standing import BEFORE_ALL, moment_of, standing, status_of_certificate
from audits.transparency.queries import size
from tests.factories import agencies as make
from tests.factories import audits as make_case
from tests.factories import certificates as certify
from tests.factories.attestations import reference, submitted_attestation
from tests.factories.keys import set_triggers_aside

pytestmark = pytest.mark.django_db

TICK = timedelta(microseconds=1)


def recorded_at(verb):
    return JournalEntry.objects.filter(verb=verb).latest("position").recorded_at


def just_before_and_at(instant, ask):
    return str(ask(instant - TICK)), str(ask(instant))


def words_around(agency, verb, *, on):
    return just_before_and_at(
        recorded_at(verb), lambda at: standing(agency, on=on, known_at=at).word
    )


def test_a_suspension_and_its_end_are_known_from_their_entries():
    people = certify.people()
    certificate = certify.published(people.agency)
    today = timezone.localdate()
    certify.confirmed(certificate, people)
    certify.confirmed(certificate, people, kind=StatusKind.RESTORATION)

    seen = {
        verb: just_before_and_at(
            recorded_at(verb),
            lambda at: status_of_certificate(certificate, on=today, known_at=at).status,
        )
        for verb in ("certificate.suspended", "certificate.restored")
    }

    assert seen == {
        "certificate.suspended": ("valid", "suspended"),
        "certificate.restored": ("suspended", "valid"),
    }


def test_the_moment_of_a_row_counts_for_nothing_where_an_entry_says_when():
    people = certify.people()
    certificate = certify.published(people.agency)
    certify.confirmed(certificate, people)
    set_triggers_aside("audits_statuschange")
    StatusChange.objects.update(confirmed_at=datetime(2024, 3, 1, tzinfo=UTC))

    assert words_around(people.agency, "certificate.suspended", on=timezone.localdate()) == (
        "certified",
        "suspended",
    )


def test_a_certificate_speaks_from_its_publication_and_is_replaced_by_another():
    agency = make.agency()
    first = certify.issued(agency)
    today = timezone.localdate()
    assert words_around(agency, "certificate.issued", on=today) == ("registered", "certified")

    certify.issued(agency, conditions="Reports every quarter.")

    assert words_around(agency, "certificate.issued", on=today) == (
        "certified",
        "certified_with_conditions",
    )
    assert just_before_and_at(
        recorded_at("certificate.issued"),
        lambda at: status_of_certificate(first, on=today, known_at=at).status,
    ) == ("valid", "superseded")


def test_a_refusal_counts_from_the_decision_until_the_appeal_is_heard():
    people = make_case.case()
    decision = make_case.decided(people, outcome=DecisionOutcome.REFUSED)
    day = timezone.localdate(decision.decided_at)
    assert words_around(people.agency, "decision.taken", on=day) == ("registered", "refused")

    appeal = make_case.appealed(people, decision)
    make_case.heard(people, appeal, outcome=AppealState.DECISION_SET_ASIDE)

    assert words_around(people.agency, "decision.set_aside", on=day) == ("refused", "registered")


def test_an_accepted_declaration_counts_from_its_entry_and_as_long_as_was_said(settings):
    reference()
    agency = make.agency()
    declared = accept_attestation(
        attestation_id=submitted_attestation(agency).pk, by=make.staff(agency.regulator)
    )
    on = timezone.localdate(declared.reviewed_at)
    last = timezone.localdate(declared.submitted_at) + timedelta(days=365)
    settings.ATTESTATION_VALID_DAYS = 10

    days = {day: str(standing(agency, on=day).word) for day in (last, last + timedelta(days=1))}

    assert words_around(agency, "attestation.accepted", on=on) == ("registered", "self_attested")
    assert list(days.values()) == ["self_attested", "registered"]


def test_a_withdrawal_after_an_appeal_and_what_was_never_issued():
    people = make_case.case()
    decision = make_case.decided(people)
    prepared = services.prepare_certificate(decision=decision, by=people.decider)
    services.issue_certificate(certificate_id=prepared.pk)
    make_case.heard(people, make_case.appealed(people, decision))

    assert words_around(people.agency, "certificate.withdrawn", on=timezone.localdate()) == (
        "certified",
        "withdrawn",
    )


def test_a_size_of_the_log_names_a_moment():
    people = certify.people()
    journal.record("agency.registered", people.agency, by=None)
    certificate = certify.published(people.agency)
    today = timezone.localdate()
    before = size()
    certify.confirmed(certificate, people)
    after = size()

    known = {
        place: str(standing(people.agency, on=today, known_at=place).word)
        for place in (0, before, after)
    }

    assert moment_of(0) == BEFORE_ALL
    assert known == {0: "never_registered", before: "certified", after: "suspended"}


def test_what_was_answered_at_a_size_of_the_log_is_answered_for_ever():
    people = certify.people()
    agency, certificate = people.agency, certify.published(people.agency)
    journal.record("agency.registered", agency, by=None)
    days = [date(2024, 5, 1), timezone.localdate(), date(2099, 2, 1)]
    acts = [
        lambda: certify.confirmed(certificate, people, effective_on=date(2024, 4, 1)),
        lambda: certify.confirmed(
            certificate, people, kind=StatusKind.RESTORATION, effective_on=date(2024, 6, 1)
        ),
        lambda: certify.confirmed(
            certificate, people, kind=StatusKind.WITHDRAWAL, effective_on=date(2024, 4, 20)
        ),
    ]
    said = {}
    for act in acts:
        now = size()
        said |= {(day, now): standing(agency, on=day, known_at=now) for day in days}
        act()

    again = {(day, then): standing(agency, on=day, known_at=then) for day, then in said}

    assert again == said
    assert len({str(line.word) for line in said.values()}) > 2
