from attestations.safeguards.models.dated import (
    Agreement,
    AuthorizationRequirement,
    CountryCommunication,
    Emergency,
)
from attestations.safeguards.models.editions import ListEdition, ListEntry
from attestations.safeguards.models.national import NationalGrade, NationalList
from attestations.safeguards.models.reckonings import Reckoning
from attestations.safeguards.models.revisions import Revision

__all__ = [
    "Agreement",
    "AuthorizationRequirement",
    "CountryCommunication",
    "Emergency",
    "ListEdition",
    "ListEntry",
    "NationalGrade",
    "NationalList",
    "Reckoning",
    "Revision",
]
