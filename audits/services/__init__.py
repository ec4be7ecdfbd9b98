"""Every act of an audit, one verb each."""

from audits.services.appeals import hear_appeal, lodge_appeal
from audits.services.conclusions import (
    conclude_audit,
    issue_addendum,
    issue_report,
    propose_addendum,
)
from audits.services.corrections import (
    reject_correction,
    request_correction,
    submit_correction,
    verify_correction,
)
from audits.services.decisions import close_audit, decide, decline_proposal, propose_decision
from audits.services.evidence_gathering import (
    draw_sample,
    record_checklist_result,
    record_sample_result,
)
from audits.services.findings import Evidence, raise_finding, reply_to_finding, withdraw_finding
from audits.services.planning import cancel_audit, change_team, open_audit, plan_audit

__all__ = [
    "Evidence",
    "cancel_audit",
    "change_team",
    "close_audit",
    "conclude_audit",
    "decide",
    "decline_proposal",
    "draw_sample",
    "hear_appeal",
    "issue_addendum",
    "issue_report",
    "lodge_appeal",
    "open_audit",
    "plan_audit",
    "propose_addendum",
    "propose_decision",
    "raise_finding",
    "record_checklist_result",
    "record_sample_result",
    "reject_correction",
    "reply_to_finding",
    "request_correction",
    "submit_correction",
    "verify_correction",
    "withdraw_finding",
]
