"""The rows of `test_rules` on lists, destinations and agreements."""

import pytest

from attestations.crosscheck.answers import Destination, Scope, Stay
from attestations.crosscheck.cover import Cover
from attestations.crosscheck.enums import NOT_ASKED, Mode, Truth
from attestations.crosscheck.rules import (
    agreements,
    national,
    safeguards_list,
)

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
LISTED = {"residence_listed": YES}
COVERED = {"cover": Cover.COVERS, "agreement": "MoU 1"}
RED = {"destination": Destination.ENGLAND, "red": YES}
AMBER = {"destination": Destination.ENGLAND, "amber": YES}
ANNEX = {"destination": Destination.GERMANY, "annex": YES}
TRANSIT = {"trained_in_listed": YES, "stay": Stay.SHORT}

ACTIVE_LISTED = safeguards_list.active_recruitment_from_a_listed_country
PASSIVE = safeguards_list.a_listed_residents_own_application
FACILITATED = safeguards_list.help_after_a_listed_residents_own_application
EDUCATION = safeguards_list.education_pathway_from_a_listed_country
REMOTE = safeguards_list.remote_service_from_a_listed_country
PASSING = safeguards_list.trained_in_a_listed_country_and_passing_through_another
SETTLED = safeguards_list.trained_in_a_listed_country_and_settled_in_another
ADDED = safeguards_list.country_listed_between_recruitment_and_start
NO_EDITION = safeguards_list.recruited_before_any_edition
UK_RED = national.england_recruits_from_its_red_list
UK_AMBER = national.england_recruits_from_its_amber_list
UK_ERL = national.agency_is_not_on_the_ethical_recruiters_list
UK_NATION = national.another_uk_nation_has_its_own_code
GERMANY = national.german_statute_reserves_the_recruitment
NORWAY = national.norway_speaks_of_unmet_need
IRELAND = national.ireland_aligns_its_agreements
BLA_INVALID = agreements.the_agreement_cited_does_not_cover
BLA_NO_MOH = agreements.the_agreement_knows_no_health_ministry
CAP = agreements.the_agreements_places_are_used_up
POLICY = agreements.source_country_has_a_policy_of_its_own
EMERGENCY = agreements.recruited_in_an_emergency_without_consultation


def row(rule, changes, expected, sentence):
    return pytest.param(rule, changes, expected, id=f"{rule.__name__}: {sentence}")


