"""This set of rules by name, with the choices that are ours (rules.md §5.5).

A changed choice is a new version: a verdict names the version that it was reached under.
"""

from datetime import date

from attestations.crosscheck.enums import gettext_noop

VERSION = "2026-11-22.1"
DATED_ON = date(2026, 11, 22)

# WHA63.16: no edition counts before the Code itself
CODE_ADOPTED_ON = date(2010, 5, 21)

# the amendment that names care work; its final wording is not established (code_articles.md)
SCOPE_EXTENDED_ON = date(2026, 5, 29)

# fewer months than these in a third country read as transit: our choice, argued from A17
TRANSIT_MONTHS = 12

# ISCO-08 (R-SCOPE)
HEALTH_PREFIXES = ("221", "222", "223", "2240", "226", "321", "322", "323", "325")
CARE_CODES = frozenset({"5321", "5322", "5329"})

# the years of Norway's plan, and the notice that Ireland's commitment is cited from (A30)
NORWEGIAN_PLAN_FROM = date(2024, 1, 1)
NORWEGIAN_PLAN_UNTIL = date(2027, 12, 31)
IRISH_COMMITMENT_FROM = date(2024, 10, 28)

# more placements than these of one occupation within twelve months from a small island state
SMALL_ISLAND_PLACEMENTS = 10
SMALL_ISLAND_MONTHS = 12

# what a repayment clause may never reclaim, as words that its items are searched for (REQ-23)
NEVER_RECLAIMED = {
    gettext_noop("the agency's fee"): (
        "agency",
        "agencies",
        "recruiter",
        "recruitment fee",
        "recruitment fees",
    ),
    gettext_noop("the immigration skills charge"): ("skills charge", "skill charge", "isc"),
}
