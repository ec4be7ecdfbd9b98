"""Every pair of act and state is either in the table or refused."""

from itertools import product

import pytest

from agencies.lib.transitions import IllegalTransition, next_in_table
from audits.certificates.workflow import (
    DOCUMENT,
    IN_FORCE,
    STATUS,
    SUSPENDED,
    WITHDRAWN,
    status_after,
)
from audits.enums import DocumentState, StatusKind


def outcomes(table, actions, states):
    found = {}
    for action, state in product(actions, states):
        try:
            found[action, state] = next_in_table(table, action, state)
        except IllegalTransition:
            found[action, state] = None
    return found


def test_a_document_is_issued_or_void_and_stays_so():
    found = outcomes(DOCUMENT, ("issue", "void"), DocumentState.values)

    assert {pair: state for pair, state in found.items() if state} == {
        ("issue", "prepared"): "issued",
        ("void", "prepared"): "void",
    }


def test_a_withdrawal_is_final():
    found = outcomes(STATUS, StatusKind.values, (IN_FORCE, SUSPENDED, WITHDRAWN))

    assert {pair: state for pair, state in found.items() if state} == {
        ("suspension", IN_FORCE): SUSPENDED,
        ("withdrawal", IN_FORCE): WITHDRAWN,
        ("restoration", SUSPENDED): IN_FORCE,
        ("withdrawal", SUSPENDED): WITHDRAWN,
    }


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        ((), IN_FORCE),
        (("suspension",), SUSPENDED),
        (("suspension", "restoration", "suspension"), SUSPENDED),
        (("suspension", "restoration"), IN_FORCE),
        (("suspension", "withdrawal"), WITHDRAWN),
    ],
)
def test_the_changes_lead_on_from_one_another(kinds, status):
    assert status_after(kinds) == status
