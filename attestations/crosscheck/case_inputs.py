"""Reads the inputs of a case table (rules.md §6): strictly, with absent and null kept apart.

An absent key is in order or not in question; null is missing. What is read is a placement, what
the register knows around it and what it knows of the agency, for the pure rules and for whoever
writes the same case into a database.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from attestations.crosscheck.case_documents import (
    CaseError,
    Resolve,
    agreement_in,
    date_in,
    occupation_code,
    occupation_codes,
    policies_in,
    willingness_in,
)
from attestations.crosscheck.enums import NOT_ASKED, Mode, NotAsked, RestrictionKind
from attestations.crosscheck.lists import (
    AgencyRecord,
    AgencyRestriction,
    AgreementTerms,
    EmergencyFlag,
    Lists,
    RestrictingPolicy,
    Stretch,
    Willingness,
)
from attestations.crosscheck.record import (
    Day,
    Fee,
    Place,
    PlacementRecord,
    RepaymentTerms,
    Said,
    Unresolved,
)

KEYS = frozenset(
    {
        "residence",
        "training",
        "source",
        "nationality",
        "dest",
        "dest_part",
        "months",
        "qualified",
        "placed",
        "other_occ",
        "mode",
        "evidence",
        "recruited",
        "offered",
        "contracted",
        "start",
        "fees",
        "repay",
        "lic",
        "src_auth",
        "dst_auth",
        "erl",
        "cert",
        "bla",
        "waiver",
        "policy",
        "by_ba",
        "disclosed",
        "obligation",
        "emergency",
        "consulted",
    }
)
_STATUSES = {
    "suspended": RestrictionKind.SUSPENSION,
    "withdrawn": RestrictionKind.WITHDRAWAL,
}
# parts of GBR as people write them; its own codes are not England's (rules.md §6)
_UK_PARTS = {
    "england": "England",
    "gb-eng": "England",
    "scotland": "Scotland",
    "gb-sct": "Scotland",
    "wales": "Wales",
    "gb-wls": "Wales",
    "northern ireland": "Northern Ireland",
    "gb-nir": "Northern Ireland",
}


@dataclass(frozen=True, slots=True)
class CaseInputs:
    """One case: the placement, what is on file around it, what is known of the agency."""

    record: PlacementRecord
    agency: AgencyRecord
    agreements: tuple[AgreementTerms, ...] = ()
    willingness: tuple[Willingness, ...] = ()
    policies: tuple[RestrictingPolicy, ...] = ()
    emergencies: tuple[EmergencyFlag, ...] = ()

    def over(self, lists: Lists) -> Lists:
        """The reference lists with this case's own documents added."""
        return replace(
            lists,
            agreements=(*lists.agreements, *self.agreements),
            willingness=(*lists.willingness, *self.willingness),
            policies=(*lists.policies, *self.policies),
            emergencies=(*lists.emergencies, *self.emergencies),
        )


def parse_case(inputs: str | Mapping[str, Any], resolve: Resolve) -> CaseInputs:
    """Reads `inputs_json`. `resolve` gives the ISO code of a spelling, or raises ValueError or
    LookupError where it names no single country."""
    stated: Mapping[str, Any] = json.loads(inputs) if isinstance(inputs, str) else inputs
    if not isinstance(stated, Mapping):
        raise CaseError("The inputs are not an object.")
    unknown = sorted(set(stated) - KEYS)
    if unknown:
        raise CaseError(f"Unknown keys: {', '.join(unknown)}.")
    dest, part = _destination(stated, resolve)
    agreement = agreement_in(stated.get("bla"), resolve)
    record = PlacementRecord(
        residence=_place(stated, "residence", resolve),
        training=_place(stated, "training", resolve),
        source=_place(stated, "source", resolve),
        nationality=_place(stated, "nationality", resolve),
        dest=dest,
        destination_part=part,
        months=_months(stated),
        qualified=_occupation(stated, "qualified"),
        placed=_occupation(stated, "placed"),
        other_occ=occupation_codes(stated.get("other_occ") or (), "other_occ"),
        mode=_mode(stated),
        evidence=_said(stated, "evidence"),
        recruited_on=_day(stated, "recruited"),
        offered_on=_day(stated, "offered"),
        contracted_on=_day(stated, "contracted"),
        started_on=_day(stated, "start"),
        fees=_fees(stated),
        repayment=_repayment(stated),
        agreement_cited=agreement.reference if agreement else None,
        by_ba=_said(stated, "by_ba"),
        disclosed=_said(stated, "disclosed"),
        obligation=_said(stated, "obligation"),
        consulted=_said(stated, "consulted"),
    )
    return CaseInputs(
        record=record,
        agency=_agency(stated),
        agreements=(agreement,) if agreement else (),
        willingness=willingness_in(stated.get("waiver"), resolve),
        policies=policies_in(stated.get("policy"), resolve),
        emergencies=_emergencies(stated, record),
    )


def _place(stated: Mapping[str, Any], key: str, resolve: Resolve) -> Place:
    if key not in stated:
        return NOT_ASKED
    written = stated[key]
    if written is None:
        return None
    if not isinstance(written, str) or not written.strip():
        raise CaseError(f"{key}: {written!r} is not the name of a country.")
    try:
        return resolve(written)
    except (ValueError, LookupError) as refused:
        candidates = getattr(refused, "candidates", ())
        return Unresolved(written, tuple(str(one) for one in candidates))


