"""Records of the rooms `attestations` and `safeguards`, made plainly: fixed days, no surprises."""

import copy
from datetime import UTC, date, datetime
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from agencies.enums import AgencyRole
from agencies.models import Country
from attestations.enums import AnswerChoice, AttestationState
from attestations.models import (
    Agreement,
    Answer,
    AnswerEvidence,
    Attestation,
    AuthorizationRequirement,
    CatalogueEdition,
    CodeArticle,
    CodeVersion,
    CountryCommunication,
    Emergency,
    ListEdition,
    ListEntry,
    NationalGrade,
    NationalList,
    Requirement,
)
from attestations.reference import load_reference
from attestations.services import receive_evidence
from attestations.statement import declaration_for, statement_digest
from tests.factories.agencies import agency_person, country, officer, regulator, staff

LOADED_AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CATALOGUE = "2026-1"

_REFERENCE = (
    CodeVersion,
    CodeArticle,
    CatalogueEdition,
    Requirement,
    ListEdition,
    ListEntry,
    NationalList,
    NationalGrade,
)


def reference():
    """What `load_reference` loads, without its journal entries; a second call changes nothing.

    Read from the files once a process, then copied in: about a thousand rows in a few statements.
    """
    if ListEdition.objects.exists():
        return
    countries, tables = _reference_rows()
    Country.objects.bulk_create(map(copy.copy, countries), ignore_conflicts=True)
    for rows in tables:
        rows[0]._meta.model.objects.bulk_create(map(copy.copy, rows))
    ListEdition.objects.update(activated_at=LOADED_AT, applied_at=LOADED_AT)


@cache
def _reference_rows():
    with transaction.atomic():
        load_reference(at=LOADED_AT)
        countries = list(Country.objects.all())
        tables = [list(model.objects.order_by("pk")) for model in _REFERENCE]
        transaction.set_rollback(True)
    for row in (row for rows in tables for row in rows):
        if row._meta.pk.get_internal_type() == "BigAutoField":
            row.pk = None
        if isinstance(row, ListEdition):
            row.activated_at = row.applied_at = None
    return countries, tables


def requirement(ref="REQ-01"):
    """A requirement of the catalogue that `reference` brings."""
    return Requirement.objects.get(edition=CATALOGUE, ref=ref)


def list_edition(
    label="2027",
    *,
    countries=("GHA", "ZWE"),
    valid_from=date(2027, 3, 1),
    loaded_by=None,
    activated_by=None,
    is_active=True,
):
    """An invented edition of the List, made without files."""
    edition = ListEdition.objects.create(
        label=label,
        urn=f"urn:recruitment-code-registry:safeguards-list:{label}",
        title=f"Example list {label}",
        published_on=valid_from,
        valid_from=valid_from,
        source="invented for a test",
        digest="0" * 64,
        loaded_at=LOADED_AT,
        loaded_by=loaded_by,
    )
    ListEntry.objects.bulk_create(
        ListEntry(edition=edition, country=country(iso3), printed_name=country(iso3).name)
        for iso3 in countries
    )
    if is_active:
        edition.activated_at, edition.activated_by = LOADED_AT, activated_by
        edition.save(update_fields=["activated_at", "activated_by"])
    return edition


def rolled_back(edition):
    """An active edition, rolled back by two data stewards before its day."""
    asked, confirmed = staff(regulator(), "data_steward"), staff(regulator(), "data_steward")
    edition.applied_at = edition.rollback_asked_at = edition.rolled_back_at = LOADED_AT
    edition.rollback_asked_by, edition.rolled_back_by = asked, confirmed
    edition.rollback_reason = "A country is missing from the file."
    edition.save()
    return edition


def agreement(
    reference="EX-1",
    *,
    source="BGD",
    destination="SAU",
    valid_from=date(2020, 1, 1),
    valid_until=None,
    occupations=("2221",),
    agencies_may_act=True,
    health_ministry_takes_part=True,
    quota=None,
    is_confirmed=True,
):
    """An invented agreement between two governments."""
    return Agreement.objects.create(
        reference=reference,
        title=f"Example agreement {reference}",
        source_country=country(source),
        destination_country=country(destination),
        valid_from=valid_from,
        valid_until=valid_until,
        occupations=list(occupations),
        agencies_may_act=agencies_may_act,
        health_ministry_takes_part=health_ministry_takes_part,
        quota=quota,
        document="invented for a test",
        is_invented=True,
        recorded_at=LOADED_AT,
        confirmed_at=LOADED_AT if is_confirmed else None,
    )


def communication(
    iso3="ETH",
    *,
    kind="willing",
    valid_from=date(2026, 6, 1),
    valid_until=None,
    occupations=("2221",),
    is_confirmed=True,
):
    """What an invented letter of a country said of recruitment from it."""
    return CountryCommunication.objects.create(
        country=country(iso3),
        kind=kind,
        valid_from=valid_from,
        valid_until=valid_until,
        occupations=list(occupations),
        document="invented for a test",
        is_invented=True,
        recorded_at=LOADED_AT,
        confirmed_at=LOADED_AT if is_confirmed else None,
    )


