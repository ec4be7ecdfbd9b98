from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from agencies import journal
from agencies.enums import AgencyRole
from agencies.lib.transitions import IllegalTransition
from agencies.models import Delivery
from attestations import services
from attestations.enums import AttestationState
from attestations.models import AnswerEvidence
from attestations.statement import declaration_for, statement_digest, statement_of
from tests.factories import agencies as people
from tests.factories import attestations as make

pytestmark = pytest.mark.usefixtures("reference")
AT = make.LOADED_AT


@pytest.fixture
def agency(db):
    return people.agency("Harbour Example Recruitment")


@pytest.fixture
def officer(agency):
    return make.signing_officer(agency)


def submit(attestation, officer, *, by=None, at=AT, declaration=None):
    return services.submit_attestation(
        attestation_id=attestation.pk,
        officer_id=officer.pk,
        declaration=declaration or declaration_for(attestation, officer, on=at.date()),
        by=by or officer.user,
        at=at,
    )


def test_a_named_officer_signs_the_exact_words_and_the_statement_is_kept(agency, officer):
    attestation = make.complete_draft(agency, choices={"REQ-09": "not_applicable"})
    case_officer = people.staff(agency.regulator)

    submitted = submit(attestation, officer)

    assert (submitted.state, submitted.signed_by, submitted.submitted_at) == (
        AttestationState.SUBMITTED,
        officer,
        AT,
    )
    opening, first = submitted.declaration.splitlines()[:2]
    assert opening == (
        "I, Ciara Example, Director, declare for Harbour Example Recruitment (register number "
        f"{agency.register_number}) on 22 November 2026:"
    )
    assert first == (
        "1. The answers to the 38 requirements of the Catalogue of commitments, edition 2026-1 "
        "(urn:recruitment-code-registry:catalogue:2026-1) are true and complete to the best of our "
        "knowledge. We answered “We do this” to 37, “Does not apply to us” to 1."
    )
    submitted.refresh_from_db()
    assert submitted.statement_digest == statement_digest(submitted)
    entry = journal.history_of(submitted).get()
    assert (entry.verb, entry.data["digest"]) == (
        "attestation.submitted",
        submitted.statement_digest,
    )
    assert [sent.recipient for sent in Delivery.objects.all()] == [case_officer]


def test_the_statement_holds_numbers_and_answers_and_no_names(agency, officer):
    attestation = make.complete_draft(agency)
    submitted = submit(attestation, officer)

    statement = statement_of(submitted)

    del statement["declaration"]
    assert "Example" not in str(statement)
    assert statement["answers"][6] == {
        "requirement": "REQ-07",
        "choice": "complies",
        "explanation": "",
        "evidence": [[agency.evidence_files.get().digest, "2022-01-01", ""]],
    }


def test_what_is_not_answered_or_not_borne_out_is_named(agency, officer):
    attestation = make.complete_draft(agency)
    AnswerEvidence.objects.all().delete()
    attestation.answers.filter(requirement__ref__in=("REQ-03", "REQ-38")).delete()

    with pytest.raises(services.NotReady) as refused:
        submit(attestation, officer)

    assert refused.value.messages == [
        "REQ-03: not answered yet.",
        "REQ-07: this answer needs a file that bears it out.",
        "REQ-38: not answered yet.",
    ]
    attestation.refresh_from_db()
    assert attestation.state == AttestationState.DRAFT


def test_answers_that_contradict_each_other_do_not_stop_the_agencys_own_word(agency, officer):
    attestation = make.complete_draft(agency, choices={"REQ-01": "does_not"})

    assert submit(attestation, officer).state == AttestationState.SUBMITTED


def test_what_changed_since_it_was_read_is_to_be_read_again(agency, officer):
    attestation = make.complete_draft(agency)
    read = declaration_for(attestation, officer, on=AT.date())
    attestation.answers.filter(requirement__ref="REQ-01").update(choice="does_not")

    with pytest.raises(services.DeclarationChanged):
        submit(attestation, officer, declaration=read)
    with pytest.raises(services.DeclarationChanged):
        submit(attestation, officer, declaration="I agree.")

    assert submit(attestation, officer).state == AttestationState.SUBMITTED


def test_line_ends_of_a_form_are_no_change(agency, officer):
    attestation = make.complete_draft(agency)
    read = declaration_for(attestation, officer, on=AT.date()).replace("\n", "\r\n")

    submitted = submit(attestation, officer, declaration=read)

    assert "\r" not in submitted.declaration


def signers(agency, officer):
    yield "another person signed in", officer, people.agency_person(agency, AgencyRole.ADMIN)
    other = people.agency_person(agency, AgencyRole.SIGNING_OFFICER)
    yield "an officer who may not sign", people.officer(agency, user=other, may_sign=False), other
    left = people.agency_person(agency, AgencyRole.SIGNING_OFFICER)
    gone = people.officer(agency, user=left, valid_until=AT.date() - timedelta(days=1))
    yield "an officer who left the day before", gone, left
    soon = people.agency_person(agency, AgencyRole.SIGNING_OFFICER)
    new = people.officer(agency, user=soon, valid_from=AT.date() + timedelta(days=1))
    yield "an officer from tomorrow on", new, soon
    member = people.agency_person(agency)
    yield "an officer without the role", people.officer(agency, user=member), member


def test_nobody_else_signs(agency, officer):
    attestation = make.complete_draft(agency)
    let_in = []

    for who, named, by in signers(agency, officer):
        try:
            submit(attestation, named, by=by)
        except PermissionDenied:
            continue
        let_in.append(who)

    assert let_in == []


def test_a_submitted_attestation_takes_no_more_answers_or_files(agency, officer):
    attestation = submit(make.complete_draft(agency), officer)
    evidence = agency.evidence_files.get()

    for act in (
        lambda: services.answer_requirement(
            attestation_id=attestation.pk, ref="REQ-01", choice="does_not", by=officer.user
        ),
        lambda: services.attach_evidence(
            attestation_id=attestation.pk, ref="REQ-01", evidence_id=evidence.pk, by=officer.user
        ),
        lambda: services.detach_evidence(
            attestation_id=attestation.pk, ref="REQ-07", evidence_id=evidence.pk, by=officer.user
        ),
        lambda: submit(attestation, officer),
    ):
        with pytest.raises(IllegalTransition):
            act()
