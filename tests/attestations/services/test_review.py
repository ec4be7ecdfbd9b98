import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies import journal
from agencies.enums import AgencyRole, RegulatorRole
from agencies.lib.transitions import IllegalTransition
from agencies.models import Delivery
from attestations import services
from attestations.enums import AttestationState
from tests.factories import agencies as people
from tests.factories import attestations as make

pytestmark = pytest.mark.usefixtures("reference")
AT = make.LOADED_AT


@pytest.fixture
def submitted(db):
    return make.submitted_attestation(people.agency())


def test_the_competent_regulator_accepts_and_the_agency_is_told(submitted):
    reviewer = people.staff(submitted.agency.regulator)

    accepted = services.accept_attestation(
        attestation_id=submitted.pk, note="Thank you.", by=reviewer, at=AT
    )

    assert (accepted.state, accepted.reviewed_by, accepted.review_note) == (
        AttestationState.ACCEPTED,
        reviewer,
        "Thank you.",
    )
    assert [entry.verb for entry in journal.history_of(accepted)] == ["attestation.accepted"]
    assert [sent.recipient for sent in Delivery.objects.all()] == [submitted.submitted_by]


def test_what_is_returned_says_what_has_to_change(submitted):
    reviewer = people.staff(submitted.agency.regulator, RegulatorRole.DECIDER)

    with pytest.raises(ValidationError, match="Say what has to change"):
        services.return_for_changes(attestation_id=submitted.pk, note=" ", by=reviewer, at=AT)
    returned = services.return_for_changes(
        attestation_id=submitted.pk, note="REQ-12: name the edition.", by=reviewer, at=AT
    )

    assert returned.state == AttestationState.RETURNED
    assert returned.review_note == "REQ-12: name the edition."


def test_nobody_else_reviews(submitted):
    regulator = submitted.agency.regulator
    both = people.staff(regulator)
    people.agency_membership(both, submitted.agency)
    delegate = people.staff(regulator)
    people.delegation(delegate, submitted.agency)
    nobody = [
        both,
        delegate,
        people.staff(regulator, RegulatorRole.AUDITOR),
        people.staff(regulator, RegulatorRole.DATA_STEWARD),
        people.staff(people.regulator(country="IND")),
        people.agency_person(submitted.agency, AgencyRole.ADMIN),
        people.user(is_operator=True),
    ]

    for person in nobody:
        with pytest.raises(PermissionDenied):
            services.accept_attestation(attestation_id=submitted.pk, by=person, at=AT)

    submitted.refresh_from_db()
    assert submitted.state == AttestationState.SUBMITTED


def test_a_review_is_given_once(submitted):
    reviewer = people.staff(submitted.agency.regulator)
    services.accept_attestation(attestation_id=submitted.pk, by=reviewer, at=AT)

    with pytest.raises(IllegalTransition):
        services.return_for_changes(
            attestation_id=submitted.pk, note="Second thoughts.", by=reviewer, at=AT
        )
