"""Beginning an attestation, answering it, going on with a copy, and taking it back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from agencies import journal
from agencies.lib import plain_text
from agencies.models import Agency
from agencies.workflow import next_stage
from attestations.enums import AnswerChoice, AttestationState
from attestations.models import (
    Answer,
    AnswerEvidence,
    Attestation,
    CatalogueEdition,
    Requirement,
)
from attestations.permissions import check_can_answer, check_can_withdraw
from attestations.workflow import next_state

LONGEST_EXPLANATION = 5000


@transaction.atomic
def start_attestation(*, agency_id, by, at=None):
    """A first or fresh attestation on the newest published catalogue; one is open at a time."""
    at = at or timezone.now()
    agency = _locked_agency(agency_id, by)
    attestation = _new_draft(agency, by=by, at=at)
    journal.record(
        "attestation.started", attestation, by=by, agency=agency, edition=attestation.edition_id
    )
    return attestation


@transaction.atomic
def continue_returned(*, attestation_id, by, at=None):
    """A copy of a returned attestation to go on with; the returned one stays as it was."""
    return _continue("continue_returned", attestation_id, by=by, at=at or timezone.now())


@transaction.atomic
def correct_attestation(*, attestation_id, by, at=None):
    """A copy of an accepted attestation to mend; the accepted one stands until it is accepted."""
    return _continue("correct", attestation_id, by=by, at=at or timezone.now())


@transaction.atomic
def answer_requirement(*, attestation_id, ref, choice, explanation="", by, at=None):
    """One answer, given or changed; nothing is written when it says the same as before."""
    attestation = locked(attestation_id)
    check_can_answer(by, attestation.agency)
    attestation.state = next_state("answer", attestation.state)
    requirement = Requirement.objects.get(edition=attestation.edition, ref=ref)
    choice = AnswerChoice(choice)
    explanation = plain_text.clean(explanation, multiline=True)
    if choice == AnswerChoice.NOT_APPLICABLE and not explanation:
        raise ValidationError({"explanation": "Say why this does not apply to you."})
    if len(explanation) > LONGEST_EXPLANATION:
        raise ValidationError(
            {"explanation": f"Use at most {LONGEST_EXPLANATION} characters; attach the rest."}
        )
    answer = Answer.objects.filter(attestation=attestation, requirement=requirement).first()
    if answer and (answer.choice, answer.explanation) == (choice, explanation):
        return answer
    answer = answer or Answer(attestation=attestation, requirement=requirement)
    answer.choice, answer.explanation = choice, explanation
    answer.answered_at, answer.answered_by = at or timezone.now(), by
    answer.save()
    journal.record(
        "attestation.answered",
        attestation,
        by=by,
        agency=attestation.agency,
        requirement=ref,
        choice=choice.value,
    )
    return answer


@transaction.atomic
def withdraw_attestation(*, attestation_id, by):
    """Taken back by the agency before it is reviewed; what was submitted stays readable."""
    attestation = locked(attestation_id)
    check_can_withdraw(by, attestation.agency)
    attestation.state = next_state("withdraw", attestation.state)
    attestation.save(update_fields=["state"])
    journal.record("attestation.withdrawn", attestation, by=by, agency=attestation.agency)
    return attestation


def locked(attestation_id):
    """The attestation for this transaction alone, with what is asked of it."""
    return (
        Attestation.objects.select_for_update(of=("self",))
        .select_related("agency__regulator", "edition")
        .get(pk=attestation_id)
    )


def _locked_agency(agency_id, by):
    agency = Agency.objects.select_for_update(of=("self",)).get(pk=agency_id)
    check_can_answer(by, agency)
    next_stage("edit", agency)
    return agency


def _new_draft(agency, *, by, at, continues=None):
    if agency.attestations.open().exists():
        raise ValidationError(
            "An attestation of this agency is open already: finish it or withdraw it first."
        )
    edition = CatalogueEdition.objects.newest(timezone.localdate(at))
    if edition is None:
        raise ValidationError("No catalogue of commitments has been published yet.")
    return Attestation.objects.create(
        agency=agency,
        edition=edition,
        state=AttestationState.DRAFT,
        continues=continues,
        started_at=at,
        started_by=by,
    )


def _continue(action, attestation_id, *, by, at):
    # the agency first, as everywhere: two people who lock in another order wait for each other
    agency = _locked_agency(Attestation.objects.get(pk=attestation_id).agency_id, by)
    original = locked(attestation_id)
    next_state(action, original.state)
    copy = _new_draft(agency, by=by, at=at, continues=original)
    _copy_answers(original, copy)
    journal.record(
        "attestation.continued",
        copy,
        by=by,
        agency=agency,
        continues=str(original.public_id),
        edition=copy.edition_id,
    )
    return copy


def _copy_answers(original, copy):
    """Answers whose requirement still asks the same; in a newer catalogue the rest is open."""
    asked = {
        (requirement.ref, requirement.wording): requirement
        for requirement in copy.edition.requirements.all()
    }
    kept = []
    for answer in original.answers.select_related("requirement").prefetch_related("evidence"):
        requirement = asked.get((answer.requirement.ref, answer.requirement.wording))
        if requirement:
            kept.append((answer, requirement))
    copies = Answer.objects.bulk_create(
        Answer(
            attestation=copy,
            requirement=requirement,
            choice=answer.choice,
            explanation=answer.explanation,
            answered_at=answer.answered_at,
            answered_by_id=answer.answered_by_id,
        )
        for answer, requirement in kept
    )
    AnswerEvidence.objects.bulk_create(
        AnswerEvidence(
            answer=copied,
            file_id=evidence.file_id,
            covers_from=evidence.covers_from,
            covers_until=evidence.covers_until,
        )
        for copied, (answer, _) in zip(copies, kept, strict=True)
        for evidence in answer.evidence.all()
    )