NOTHING = ()
ROWS = [
    row(ACTIVE_LISTED, LISTED, "SSL-ACTIVE critical open", "approached, listed: open"),
    row(ACTIVE_LISTED, LISTED | {"scope": Scope.CARE}, NOTHING, "care alone is not the Code's"),
    row(ACTIVE_LISTED, LISTED | {"scope": Scope.UNKNOWN}, NOTHING, "no occupation known: silent"),
    row(ACTIVE_LISTED, {}, NOTHING, "residence not listed"),
    row(ACTIVE_LISTED, LISTED | {"mode": Mode.DIRECT}, NOTHING, "own application is not active"),
    row(ACTIVE_LISTED, LISTED | {"mode": NOT_ASKED}, NOTHING, "the mode is not in question"),
    row(
        ACTIVE_LISTED,
        LISTED | COVERED,
        "SSL-ACTIVE critical excepted:agreement by MoU 1",
        "a covering agreement excepts",
    ),
    row(
        ACTIVE_LISTED,
        LISTED | {"willing": YES, "willingness": "letter"},
        "SSL-ACTIVE critical excepted:waiver by letter",
        "the country's willingness excepts",
    ),
    row(
        ACTIVE_LISTED,
        LISTED | COVERED | {"willing": YES, "willingness": "letter"},
        "SSL-ACTIVE critical excepted:agreement by MoU 1",
        "the agreement comes before the willingness",
    ),
    row(
        ACTIVE_LISTED,
        LISTED | COVERED | {"mode": None},
        "SSL-ACTIVE critical excepted:agreement by MoU 1",
        "excepted before the mode is asked",
    ),
    row(
        ACTIVE_LISTED,
        LISTED | {"mode": None},
        "SSL-ACTIVE critical indeterminate",
        "an unknown mode leaves it open to question",
    ),
    row(
        ACTIVE_LISTED,
        {"residence_listed": UNKNOWN},
        "SSL-ACTIVE critical indeterminate",
        "no date: listed by one edition and not by another",
    ),
    row(
        ACTIVE_LISTED,
        LISTED | {"cover": Cover.CANNOT_TELL, "agreement": "MoU 1"},
        "SSL-ACTIVE critical indeterminate",
        "the cover hangs on a missing answer",
    ),
    row(
        ACTIVE_LISTED,
        LISTED | {"willing": UNKNOWN},
        "SSL-ACTIVE critical indeterminate",
        "the willingness hangs on a missing answer",
    ),
    row(PASSIVE, LISTED | {"mode": Mode.DIRECT}, "SSL-PASSIVE observation open", "observed"),
    row(PASSIVE, {"mode": Mode.DIRECT}, NOTHING, "not listed"),
    row(PASSIVE, LISTED, NOTHING, "another mode"),
    row(PASSIVE, LISTED | {"mode": None}, NOTHING, "an unknown mode is no application"),
    row(
        PASSIVE,
        {"mode": Mode.DIRECT, "residence_listed": UNKNOWN},
        "SSL-PASSIVE observation indeterminate",
        "no date",
    ),
    row(
        FACILITATED,
        LISTED | {"mode": Mode.FACILITATED, "evidence": True},
        "SSL-FACILITATED observation open",
        "with proof",
    ),
    row(
        FACILITATED,
        LISTED | {"mode": Mode.FACILITATED},
        "SSL-FACILITATED major open",
        "without proof",
    ),
    row(FACILITATED, LISTED, NOTHING, "another mode"),
    row(EDUCATION, LISTED | {"mode": Mode.EDU}, "SSL-EDU minor open", "listed"),
    row(
        EDUCATION,
        LISTED | COVERED | {"mode": Mode.EDU},
        "SSL-EDU minor excepted:agreement by MoU 1",
        "a covering agreement excepts",
    ),
    row(
        EDUCATION,
        LISTED | {"mode": Mode.EDU, "willing": YES, "willingness": "letter"},
        "SSL-EDU minor open",
        "the country's willingness does not",
    ),
    row(
        EDUCATION,
        LISTED | {"mode": Mode.EDU, "cover": Cover.CANNOT_TELL},
        "SSL-EDU minor indeterminate",
        "the cover hangs on a missing answer",
    ),
    row(EDUCATION, LISTED, NOTHING, "another mode"),
    row(REMOTE, LISTED | {"mode": Mode.TELE}, "SSL-TELE observation open", "observed"),
    row(REMOTE, LISTED, NOTHING, "another mode"),
    row(PASSING, TRANSIT, "SSL-TRANSIT major open", "a short stay"),
    row(PASSING, TRANSIT | {"stay": Stay.LONG}, NOTHING, "a long stay"),
    row(
        PASSING,
        TRANSIT | {"stay": Stay.UNKNOWN},
        "SSL-TRANSIT major indeterminate",
        "months not answered",
    ),
    row(
        PASSING,
        TRANSIT | {"trained_in_listed": UNKNOWN},
        "SSL-TRANSIT major indeterminate",
        "no date",
    ),
    row(PASSING, TRANSIT | {"mode": Mode.DIRECT}, NOTHING, "not active"),
    row(PASSING, TRANSIT | {"mode": None}, NOTHING, "mode unknown"),
    row(PASSING, {"stay": Stay.SHORT}, NOTHING, "not trained in a listed country"),
    row(
        SETTLED,
        TRANSIT | {"stay": Stay.LONG},
        "SSL-TRAINED observation open",
        "a year or more",
    ),
    row(SETTLED, TRANSIT, NOTHING, "a short stay"),
    row(SETTLED, TRANSIT | {"stay": Stay.UNKNOWN}, NOTHING, "months not answered"),
    row(
        SETTLED,
        {"stay": Stay.LONG, "trained_in_listed": UNKNOWN},
        "SSL-TRAINED observation indeterminate",
        "no date",
    ),
    row(ADDED, {"added_before_start": True}, "SSL-ADDED-LATER observation open", "noted"),
    row(ADDED, {"added_before_start": True, "mode": Mode.DIRECT}, NOTHING, "not active"),
    row(ADDED, {"added_before_start": True, "scope": Scope.CARE}, NOTHING, "care alone"),
    row(ADDED, {}, NOTHING, "same edition"),
    row(NO_EDITION, {"edition": None}, "NO-EDITION observation open", "before the Code"),
    row(NO_EDITION, {"edition": None, "day_known": False}, NOTHING, "an unknown day is not early"),
    row(NO_EDITION, {"edition": None, "scope": Scope.OUTSIDE}, NOTHING, "outside the scope"),
    row(NO_EDITION, {}, NOTHING, "an edition in force"),
    row(UK_RED, RED, "UK-RED critical open", "approached"),
    row(UK_RED, RED | {"scope": Scope.CARE}, "UK-RED critical open", "care is in its scope"),
    row(UK_RED, RED | {"scope": Scope.OUTSIDE}, NOTHING, "neither health nor care"),
    row(UK_RED, RED | {"mode": None}, "UK-RED critical indeterminate", "mode unknown"),
    row(UK_RED, RED | {"red": UNKNOWN}, "UK-RED critical indeterminate", "no date"),
    row(
        UK_RED,
        RED | {"cover": Cover.CANNOT_TELL},
        "UK-RED critical indeterminate",
        "the cover hangs on a missing answer",
    ),
    row(UK_RED, RED | {"mode": Mode.FACILITATED}, "UK-RED critical open", "help without proof"),
    row(UK_RED, RED | {"mode": Mode.FACILITATED, "evidence": True}, NOTHING, "help with proof"),
    row(UK_RED, RED | {"mode": Mode.EDU}, NOTHING, "education"),
    row(
        UK_RED,
        RED | COVERED,
        "UK-RED critical excepted:agreement by MoU 1",
        "a covering agreement excepts",
    ),
    row(
        UK_RED,
        RED | {"willing": YES, "willingness": "letter"},
        "UK-RED critical open",
        "a waiver does not touch a national list",
    ),
    row(UK_RED, {}, NOTHING, "no colour"),
    row(UK_AMBER, AMBER, "UK-AMBER critical open", "approached"),
    row(
        UK_AMBER,
        AMBER | COVERED,
        "UK-AMBER critical excepted:agreement by MoU 1",
        "a covering agreement excepts",
    ),
    row(UK_AMBER, RED, NOTHING, "red is another colour"),
    row(
        UK_ERL,
        {"destination": Destination.ENGLAND, "on_ethical_list": NO},
        "UK-ERL major open",
        "not on it",
    ),
    row(UK_ERL, {"destination": Destination.ENGLAND, "on_ethical_list": YES}, NOTHING, "on it"),
    row(
        UK_ERL,
        {"destination": Destination.ENGLAND, "on_ethical_list": UNKNOWN},
        "UK-ERL major indeterminate",
        "on it for a time, and no date",
    ),
    row(
        UK_ERL,
        {"destination": Destination.ENGLAND, "on_ethical_list": NO, "mode": Mode.FACILITATED},
        "UK-ERL major open",
        "help after an own application",
    ),
    row(
        UK_ERL,
        {"destination": Destination.ENGLAND, "on_ethical_list": NO, "mode": Mode.DIRECT},
        NOTHING,
        "own application",
    ),
    row(
        UK_ERL,
        {"destination": Destination.ENGLAND, "on_ethical_list": NO, "mode": None},
        NOTHING,
        "mode unknown",
    ),
    row(
        UK_ERL,
        {"destination": Destination.ENGLAND, "on_ethical_list": NO, "scope": Scope.OUTSIDE},
        NOTHING,
        "outside the scope",
    ),
    row(UK_ERL, {"on_ethical_list": NO}, NOTHING, "another destination"),
    row(
        UK_NATION,
        {"destination": Destination.OTHER_UK_NATION},
        "UK-NATION observation open",
        "its code is not loaded",
    ),
    row(
        UK_NATION,
        {"destination": Destination.OTHER_UK_NATION, "scope": Scope.OUTSIDE},
        NOTHING,
        "outside the scope",
    ),
    row(UK_NATION, {"destination": Destination.ENGLAND}, NOTHING, "England"),
    row(GERMANY, ANNEX, "DE-38 critical open", "a private agency"),
    row(GERMANY, ANNEX | COVERED, "DE-38 critical open", "an agreement does not except it"),
    row(GERMANY, ANNEX | {"willing": YES}, "DE-38 critical open", "nor does a waiver"),
    row(GERMANY, ANNEX | {"mode": Mode.EDU}, "DE-38 critical open", "education"),
    row(GERMANY, ANNEX | {"scope": Scope.CARE}, "DE-38 critical open", "care is in its scope"),
    row(
        GERMANY,
        ANNEX | {"mode": Mode.FACILITATED, "evidence": True},
        "DE-38 critical indeterminate",
        "help after an own application is a question of law",
    ),
    row(GERMANY, ANNEX | {"mode": None}, "DE-38 critical indeterminate", "mode unknown"),
    row(GERMANY, ANNEX | {"annex": UNKNOWN}, "DE-38 critical indeterminate", "the date gap"),
    row(GERMANY, ANNEX | {"by_federal_agency": True}, NOTHING, "the Federal Agency itself"),
    row(GERMANY, ANNEX | {"mode": Mode.DIRECT}, NOTHING, "own application"),
    row(GERMANY, ANNEX | {"mode": Mode.TELE}, NOTHING, "remote service"),
    row(GERMANY, ANNEX | {"scope": Scope.OUTSIDE}, NOTHING, "outside the scope"),
    row(GERMANY, {"destination": Destination.GERMANY}, NOTHING, "not in the annex"),
    row(
        NORWAY,
        LISTED | {"norwegian_plan": True},
        "NO-UNMET observation open",
        "a listed source in the years of the plan",
    ),
    row(NORWAY, {"norwegian_plan": True}, NOTHING, "a source on no list"),
    row(NORWAY, LISTED, NOTHING, "another destination or other years"),
    row(
        IRELAND,
        {"irish_commitment": True, "cover": Cover.DOES_NOT, "agreement": "MoU 1"},
        "IE-ALIGN observation open",
        "an agreement is relied on",
    ),
    row(IRELAND, {"irish_commitment": True}, NOTHING, "no agreement is relied on"),
    row(IRELAND, COVERED, NOTHING, "another destination or before it"),
    row(BLA_INVALID, {"cover": Cover.DOES_NOT}, "BLA-INVALID major open", "does not cover"),
    row(
        BLA_INVALID,
        {"cover": Cover.DOES_NOT, "scope": Scope.OUTSIDE, "mode": None},
        "BLA-INVALID major open",
        "whatever else holds",
    ),
    row(BLA_INVALID, {"cover": Cover.CANNOT_TELL}, NOTHING, "cannot be told"),
    row(BLA_INVALID, COVERED, NOTHING, "covers"),
    row(
        BLA_NO_MOH,
        COVERED | {"health_ministry_takes_part": False},
        "BLA-NO-MOH minor open",
        "covers without one",
    ),
    row(
        BLA_NO_MOH,
        {"cover": Cover.DOES_NOT, "health_ministry_takes_part": False},
        NOTHING,
        "does not cover anyway",
    ),
    row(BLA_NO_MOH, COVERED, NOTHING, "one takes part"),
    row(CAP, {"quota_used_up": True}, "CAP-EXCEEDED major open", "used up"),
    row(CAP, COVERED, NOTHING, "places left"),
    row(POLICY, {"restricting_policy": YES}, "REQ-SAFEGUARD major open", "off the List"),
    row(POLICY, LISTED | {"restricting_policy": YES}, NOTHING, "on the List"),
    row(
        POLICY,
        COVERED | {"restricting_policy": YES},
        "REQ-SAFEGUARD major excepted:agreement by MoU 1",
        "a covering agreement excepts",
    ),
    row(
        POLICY,
        {"restricting_policy": UNKNOWN},
        "REQ-SAFEGUARD major indeterminate",
        "no date",
    ),
    row(POLICY, {"restricting_policy": YES, "mode": Mode.DIRECT}, NOTHING, "not active"),
    row(POLICY, {}, NOTHING, "no policy"),
    row(EMERGENCY, {"emergency": YES}, "EMERG-NO-CONSULT major open", "not consulted"),
    row(EMERGENCY, {"emergency": YES, "consulted": True}, NOTHING, "consulted"),
    row(EMERGENCY, {"emergency": YES, "mode": Mode.DIRECT}, NOTHING, "not active"),
    row(EMERGENCY, {"emergency": YES, "scope": Scope.OUTSIDE}, NOTHING, "outside the scope"),
    row(EMERGENCY, {"emergency": UNKNOWN}, "EMERG-NO-CONSULT major indeterminate", "no date"),
    row(EMERGENCY, {}, NOTHING, "no emergency"),
]
