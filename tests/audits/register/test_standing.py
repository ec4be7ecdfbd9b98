"""The standing as read from the database: the same rules, and the same queries for any number."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from agencies import journal
from agencies.models import Agency
from audits.enums import DecisionOutcome, DecisionState, StatusKind
from audits.models import Certificate, CertificateScope
from audits.register.rules import Corridor
from audits.register.standing import end_of, standing, standings
from tests.factories import agencies as make
from tests.factories import certificates as certify
from tests.factories.attestations import accepted_attestation, reference
from tests.factories.keys import set_triggers_aside

pytestmark = pytest.mark.django_db

DAY = date(2024, 5, 1)
PHL = Corridor("PHL", "IRL", "222")


def word(agency, on=DAY, **asked):
    return str(standing(agency, on=on, **asked).word)


def test_from_registered_to_certified():
    agency = make.agency()
    certify.published(agency)

    assert [
        word(agency, on)
        for on in (date(2022, 1, 9), date(2022, 1, 10), date(2024, 1, 31), date(2024, 2, 1))
    ] == ["never_registered", "registered", "registered", "certified"]


def test_self_attested_counts_from_acceptance():
    agency = make.agency()
    reference()
    declared = accepted_attestation(agency)

    on = timezone.localdate(declared.reviewed_at)
    assert [word(agency, on - timedelta(days=1)), word(agency, on)] == [
        "registered",
        "self_attested",
    ]


def test_refused_until_the_refusal_is_set_aside():
    agency = make.agency()
    decision = certify.decision(agency, outcome=DecisionOutcome.REFUSED)
    assert word(agency) == "refused"

    decision.state, decision.set_aside_at = DecisionState.SET_ASIDE, timezone.now()
    decision.save()

    assert (word(agency), word(agency, known_at=end_of(DAY))) == ("registered", "refused")


def test_a_back_dated_suspension_is_known_only_since_it_was_confirmed():
    agency = make.agency()
    certificate = certify.published(agency)
    certify.changed(
        certificate, StatusKind.SUSPENSION, DAY, confirmed_at=datetime(2024, 7, 1, tzinfo=UTC)
    )

    assert {
        "what is known now": word(agency),
        "what was said that day": word(agency, known_at=end_of(DAY)),
    } == {"what is known now": "suspended", "what was said that day": "certified"}


def test_one_corridor_and_one_that_no_certificate_covers():
    agency = make.agency()
    certify.published(agency)

    assert (word(agency, corridor=PHL), word(agency, corridor=Corridor("KEN", "IRL", "222"))) == (
        "certified",
        "registered",
    )


def test_an_agency_is_ended_since_the_register_learned_it():
    agency = make.agency()
    certify.published(agency)
    Agency.objects.filter(pk=agency.pk).update(ended_on=DAY, end_reason="ended_voluntarily")
    agency.refresh_from_db()
    journal.record("agency.ended", agency, by=None, on=DAY.isoformat())

    assert (word(agency), word(agency, known_at=end_of(DAY))) == ("ended", "certified")


def test_a_prepared_certificate_gives_no_standing():
    agency = make.agency()
    certify.prepared(agency)

    assert word(agency) == "registered"


def test_the_day_ends_in_the_time_zone_of_the_register(settings):
    settings.TIME_ZONE = "Asia/Manila"
    with timezone.override("Asia/Manila"):
        ends = end_of(DAY)

    assert ends.astimezone(UTC) == datetime(2024, 5, 1, 15, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize("many", [1, 3])
def test_many_agencies_cost_as_many_queries_as_one(many, django_assert_num_queries):
    agencies = []
    for _ in range(many):
        agency = make.agency()
        certify.published(agency)
        certify.decision(agency, outcome=DecisionOutcome.REFUSED)
        agencies.append(agency)

    with django_assert_num_queries(8):
        found = standings(agencies, on=DAY)

    assert {str(line.word) for line in found.values()} == {"certified"}


def test_the_corridor_goes_to_the_new_certificate_on_its_first_day():
    agency = make.agency()
    old = certify.published(agency)
    CertificateScope.objects.update(ended_at=timezone.now(), ended_on=DAY)
    new = certify.published(agency, valid_from=DAY, conditions="Reports every quarter.")
    set_triggers_aside("audits_certificatescope")
    CertificateScope.objects.filter(certificate=old).update(replaced_by=new)
    Certificate.objects.filter(pk=old.pk).update(
        superseded_by=new, superseded_at=timezone.now(), superseded_on=DAY
    )

    assert [word(agency, on) for on in (DAY - timedelta(days=1), DAY)] == [
        "certified",
        "certified_with_conditions",
    ]
