"""Runs a table of worked cases (rules.md §6) the way a real placement goes.

Each case becomes records: an agency with its licences, authorizations, memberships and
restrictions, the agreement it cites, what countries communicated, and the placement row itself.
They are judged by the engine from what the database then says. All of it happens in a transaction
that is rolled back. What a case leaves out is "in order or not in question", which no column can
hold: those fields, and only those, are marked so on the record that was read back.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from agencies import numbering
from agencies.countries.spellings import resolve
from agencies.enums import Scheme
from agencies.enums import Side as AgencySide
from agencies.models import (
    Agency,
    AgencyRestriction,
    Authorization,
    Country,
    Regulator,
    SchemeMembership,
)
from attestations.crosscheck.case_documents import CITED
from attestations.crosscheck.case_inputs import CaseInputs, parse_case
from attestations.crosscheck.engine import Judgement, Reached, agency_record, load_lists
from attestations.crosscheck.enums import NOT_ASKED
from attestations.crosscheck.lists import AgencyRecord, Lists, Stretch
from attestations.crosscheck.record import PlacementRecord, Unresolved
from attestations.crosscheck.values import record_of
from attestations.enums import CommunicationKind
from attestations.placements.models import Placement
from attestations.reference import load_reference
from attestations.safeguards.models import (
    Agreement,
    AuthorizationRequirement,
    CountryCommunication,
    Emergency,
    ListEdition,
)

COLUMNS = ("id", "inputs_json", "edition", "expected_findings_json", "result")

# every day there is, and every post there is: what a case that names none means
ALWAYS = date.min
EVERY_POST = [str(digit) for digit in range(10)]
_HOME = "NZL"


class TableUnreadable(ValueError):
    """The file is no table of cases; the message says why."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case, and in what the answer differs from the one expected; nothing is a pass."""

    id: str
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


