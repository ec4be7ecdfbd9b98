"""What is stored of the lists as the rules know it: one way from a row to its terms."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from attestations.crosscheck.enums import Side
from attestations.crosscheck.lists import (
    AgreementTerms,
    AuthorizationRequirement,
    Edition,
    EmergencyFlag,
    Lists,
    NationalRow,
    RestrictingPolicy,
    Willingness,
)
from attestations.enums import CommunicationKind
from attestations.safeguards.models import (
    Agreement,
    CountryCommunication,
    Emergency,
    ListEdition,
    ListEntry,
    NationalGrade,
)
from attestations.safeguards.models import AuthorizationRequirement as RequirementRow


def load_lists() -> Lists:
    """Everything dated that a rule may lean on, as it is confirmed and active now."""
    return Lists(
        editions=_editions(),
        england=_national("england"),
        germany=_national("germany"),
        agreements=tuple(map(agreement_terms, Agreement.objects.confirmed())),
        willingness=tuple(map(willingness, _communications(CommunicationKind.WILLING))),
        policies=tuple(map(policy, _communications(CommunicationKind.RESTRICTING))),
        emergencies=tuple(map(emergency_flag, Emergency.objects.confirmed())),
        requirements=tuple(map(requirement, RequirementRow.objects.confirmed())),
    )


def agreement_terms(row: Agreement) -> AgreementTerms:
    return AgreementTerms(
        reference=row.reference,
        source=row.source_country_id,
        dest=row.destination_country_id,
        occupations=frozenset(row.occupations),
        agencies_may_act=row.agencies_may_act,
        health_ministry_takes_part=row.health_ministry_takes_part,
        quota=row.quota,
        **_days(row),
    )


def willingness(row: CountryCommunication) -> Willingness:
    return Willingness(
        country=row.country_id,
        reference=reference_of(row),
        occupations=frozenset(row.occupations),
        **_days(row),
    )


def policy(row: CountryCommunication) -> RestrictingPolicy:
    return RestrictingPolicy(country=row.country_id, reference=reference_of(row), **_days(row))


def emergency_flag(row: Emergency) -> EmergencyFlag:
    return EmergencyFlag(country=row.country_id, title=row.title, **_days(row))


def requirement(row: RequirementRow) -> AuthorizationRequirement:
    return AuthorizationRequirement(country=row.country_id, side=Side(row.side), **_days(row))


def reference_of(communication: CountryCommunication) -> str:
    """How a country's communication is named where it excepts or restricts."""
    return f"{communication.country_id} {communication.valid_from}"


def beginning(day: date) -> date | None:
    """The first day that a calendar has stands for no beginning."""
    return None if day == date.min else day


def _days(row: Any) -> dict[str, Any]:
    return {"valid_from": beginning(row.valid_from), "valid_until": row.holds_until}


def _editions() -> tuple[Edition, ...]:
    countries: dict[str, set[str]] = {}
    for label, country in ListEntry.objects.values_list("edition_id", "country_id"):
        countries.setdefault(label, set()).add(country)
    return tuple(
        Edition(label, valid_from, frozenset(countries.get(label, ())))
        for label, valid_from in ListEdition.objects.active().values_list("label", "valid_from")
    )


def _national(code: str) -> tuple[NationalRow, ...]:
    fields = ("country_id", "grade", "earliest_possible", "valid_from", "valid_to_exclusive")
    rows = NationalGrade.objects.filter(national_list=code).values_list(*fields)
    return tuple(NationalRow(*row) for row in rows)


def _communications(kind: CommunicationKind) -> Iterable[CountryCommunication]:
    return CountryCommunication.objects.confirmed().filter(kind=kind)
