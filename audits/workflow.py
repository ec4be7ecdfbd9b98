"""What may happen when: the state machines of an audit and of what follows from it.

An act that leaves the state as it is has a row too, so that the table says all that may happen.
Nothing else assigns a state. Stages after ISO 19011 clause 6 and ISO/IEC 17065 clause 7.
"""

from agencies.lib.transitions import Table, next_in_table
from audits.enums import AppealState, AuditState, CorrectionState, DecisionState, StatusState

AUDIT: Table = {
    ("change_team", AuditState.PLANNED): AuditState.PLANNED,
    ("open", AuditState.PLANNED): AuditState.CONDUCTING,
    ("cancel", AuditState.PLANNED): AuditState.CANCELLED,
    ("change_team", AuditState.CONDUCTING): AuditState.CONDUCTING,
    ("draw_sample", AuditState.CONDUCTING): AuditState.CONDUCTING,
    ("record_result", AuditState.CONDUCTING): AuditState.CONDUCTING,
    ("raise_finding", AuditState.CONDUCTING): AuditState.CONDUCTING,
    ("withdraw_finding", AuditState.CONDUCTING): AuditState.CONDUCTING,
    ("reply_to_finding", AuditState.CONDUCTING): AuditState.CONDUCTING,
    ("conclude", AuditState.CONDUCTING): AuditState.CONDUCTING,
    ("issue_report", AuditState.CONDUCTING): AuditState.REPORTED,
    ("cancel", AuditState.CONDUCTING): AuditState.CANCELLED,
    ("change_team", AuditState.REPORTED): AuditState.REPORTED,
    ("withdraw_finding", AuditState.REPORTED): AuditState.REPORTED,
    ("request_correction", AuditState.REPORTED): AuditState.FOLLOW_UP,
    ("correct_report", AuditState.REPORTED): AuditState.REPORTED,
    ("propose_decision", AuditState.REPORTED): AuditState.REPORTED,
    ("decide", AuditState.REPORTED): AuditState.REPORTED,
    ("lodge_appeal", AuditState.REPORTED): AuditState.REPORTED,
    ("hear_appeal", AuditState.REPORTED): AuditState.REPORTED,
    ("close", AuditState.REPORTED): AuditState.CLOSED,
    ("change_team", AuditState.FOLLOW_UP): AuditState.FOLLOW_UP,
    ("withdraw_finding", AuditState.FOLLOW_UP): AuditState.FOLLOW_UP,
    ("request_correction", AuditState.FOLLOW_UP): AuditState.FOLLOW_UP,
    ("submit_correction", AuditState.FOLLOW_UP): AuditState.FOLLOW_UP,
    ("review_correction", AuditState.FOLLOW_UP): AuditState.FOLLOW_UP,
    ("correct_report", AuditState.FOLLOW_UP): AuditState.FOLLOW_UP,
    ("propose_decision", AuditState.FOLLOW_UP): AuditState.FOLLOW_UP,
    ("decide", AuditState.FOLLOW_UP): AuditState.FOLLOW_UP,
    ("lodge_appeal", AuditState.FOLLOW_UP): AuditState.FOLLOW_UP,
    ("hear_appeal", AuditState.FOLLOW_UP): AuditState.FOLLOW_UP,
    ("close", AuditState.FOLLOW_UP): AuditState.CLOSED,
    ("correct_report", AuditState.CLOSED): AuditState.CLOSED,
    ("lodge_appeal", AuditState.CLOSED): AuditState.CLOSED,
    ("hear_appeal", AuditState.CLOSED): AuditState.CLOSED,
    # a decision that was set aside has to be taken again, so the audit is taken up again
    ("reopen", AuditState.CLOSED): AuditState.FOLLOW_UP,
}

CORRECTION: Table = {
    ("submit", CorrectionState.REQUESTED): CorrectionState.SUBMITTED,
    ("verify", CorrectionState.SUBMITTED): CorrectionState.VERIFIED,
    ("reject", CorrectionState.SUBMITTED): CorrectionState.REJECTED,
}

DECISION: Table = {
    ("decide", DecisionState.PROPOSED): DecisionState.DECIDED,
    ("decline", DecisionState.PROPOSED): DecisionState.DECLINED,
    ("appeal", DecisionState.DECIDED): DecisionState.DECIDED,
    ("set_aside", DecisionState.DECIDED): DecisionState.SET_ASIDE,
}

APPEAL: Table = {
    ("uphold_decision", AppealState.LODGED): AppealState.DECISION_UPHELD,
    ("set_decision_aside", AppealState.LODGED): AppealState.DECISION_SET_ASIDE,
}

STATUS_CHANGE: Table = {
    ("confirm", StatusState.PROPOSED): StatusState.CONFIRMED,
    ("decline", StatusState.PROPOSED): StatusState.DECLINED,
}

MACHINES: dict[str, Table] = {
    "audit": AUDIT,
    "corrective_action": CORRECTION,
    "decision": DECISION,
    "appeal": APPEAL,
    "status_change": STATUS_CHANGE,
}


def next_state(action: str, state: str) -> str:
    """Where an audit goes by `action`; the other machines are asked by their tables."""
    return next_in_table(AUDIT, action, AuditState(state))