def read_table(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            rows = list(reader)
            headers = reader.fieldnames or ()
    except (OSError, UnicodeDecodeError, csv.Error) as wrong:
        raise TableUnreadable(f"{path} cannot be read: {wrong}.") from wrong
    missing = [name for name in COLUMNS if name not in headers]
    if missing:
        raise TableUnreadable(f"{path} has no column {', '.join(missing)}.")
    return rows


def verify(rows: list[dict[str, str]]) -> Iterator[CaseResult]:
    """Judge every case; the database is as it was when the last one has been asked for."""
    with transaction.atomic():
        try:
            _only_what_cases_say()
            for at, row in enumerate(rows, start=1):
                yield CaseResult(row["id"] or f"row {at + 1}", tuple(_differences(row)))
        finally:
            transaction.set_rollback(True)


def _only_what_cases_say() -> None:
    """The lists stay; what the register knows around real placements is out of the question."""
    if not ListEdition.objects.exists():
        load_reference(at=timezone.now())
    for model in (CountryCommunication, Emergency, AuthorizationRequirement):
        model.objects.all().delete()


def _differences(row: Mapping[str, Any]) -> Iterator[str]:
    try:
        expected = _findings_expected(row["expected_findings_json"])
        case = parse_case(row["inputs_json"], resolve)
    except (ValueError, TypeError, KeyError, RecursionError) as malformed:
        yield f"the row cannot be read: {malformed}"
        return
    try:
        with transaction.atomic():
            reached = judged(case)
            transaction.set_rollback(True)
    except (DatabaseError, ValueError, OverflowError) as refused:
        yield f"the case cannot be recorded: {refused}"
        return
    edition = (row["edition"] or "").strip()
    found = reached.verdict.edition or ""
    if found != ("" if edition.casefold() == "none" else edition):
        yield f"edition: expected {edition or 'none'}, found {found or 'none'}"
    findings = {
        (one.code, one.severity.value, one.disposition.value) for one in reached.verdict.findings
    }
    for one in sorted(expected - findings):
        yield f"finding expected and not found: {' '.join(one)}"
    for one in sorted(findings - expected):
        yield f"finding not expected: {' '.join(one)}"
    result = (row["result"] or "").strip()
    if result != reached.verdict.outcome.value:
        yield f"result: expected {result or 'nothing'}, found {reached.verdict.outcome.value}"


def _findings_expected(text: str) -> set[tuple[str, str, str]]:
    findings = json.loads(text or "[]")
    if not isinstance(findings, list) or not all(isinstance(found, dict) for found in findings):
        raise TypeError("expected_findings_json is not a list of objects")
    return {
        (str(found["code"]), str(found["severity"]), str(found.get("disposition", "open")))
        for found in findings
    }


def judged(case: CaseInputs) -> Reached:
    """Store the case, read it back, and judge it as the engine judges every placement."""
    agency = _store_agency(case)
    _store_documents(case)
    placement = _store_placement(agency, case.record)
    placement.refresh_from_db()
    judgement = Judgement(
        _unanswered_in(load_lists(), case), _unanswered_of(agency_record(agency), case)
    )
    return judgement.of_record(_not_in_question(record_of(placement), case.record))


def _not_in_question(stored: PlacementRecord, said: PlacementRecord) -> PlacementRecord:
    left_out = {
        field.name: NOT_ASKED for field in fields(said) if getattr(said, field.name) is NOT_ASKED
    }
    return replace(stored, **left_out)


def _unanswered_of(stored: AgencyRecord, case: CaseInputs) -> AgencyRecord:
    """In the register, not being on England's list is an answer; in a case it can be missing."""
    if case.agency.ethical_list is None:
        return replace(stored, ethical_list=None)
    return stored


def _unanswered_in(stored: Lists, case: CaseInputs) -> Lists:
    """An agreement in the register says yes or no; in a case it can leave that open."""
    said = {terms.reference: terms for terms in case.agreements}
    return replace(
        stored,
        agreements=tuple(
            replace(
                terms,
                agencies_may_act=said[terms.reference].agencies_may_act,
                health_ministry_takes_part=said[terms.reference].health_ministry_takes_part,
            )
            if terms.reference in said
            else terms
            for terms in stored.agreements
        ),
    )


def _store_agency(case: CaseInputs) -> Agency:
    at = timezone.now()
    regulator, _ = Regulator.objects.get_or_create(
        name="Authority of a worked case", country_id=_HOME, defaults={"recorded_at": at}
    )
    agency = Agency.objects.create(
        register_number=numbering.next_number(numbering.AGENCY),
        legal_name="Agency of a worked case",
        name_key="agency of a worked case",
        home_country_id=_HOME,
        regulator=regulator,
        registered_on=ALWAYS,
        recorded_at=at,
    )
    stated = case.agency
    licences = (Stretch(),) if stated.licences is NOT_ASKED else stated.licences
    for licence in licences:
        _authorize(agency, AgencySide.HOME, _HOME, licence)
    for side, country, held in (
        (AgencySide.SOURCE, case.record.residence, stated.source_authorization),
        (AgencySide.DESTINATION, case.record.dest, stated.destination_authorization),
    ):
        if not isinstance(country, str):
            continue
        if held is not NOT_ASKED:
            AuthorizationRequirement.objects.get_or_create(
                country_id=country,
                side=side,
                valid_from=ALWAYS,
                defaults={"source": "worked case", "recorded_at": at, "confirmed_at": at},
            )
        if held is not None:
            _authorize(agency, side, country, Stretch(), held=held is not False)
    if stated.ethical_list is NOT_ASKED or stated.ethical_list:
        SchemeMembership.objects.create(
            agency=agency, scheme=Scheme.ENGLAND_ERL, valid_from=ALWAYS, recorded_at=at
        )
    for restriction in stated.restrictions:
        AgencyRestriction.objects.create(
            agency=agency,
            kind=restriction.kind.value,
            certificate_number="worked case",
            effective_on=restriction.valid_from,
            restored_on=restriction.restored_on,
            reason_code="worked_case",
            recorded_at=at,
        )
    return agency


def _authorize(agency: Agency, side: str, country: str, dates: Stretch, *, held=True) -> None:
    Authorization.objects.create(
        agency=agency,
        side=side,
        country_id=country,
        held=held,
        valid_from=dates.valid_from or ALWAYS,
        valid_until=dates.valid_until,
        recorded_at=timezone.now(),
    )


def _store_documents(case: CaseInputs) -> None:
    at = timezone.now()
    recorded = {"recorded_at": at, "confirmed_at": at, "document": "worked case"}
    for terms in case.agreements:
        Agreement.objects.create(
            reference=CITED,
            title="Agreement of a worked case",
            source_country_id=terms.source,
            destination_country_id=terms.dest,
            valid_from=terms.valid_from or ALWAYS,
            valid_until=terms.valid_until,
            occupations=_posts(terms.occupations),
            agencies_may_act=terms.agencies_may_act is True,
            health_ministry_takes_part=terms.health_ministry_takes_part is True,
            **recorded,
        )
    for kind, communications in (
        (CommunicationKind.WILLING, case.willingness),
        (CommunicationKind.RESTRICTING, case.policies),
    ):
        for one in communications:
            CountryCommunication.objects.create(
                country_id=one.country,
                kind=kind,
                valid_from=one.valid_from or ALWAYS,
                valid_until=one.valid_until,
                occupations=_posts(getattr(one, "occupations", None)),
                **recorded,
            )
    for flag in case.emergencies:
        Emergency.objects.create(
            country_id=flag.country,
            title=flag.title,
            valid_from=flag.valid_from or ALWAYS,
            valid_until=flag.valid_until,
            source="worked case",
            recorded_at=at,
            confirmed_at=at,
        )


def _posts(occupations: frozenset[str] | None) -> list[str]:
    return EVERY_POST if occupations is None else sorted(occupations)


def _store_placement(agency: Agency, record: PlacementRecord) -> Placement:
    places = {
        "residence": record.residence,
        "training": record.training,
        "source": record.source,
        "nationality": record.nationality,
        "destination": record.dest,
    }
    unresolved = {
        field: {"text": place.text, "candidates": list(place.candidates)}
        for field, place in places.items()
        if isinstance(place, Unresolved)
    }
    return Placement.objects.create(
        agency=agency,
        reference="worked case",
        recorded_at=timezone.now(),
        **{
            field: place if isinstance(place, str) and _is_country(place) else None
            for field, place in places.items()
        },
        unresolved=unresolved or None,
        destination_part=(record.destination_part or "")[:20],
        months_resident=_said(record.months),
        qualified=_said(record.qualified),
        placed=_said(record.placed),
        other_occupations=" ".join(record.other_occ) or None,
        mode=_said(record.mode),
        independent_application=_said(record.evidence),
        recruited_on=_said(record.recruited_on),
        offered_on=_said(record.offered_on),
        contracted_on=_said(record.contracted_on),
        started_on=_said(record.started_on),
        fees=_fees(record),
        repayment=_repayment(record),
        agreement_cited=record.agreement_cited or "",
        by_federal_agency=_said(record.by_ba),
        lower_post_disclosed=_said(record.disclosed),
        obligation_outstanding=_said(record.obligation),
        consultation_recorded=_said(record.consulted),
    )


def _is_country(code: str) -> bool:
    return Country.objects.filter(pk=code).exists()


def _said(answer: Any) -> Any:
    return None if answer is NOT_ASKED else answer


def _fees(record: PlacementRecord) -> list[list[str | None]] | None:
    fees = _said(record.fees)
    if fees is None:
        return None
    return [[what, None if amount is None else str(amount)] for what, amount in fees]


def _repayment(record: PlacementRecord) -> dict[str, Any] | None:
    terms = _said(record.repayment)
    if terms is None:
        return None
    return {
        "reclaimed": list(terms.reclaimed),
        "disclosed": terms.disclosed,
        "tapers": terms.tapers,
    }
