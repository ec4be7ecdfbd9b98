"""A case as a register would hold it, where nothing is "not in question".

For whoever writes a case into a database and runs it like a real placement: absent answers become
answers that are in order, and what a case states outright becomes the rows that say the same. The
verdict must be the same by both ways; a test holds them together.
"""

from dataclasses import dataclass, replace
from typing import TypeVar

from attestations.crosscheck.case_inputs import CaseInputs
from attestations.crosscheck.enums import NOT_ASKED, NotAsked, Side
from attestations.crosscheck.lists import (
    AgencyRecord,
    Authorization,
    AuthorizationRequirement,
    Lists,
    Stretch,
)
from attestations.crosscheck.record import Place, PlacementRecord, day_of_recruitment
from attestations.crosscheck.ruleset import TRANSIT_MONTHS

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class RegisteredCase:
    """The rows that one case comes to.

    `agency.ethical_list` stays None where the case says that it is not answered: a register that
    keeps memberships cannot hold that, so it has to be carried beside the rows. The same goes for
    an authorization stated of a country that is missing or not clear.
    """

    case: CaseInputs
    record: PlacementRecord
    agency: AgencyRecord
    requirements: tuple[AuthorizationRequirement, ...]

    def over(self, lists: Lists) -> Lists:
        with_documents = self.case.over(lists)
        return replace(
            with_documents,
            requirements=(*with_documents.requirements, *self.requirements),
        )


def as_registered(case: CaseInputs) -> RegisteredCase:
    """Every absent answer in order: one country for a year or more, no fee, licensed."""
    record = _in_order(case.record)
    requirements: list[AuthorizationRequirement] = []
    authorizations: list[Authorization] = []

    def carried(side: Side, place: Place, answer: bool | NotAsked | None) -> bool | NotAsked | None:
        """Turns what is stated into rows; what no row can hold is handed back."""
        if isinstance(answer, NotAsked) or not isinstance(place, str):
            return answer
        requirements.append(AuthorizationRequirement(country=place, side=side))
        if answer is not None:
            authorizations.append(Authorization(country=place, side=side, held=answer))
        return NOT_ASKED

    source = carried(Side.SOURCE, record.residence, case.agency.source_authorization)
    destination = carried(Side.DESTINATION, record.dest, case.agency.destination_authorization)
    in_order = (Stretch(),)
    agency = replace(
        case.agency,
        licences=in_order if case.agency.licences is NOT_ASKED else case.agency.licences,
        ethical_list=(
            in_order if case.agency.ethical_list is NOT_ASKED else case.agency.ethical_list
        ),
        authorizations=tuple(authorizations),
        source_authorization=source,
        destination_authorization=destination,
    )
    return RegisteredCase(case, record, agency, tuple(requirements))


def _in_order(record: PlacementRecord) -> PlacementRecord:
    """Absent dates follow the known ones; an absent mode or country stays out of question."""
    day, _ = day_of_recruitment(record)
    residence = record.residence if isinstance(record.residence, str) else None
    elsewhere = record.dest if isinstance(record.dest, str) else NOT_ASKED
    return replace(
        record,
        training=_given(record.training, residence or elsewhere),
        source=_given(record.source, residence),
        nationality=_given(record.nationality, None),
        months=_given(record.months, TRANSIT_MONTHS),
        qualified=_given(record.qualified, record.placed),
        placed=_given(record.placed, record.qualified),
        recruited_on=_given(record.recruited_on, day or NOT_ASKED),
        offered_on=_given(record.offered_on, None),
        contracted_on=_given(record.contracted_on, None),
        started_on=_given(record.started_on, day or NOT_ASKED),
        fees=_given(record.fees, ()),
        repayment=_given(record.repayment, None),
        evidence=_given(record.evidence, None),
        by_ba=_given(record.by_ba, None),
        disclosed=_given(record.disclosed, None),
        obligation=_given(record.obligation, None),
        consulted=_given(record.consulted, None),
    )


def _given(answer: _Answer | NotAsked, in_order: _Answer | NotAsked) -> _Answer | NotAsked:
    return in_order if isinstance(answer, NotAsked) else answer