def emergency(
    iso3="LKA",
    *,
    title="Example crisis",
    valid_from=date(2022, 4, 1),
    valid_until=None,
    is_confirmed=True,
):
    return Emergency.objects.create(
        country=country(iso3),
        title=title,
        valid_from=valid_from,
        valid_until=valid_until,
        source="invented for a test",
        is_invented=True,
        recorded_at=LOADED_AT,
        confirmed_at=LOADED_AT if is_confirmed else None,
    )


def authorization_requirement(
    iso3="PHL",
    *,
    side="source",
    valid_from=date(2015, 1, 1),
    valid_until=None,
    is_confirmed=True,
):
    return AuthorizationRequirement.objects.create(
        country=country(iso3),
        side=side,
        valid_from=valid_from,
        valid_until=valid_until,
        source="invented for a test",
        is_invented=True,
        recorded_at=LOADED_AT,
        confirmed_at=LOADED_AT if is_confirmed else None,
    )


def signing_officer(agency, *, user=None, name="Ciara Example"):
    """An officer who signs, with a person behind them who holds the role."""
    person = user or agency_person(agency, AgencyRole.SIGNING_OFFICER, name=name)
    return officer(agency, user=person, name=name)


def draft_attestation(
    agency, *, by=None, at=LOADED_AT, answers=None, explanations=None, continues=None
):
    """A draft on the catalogue of `reference`; both mappings go by the requirement's reference."""
    reference()
    attestation = Attestation.objects.create(
        agency=agency,
        edition_id=CATALOGUE,
        continues=continues,
        started_at=at,
        started_by=by or agency_person(agency),
    )
    Answer.objects.bulk_create(
        Answer(
            attestation=attestation,
            requirement=requirement,
            choice=answers[requirement.ref],
            explanation=(explanations or {}).get(
                requirement.ref,
                "We place nobody there."
                if answers[requirement.ref] == AnswerChoice.NOT_APPLICABLE
                else "",
            ),
            answered_at=at,
            answered_by=attestation.started_by,
        )
        for requirement in Requirement.objects.filter(edition=CATALOGUE)
        if answers and requirement.ref in answers
    )
    return attestation


def complete_draft(
    agency, *, by=None, at=LOADED_AT, choices=None, explanations=None, continues=None
):
    """A draft in which everything is answered "we do this", except what `choices` says, and the
    licence is evidenced."""
    reference()
    refs = Requirement.objects.filter(edition=CATALOGUE).values_list("ref", flat=True)
    answers = dict.fromkeys(refs, AnswerChoice.COMPLIES) | (choices or {})
    attestation = draft_attestation(
        agency, by=by, at=at, answers=answers, explanations=explanations, continues=continues
    )
    AnswerEvidence.objects.create(
        answer=attestation.answers.get(requirement__ref="REQ-07"),
        file=evidence_file(agency, by=attestation.started_by),
        covers_from=date(2022, 1, 1),
    )
    return attestation


def submitted_attestation(
    agency, *, officer=None, by=None, at=LOADED_AT, choices=None, explanations=None
):
    """Handed in by a signing officer at `at`, as `submit_attestation` does, on any day."""
    signer = officer or signing_officer(agency)
    attestation = complete_draft(
        agency, by=by or signer.user, at=at, choices=choices, explanations=explanations
    )
    attestation.state = AttestationState.SUBMITTED
    attestation.signed_by, attestation.submitted_by = signer, signer.user
    attestation.submitted_at = at
    attestation.declaration = declaration_for(attestation, signer, on=at.date())
    attestation.statement_digest = statement_digest(attestation)
    attestation.save()
    return attestation


def accepted_attestation(
    agency, *, officer=None, reviewer=None, at=LOADED_AT, choices=None, explanations=None
):
    """Handed in and accepted by the competent regulator at `at`."""
    attestation = submitted_attestation(
        agency, officer=officer, at=at, choices=choices, explanations=explanations
    )
    attestation.state = AttestationState.ACCEPTED
    attestation.reviewed_at = at
    attestation.reviewed_by = reviewer or staff(agency.regulator)
    attestation.save()
    return attestation


def returned_attestation(agency, *, officer=None, reviewer=None, at=LOADED_AT, note="Say more."):
    """Handed in and returned for changes at `at`."""
    attestation = submitted_attestation(agency, officer=officer, at=at)
    attestation.state = AttestationState.RETURNED
    attestation.reviewed_at, attestation.review_note = at, note
    attestation.reviewed_by = reviewer or staff(agency.regulator)
    attestation.save()
    return attestation


def evidence_file(agency, *, content=b"Licence 4711, valid in 2026.", name="licence.txt", by=None):
    """A file of the agency, really on disk under EVIDENCE_ROOT."""
    return receive_evidence(
        agency_id=agency.pk,
        file=SimpleUploadedFile(name, content),
        name=name,
        by=by or agency_person(agency),
        at=LOADED_AT,
    )
