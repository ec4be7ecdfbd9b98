"""The rows of `test_rules` on the worker, the agency and the record itself."""

from attestations.crosscheck.answers import Fees, Licence, Scope, Stay
from attestations.crosscheck.enums import NOT_ASKED, Truth
from attestations.crosscheck.rules import (
    agency,
    record,
    worker,
)
from tests.attestations.crosscheck.rows_on_lists import COVERED, LISTED, NOTHING, TRANSIT, row

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
CHARGED = worker.the_worker_was_charged
FEE_UNKNOWN = worker.it_is_unknown_whether_the_worker_was_charged
REPAYMENT = worker.the_repayment_clause_is_unfair
DESKILL = worker.a_health_professional_is_placed_as_a_care_worker
DUTY = worker.a_legal_duty_at_home_is_outstanding
OUTSIDE = worker.neither_a_health_nor_a_care_occupation
UNLICENSED = agency.no_licence_covers_the_recruitment_date
LAPSED = agency.the_licence_ended_before_the_start
AUTH_SOURCE = agency.the_source_countrys_authorization_was_not_held
AUTH_DEST = agency.the_destinations_authorization_was_not_held
SUSPENDED = agency.recruited_while_the_certificate_was_suspended
UNDER_WAY = agency.under_way_when_the_certificate_was_suspended
MISSING = record.an_answer_is_missing
UNCLEAR = record.a_country_is_not_clear
DATE_ORDER = record.the_start_lies_before_the_recruitment
MISMATCH = record.the_declared_source_is_not_the_residence

ROWS = [
    row(CHARGED, {"fees": Fees.CHARGED}, "FEE-WORKER critical open", "something was"),
    row(CHARGED, {"fees": Fees.UNKNOWN}, NOTHING, "not known"),
    row(FEE_UNKNOWN, {"fees": Fees.UNKNOWN}, "FEE-UNKNOWN minor open", "not answered"),
    row(FEE_UNKNOWN, {"fees": Fees.NOT_ASKED}, NOTHING, "not in question"),
    row(FEE_UNKNOWN, {"fees": Fees.NONE}, NOTHING, "none"),
    row(REPAYMENT, {"repayment_unfair": True}, "REPAY-UNFAIR major open", "falls short"),
    row(REPAYMENT, {}, NOTHING, "fair, or none"),
    row(
        DESKILL,
        {"placed_below_qualification": True},
        "SCOPE-DESKILL major open",
        "not disclosed",
    ),
    row(
        DESKILL,
        {"placed_below_qualification": True, "disclosed": True},
        "SCOPE-DESKILL observation open",
        "disclosed, before the amendment",
    ),
    row(
        DESKILL,
        {"placed_below_qualification": True, "disclosed": True, "scope_extended": True},
        "SCOPE-DESKILL minor open",
        "disclosed, since the amendment",
    ),
    row(DESKILL, {"scope_extended": True}, NOTHING, "placed as qualified"),
    row(DUTY, {"obligation": True}, "OBLIG-4.2 major open", "known"),
    row(DUTY, {}, NOTHING, "none known"),
    row(OUTSIDE, {"scope": Scope.OUTSIDE}, "OUT-OF-SCOPE observation open", "neither"),
    row(OUTSIDE, {"scope": Scope.UNKNOWN}, NOTHING, "a missing occupation is not another"),
    row(UNLICENSED, {"licence": Licence.DOES_NOT}, "LIC-INVALID critical open", "none covers"),
    row(UNLICENSED, {"licence": Licence.LAPSED}, NOTHING, "covered on the day"),
    row(LAPSED, {"licence": Licence.LAPSED}, "LIC-LAPSED minor open", "ended before"),
    row(LAPSED, {"licence": Licence.COVERS}, NOTHING, "holds"),
    row(AUTH_SOURCE, {"source_authorization": NO}, "AUTH-SOURCE major open", "not listed"),
    row(
        AUTH_SOURCE,
        LISTED | COVERED | {"source_authorization": NO},
        "AUTH-SOURCE critical open",
        "listed, and an agreement does not cure it",
    ),
    row(AUTH_SOURCE, {"source_authorization": UNKNOWN}, NOTHING, "missing is another finding"),
    row(AUTH_SOURCE, {"source_authorization": YES}, NOTHING, "held"),
    row(AUTH_DEST, {"destination_authorization": NO}, "AUTH-DEST major open", "not held"),
    row(AUTH_DEST, {"destination_authorization": NOT_ASKED}, NOTHING, "not required on record"),
    row(
        SUSPENDED,
        {"recruited_under_restriction": True},
        "CERT-STATUS critical open",
        "under a suspension",
    ),
    row(SUSPENDED, {}, NOTHING, "never restricted"),
    row(
        UNDER_WAY,
        {"under_way_at_restriction": True},
        "CERT-PIPELINE observation open",
        "not yet started",
    ),
    row(UNDER_WAY, {}, NOTHING, "started before, or never restricted"),
    row(
        MISSING,
        {"missing": ("recruited", "lic")},
        "DATA-MISSING:recruited minor open; DATA-MISSING:lic minor open",
        "each by its key",
    ),
    row(
        MISSING,
        TRANSIT | {"stay": Stay.UNKNOWN},
        "DATA-MISSING:months minor open",
        "months where transit hangs on them",
    ),
    row(MISSING, {"stay": Stay.UNKNOWN}, NOTHING, "months where nothing hangs on them"),
    row(UNCLEAR, {"unresolved": True}, "CTRY-UNKNOWN major open", "never guessed"),
    row(UNCLEAR, {}, NOTHING, "all clear"),
    row(
        DATE_ORDER,
        {"starts_before_recruitment": True},
        "DATE-ORDER major open",
        "start first",
    ),
    row(DATE_ORDER, {}, NOTHING, "in order"),
    row(MISMATCH, {"source_differs": True}, "SRC-MISMATCH major open", "they differ"),
    row(MISMATCH, {}, NOTHING, "the same"),
]
