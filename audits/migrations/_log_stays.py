"""The log only grows: the database itself refuses the rest. An opening is whole, or is erased."""

from agencies.lib.refusals import UPDATE, Refusal, append_only

WORDS = "the log is append-only"
TABLES = (
    "audits_logleaf",
    "audits_lognode",
    "audits_logcheckpoint",
    "audits_seencheckpoint",
)
REFUSALS = [refusal for table in TABLES for refusal in append_only(table, WORDS)] + [
    Refusal("audits_logopening_no_update", "audits_logopening", UPDATE, "an opening is only erased")
]
