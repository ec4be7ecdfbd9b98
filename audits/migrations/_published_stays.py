"""What was published stays as it was: the database itself refuses the rest.

A migration that alters one of these tables ends with `refuse(schema_editor, REFUSALS)`, because
SQLite builds an altered table anew; `tests/audits/test_published_stays.py` asks for every trigger.
"""

from agencies.lib.refusals import DELETE, TRUNCATE, UPDATE, Refusal, differs

_DOCUMENT = (
    "number",
    "state",
    "statement",
    "statement_digest",
    "signature",
    "key_id",
    "pdf_digest",
    "pdf_size",
    "prepared_at",
    "prepared_by_id",
    "issued_at",
)
_CERTIFICATE = (
    *_DOCUMENT,
    "status_index",
    "agency_id",
    "regulator_id",
    "decision_id",
    "valid_from",
    "valid_until",
    "conditions",
    "void_reason",
)
_DECISION = (
    "public_id",
    "audit_id",
    "outcome",
    "reasons",
    "conditions",
    "valid_from",
    "valid_until",
    "appeal_until",
    "proposed_at",
    "proposed_by_id",
    "decided_at",
    "decided_by_id",
    "decline_reason",
)
_CHANGE = ("certificate_id", "kind", "effective_on", "reason", "explanation")
_PROPOSAL = ("proposed_at", "proposed_by_id")
_ANSWER = ("state", "confirmed_at", "confirmed_by_id", "decline_reason")

_OVER = "OLD.state <> 'prepared'"
_ANSWERED = "OLD.state <> 'proposed'"
_HEARD = "OLD.heard_at IS NOT NULL"
_SAYS_ISSUED = "OLD.issued_at IS NOT NULL"

CERTIFICATE = "an issued certificate never changes"
REPORT = "an issued report never changes"
DECISION = "a decision stays as it was taken"
SET_ASIDE = "a decision that was set aside stays so"
APPEAL = "an appeal stays as it was lodged and heard"
CHANGE = "a change of status stays as it was proposed and answered"
SCOPE = "the corridors of a certificate stay as they were issued, and end once"
ADDENDUM = "an issued addendum never changes"

# table, event, in which words, when
_RULES = [
    ("certificate", UPDATE, CERTIFICATE, f"{_OVER} AND ({differs(*_CERTIFICATE)})"),
    (
        "certificate",
        UPDATE,
        "a certificate is superseded once",
        "OLD.superseded_at IS NOT NULL AND ("
        + differs("superseded_at", "superseded_on", "superseded_by_id")
        + ")",
    ),
    ("certificate", DELETE, "the number of a certificate is kept for ever", "1 = 1"),
    (
        "certificatescope",
        UPDATE,
        SCOPE,
        differs("certificate_id", "agency_id", "source_id", "destination_id", "occupation_group"),
    ),
    (
        "certificatescope",
        UPDATE,
        SCOPE,
        "OLD.ended_at IS NOT NULL AND (" + differs("ended_at", "ended_on", "replaced_by_id") + ")",
    ),
    ("certificatescope", DELETE, SCOPE, "1 = 1"),
    ("statuschange", UPDATE, CHANGE, differs(*_CHANGE, *_PROPOSAL)),
    ("statuschange", UPDATE, CHANGE, f"{_ANSWERED} AND ({differs(*_ANSWER)})"),
    ("statuschange", DELETE, CHANGE, _ANSWERED),
    ("auditreport", UPDATE, REPORT, f"{_OVER} AND ({differs('audit_id', *_DOCUMENT)})"),
    ("auditreport", DELETE, "the number of a report is kept for ever", "1 = 1"),
    (
        "reportaddendum",
        UPDATE,
        ADDENDUM,
        f"{_SAYS_ISSUED} AND ("
        + differs("report_id", "position", "text", "reason", "issued_at", "issued_by_id")
        + ")",
    ),
    ("reportaddendum", DELETE, ADDENDUM, _SAYS_ISSUED),
    ("decision", UPDATE, DECISION, f"{_ANSWERED} AND ({differs(*_DECISION)})"),
    (
        "decision",
        UPDATE,
        SET_ASIDE,
        "OLD.set_aside_at IS NOT NULL AND (" + differs("state", "set_aside_at") + ")",
    ),
    ("decision", DELETE, DECISION, _ANSWERED),
    (
        "appeal",
        UPDATE,
        APPEAL,
        differs("public_id", "decision_id", "grounds", "lodged_at", "lodged_by_id"),
    ),
    (
        "appeal",
        UPDATE,
        APPEAL,
        f"{_HEARD} AND (" + differs("state", "heard_at", "heard_by_id", "reasons") + ")",
    ),
    ("appeal", DELETE, APPEAL, "1 = 1"),
    *(
        (table, TRUNCATE, "what was published is not emptied", "1 = 1")
        for table in (
            "certificate",
            "certificatescope",
            "statuschange",
            "auditreport",
            "reportaddendum",
            "decision",
            "appeal",
        )
    ),
]

_RESTRICTION = "a restriction stays as it was recorded, and ends once"
_OF_OTHER_ROOMS = [
    (
        "agencies_agencyrestriction",
        UPDATE,
        _RESTRICTION,
        differs(
            "agency_id",
            "kind",
            "certificate_number",
            "effective_on",
            "reason_code",
            "recorded_at",
        ),
    ),
    (
        "agencies_agencyrestriction",
        UPDATE,
        _RESTRICTION,
        "OLD.restored_on IS NOT NULL AND (" + differs("restored_on") + ")",
    ),
    ("agencies_agencyrestriction", DELETE, _RESTRICTION, "1 = 1"),
    # what attestations freezes row by row is not emptied either
    *(
        (table, TRUNCATE, "what was published is not emptied", "1 = 1")
        for table in (
            "agencies_agencyrestriction",
            "attestations_answer",
            "attestations_answerevidence",
            "attestations_attestation",
            "attestations_catalogueedition",
            "attestations_listedition",
            "attestations_listentry",
            "attestations_requirement",
            "attestations_revision",
        )
    ),
]

REFUSALS = [
    Refusal(f"audits_published_{at:02}", table, event, words, when)
    for at, (table, event, words, when) in enumerate(
        [(f"audits_{table}", *rule) for table, *rule in _RULES] + _OF_OTHER_ROOMS, start=1
    )
]