def _destination(stated: Mapping[str, Any], resolve: Resolve) -> tuple[Place, str | None]:
    part = stated.get("dest_part")
    written = stated.get("dest")
    if isinstance(written, str):
        nation = _UK_PARTS.get(" ".join(written.casefold().split()))
        if nation is not None:
            return "GBR", part or nation
    if part is not None and not isinstance(part, str):
        raise CaseError(f"dest_part: {part!r} is not a name.")
    return _place(stated, "dest", resolve), part


def _months(stated: Mapping[str, Any]) -> int | NotAsked | None:
    months = stated.get("months", NOT_ASKED)
    if months is None or isinstance(months, NotAsked):
        return months
    if isinstance(months, bool) or not isinstance(months, int) or months < 0:
        raise CaseError(f"months: {months!r} is not a number of whole months.")
    return months


def _occupation(stated: Mapping[str, Any], key: str) -> str | NotAsked | None:
    code = stated.get(key, NOT_ASKED)
    if code is None or isinstance(code, NotAsked):
        return code
    return occupation_code(code, key)


def _mode(stated: Mapping[str, Any]) -> Mode | NotAsked | None:
    mode = stated.get("mode", NOT_ASKED)
    if mode is None or isinstance(mode, NotAsked):
        return mode
    try:
        return Mode(str(mode).strip().upper())
    except ValueError:
        raise CaseError(f"mode: {mode!r} is not one of {', '.join(Mode)}.") from None


def _said(stated: Mapping[str, Any], key: str) -> Said:
    answer = stated.get(key, NOT_ASKED)
    if answer is None or isinstance(answer, bool | NotAsked):
        return answer
    raise CaseError(f"{key}: {answer!r} is neither true, false nor null.")


def _day(stated: Mapping[str, Any], key: str) -> Day:
    written = stated.get(key, NOT_ASKED)
    return written if isinstance(written, NotAsked) else date_in(written, key)


def _fees(stated: Mapping[str, Any]) -> tuple[Fee, ...] | NotAsked | None:
    fees = stated.get("fees", NOT_ASKED)
    if fees is None or isinstance(fees, NotAsked):
        return fees
    if not isinstance(fees, list):
        raise CaseError(f"fees: {fees!r} is not a list of [what, amount].")
    return tuple(_fee(fee) for fee in fees)


def _fee(fee: Any) -> Fee:
    if not isinstance(fee, list) or len(fee) != 2 or not isinstance(fee[0], str):
        raise CaseError(f"fees: {fee!r} is not [what, amount].")
    what, amount = fee
    if amount is None:
        return what, None
    try:
        return what, Decimal(str(amount))
    except InvalidOperation:
        raise CaseError(f"fees: {amount!r} is not an amount.") from None


def _repayment(stated: Mapping[str, Any]) -> RepaymentTerms | NotAsked | None:
    """The items reclaimed are listed under a key of any name, or each is a key of its own.

    Absent `disclosed` and `tapers` are in order, null is not given.
    """
    clause = stated.get("repay", NOT_ASKED)
    if clause is None or isinstance(clause, NotAsked):
        return clause
    if not isinstance(clause, Mapping):
        raise CaseError(f"repay: {clause!r} is not a repayment clause.")
    reclaimed: list[str] = []
    for key, value in clause.items():
        if key in ("disclosed", "tapers") or value is None or value is False:
            continue
        if isinstance(value, list | Mapping):
            reclaimed += [str(item) for item in value]
        else:
            reclaimed.append(value if isinstance(value, str) else key)
    return RepaymentTerms(
        tuple(reclaimed), clause.get("disclosed", True), clause.get("tapers", True)
    )


def _agency(stated: Mapping[str, Any]) -> AgencyRecord:
    return AgencyRecord(
        licences=_licences(stated),
        source_authorization=_said(stated, "src_auth"),
        destination_authorization=_said(stated, "dst_auth"),
        ethical_list=_ethical_list(stated),
        restrictions=_restrictions(stated.get("cert")),
    )


def _licences(stated: Mapping[str, Any]) -> tuple[Stretch, ...] | NotAsked:
    licence = stated.get("lic", NOT_ASKED)
    if isinstance(licence, NotAsked):
        return licence
    if licence is None:
        return ()
    if not isinstance(licence, list) or len(licence) != 2:
        raise CaseError(f"lic: {licence!r} is not [from, to].")
    return (Stretch(valid_from=date_in(licence[0], "lic"), valid_until=date_in(licence[1], "lic")),)


def _ethical_list(stated: Mapping[str, Any]) -> tuple[Stretch, ...] | NotAsked | None:
    listed = _said(stated, "erl")
    if listed is None or isinstance(listed, NotAsked):
        return listed
    return (Stretch(),) if listed else ()


def _restrictions(cert: Any) -> tuple[AgencyRestriction, ...]:
    """[status, from], and the day of a restoration where there was one. null: none ever held."""
    if cert is None:
        return ()
    if not isinstance(cert, list) or len(cert) not in (2, 3) or cert[0] not in _STATUSES:
        raise CaseError(f"cert: {cert!r} is not [suspended or withdrawn, from].")
    valid_from = date_in(cert[1], "cert")
    if valid_from is None:
        raise CaseError("cert: the day from which it holds is missing.")
    restored_on = date_in(cert[2], "cert") if len(cert) == 3 else None
    return (
        AgencyRestriction(kind=_STATUSES[cert[0]], valid_from=valid_from, restored_on=restored_on),
    )


def _emergencies(stated: Mapping[str, Any], record: PlacementRecord) -> tuple[EmergencyFlag, ...]:
    """A case's flag stands at the source, or at the destination where the source is not clear."""
    if _said(stated, "emergency") is not True:
        return ()
    for place in (record.residence, record.dest):
        if isinstance(place, str):
            return (EmergencyFlag(country=place, title="case emergency"),)
    return ()
