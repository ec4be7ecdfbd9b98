"""What may happen to a certificate, and when: from its preparation to its end.

A proposal to change the status has its own table in `audits.workflow` (STATUS_CHANGE). Expiry and
supersession are computed from dates and stand in no table.
"""

from agencies.lib.transitions import Table, next_in_table
from audits.enums import DocumentState, StatusKind

IN_FORCE = "in_force"
SUSPENDED = "suspended"
WITHDRAWN = "withdrawn"

DOCUMENT: Table = {
    ("issue", DocumentState.PREPARED): DocumentState.ISSUED,
    ("void", DocumentState.PREPARED): DocumentState.VOID,
}

STATUS: Table = {
    (StatusKind.SUSPENSION, IN_FORCE): SUSPENDED,
    (StatusKind.WITHDRAWAL, IN_FORCE): WITHDRAWN,
    (StatusKind.RESTORATION, SUSPENDED): IN_FORCE,
    (StatusKind.WITHDRAWAL, SUSPENDED): WITHDRAWN,
}

MACHINES: dict[str, Table] = {"document": DOCUMENT, "certificate_status": STATUS}


def next_state(action: str, state: str) -> str:
    """Where a document goes by `action`."""
    return next_in_table(DOCUMENT, action, DocumentState(state))


def status_after(kinds: list[str]) -> str:
    """Where these confirmed changes lead, in the order in which they were confirmed."""
    status = IN_FORCE
    for kind in kinds:
        status = next_in_table(STATUS, kind, status)
    return status
