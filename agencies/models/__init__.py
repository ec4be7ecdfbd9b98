from agencies.models.agencies import Agency, AgencyName, Branch, Officer, Partner
from agencies.models.authorizations import Authorization, SchemeMembership
from agencies.models.countries import Country
from agencies.models.journal import Delivery, JournalEntry, JournalHead
from agencies.models.numbering import NumberSeries
from agencies.models.people import (
    AgencyMembership,
    AgencyUserObjectPermission,
    Invitation,
    RegulatorMembership,
    SignInAttempt,
    User,
)
from agencies.models.regulators import Regulator
from agencies.models.restrictions import AgencyRestriction

__all__ = [
    "Agency",
    "AgencyMembership",
    "AgencyName",
    "AgencyRestriction",
    "AgencyUserObjectPermission",
    "Authorization",
    "Branch",
    "Country",
    "Delivery",
    "Invitation",
    "JournalEntry",
    "JournalHead",
    "NumberSeries",
    "Officer",
    "Partner",
    "Regulator",
    "RegulatorMembership",
    "SchemeMembership",
    "SignInAttempt",
    "User",
]
