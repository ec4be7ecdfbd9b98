"""The acts of the story, each through the service that a page would call.

Each looks first at what the register holds and does only what is still to do, so that a second run
keeps what stands and an interrupted one goes on.
"""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from agencies.models import Agency
from attestations.crosscheck.services import rejudge_all
from attestations.enums import AnswerChoice, AttestationState, ImportState
from attestations.models import (
    Agreement,
    Attestation,
    AuthorizationRequirement,
    CatalogueEdition,
    PlacementImport,
)
from attestations.placements.services import ask_to_apply, cancel_import, start_import
from attestations.services.drafting import answer_requirement, start_attestation
from attestations.services.evidence import attach_evidence, receive_evidence
from attestations.services.review import accept_attestation
from attestations.services.submission import submit_attestation
from attestations.statement import declaration_for
from config.demo import cast
from config.demo.worker import Worker

UNFINISHED = (ImportState.QUEUED, ImportState.RUNNING, ImportState.PREVIEW)
AGREEMENT = "INVENTED-KEN-GBR-2021"
EVIDENCE = {
    "REQ-01": "Invented training log: every recruiter trained on the Code and the List, 2026.",
    "REQ-02": "Invented policy: we keep the Code, whatever the State does. Signed 2026-01-05.",
    "REQ-07": "Invented copy of our licence INV, valid until 2029-12-31.",
    "REQ-11": "Invented procedure: before each campaign the edition in force is looked up.",
}


@transaction.atomic
def record_invented_surroundings() -> bool:
    """One agreement and one requirement of a country, both marked invented."""
    if Agreement.objects.filter(reference=AGREEMENT).exists():
        return False
    at = timezone.now()
    Agreement.objects.create(
        reference=AGREEMENT,
        title="Invented agreement on health workers, Kenya and United Kingdom",
        source_country_id="KEN",
        destination_country_id="GBR",
        valid_from=date(2021, 7, 29),
        occupations=["2221", "2222", "3221"],
        agencies_may_act=True,
        health_ministry_takes_part=True,
        document="Invented for the demonstration; no such text exists.",
        is_invented=True,
        recorded_at=at,
        recorded_by=cast.staff(cast.DESTINATION, "steward"),
        confirmed_at=at,
        confirmed_by=cast.staff(cast.DESTINATION, "officer"),
    )
    AuthorizationRequirement.objects.create(
        country_id="ZAF",
        side="source",
        valid_from=date(2015, 1, 1),
        source="Invented for the demonstration; says nothing of the real country.",
        is_invented=True,
        recorded_at=at,
        confirmed_at=at,
    )
    rejudge_all(reason="invented surroundings of the demonstration")
    return True


@transaction.atomic
def attest(part: cast.Part, *, admitted: frozenset[str]) -> bool:
    """Every requirement answered, evidence attached, signed by the officer, accepted."""
    agency = cast.agency_of(part)
    if Attestation.objects.filter(agency=agency, state=AttestationState.ACCEPTED).exists():
        return False
    member, officer = cast.agent(part, "member"), cast.agent(part, "officer")
    attestation = agency.attestations.filter(state=AttestationState.SUBMITTED).first()
    if attestation is None:
        attestation = agency.attestations.filter(
            state=AttestationState.DRAFT
        ).first() or start_attestation(agency_id=agency.pk, by=member)
        for requirement in attestation.edition.requirements.all():
            kept = requirement.ref not in admitted
            answer_requirement(
                attestation_id=attestation.pk,
                ref=requirement.ref,
                choice=AnswerChoice.COMPLIES if kept else AnswerChoice.DOES_NOT,
                explanation="" if kept else "Invented: we are working on this.",
                by=member,
            )
        for ref, text in EVIDENCE.items():
            _hand_in(agency, attestation, ref, f"{text}\n{part.name}\n", member)
        signatory = cast.signing_officer(part)
        submit_attestation(
            attestation_id=attestation.pk,
            officer_id=signatory.pk,
            declaration=declaration_for(attestation, signatory, on=timezone.localdate()),
            by=officer,
        )
    accept_attestation(attestation_id=attestation.pk, by=cast.staff(part.regulator, "officer"))
    return True


def _hand_in(agency: Agency, attestation: Attestation, ref: str, text: str, member) -> None:
    file = receive_evidence(
        agency_id=agency.pk, file=BytesIO(text.encode()), name=f"{ref}.txt", by=member
    )
    attach_evidence(
        attestation_id=attestation.pk,
        ref=ref,
        evidence_id=file.pk,
        covers_from=date(2026, 1, 1),
        covers_until=date(2026, 12, 31),
        by=member,
    )


def upload(part: cast.Part, path: Path, worker: Worker) -> PlacementImport:
    """A file handed in, read by the worker, looked at and saved; the same file is kept."""
    agency, member = cast.agency_of(part), cast.agent(part, "member")
    stands = agency.placement_imports.filter(
        original_name=path.name, state=ImportState.APPLIED
    ).first()
    if stands:
        return stands
    # of a run that was interrupted: nothing of it was saved
    for left in agency.placement_imports.filter(original_name=path.name, state__in=UNFINISHED):
        cancel_import(import_id=left.pk, by=member)
    with path.open("rb") as file:
        record = start_import(agency_id=agency.pk, file=file, name=path.name, by=member)
    _wait(record, ImportState.PREVIEW, worker, f"reading {path.name}")
    ask_to_apply(import_id=record.pk, by=member)
    _wait(record, ImportState.APPLIED, worker, f"saving {path.name}")
    return record


def _wait(record: PlacementImport, state: str, worker: Worker, what: str) -> None:
    worker.wait_for(lambda: _state_of(record) in (state, ImportState.FAILED), what)
    if record.state == ImportState.FAILED:
        raise RuntimeError(f"{record.original_name}: {record.message}")


def _state_of(record: PlacementImport) -> str:
    record.refresh_from_db()
    return record.state


def newest_edition() -> CatalogueEdition:
    return CatalogueEdition.objects.order_by("-published_on").first()


def weeks_ago(weeks: int) -> date:
    return timezone.localdate() - timedelta(weeks=weeks)
