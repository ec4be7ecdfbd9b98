from itertools import product

import pytest

from agencies.lib.transitions import IllegalTransition
from attestations.enums import AttestationState as State
from attestations.workflow import TRANSITIONS, next_state

EXPECTED = {
    ("answer", "draft"): "draft",
    ("submit", "draft"): "submitted",
    ("withdraw", "draft"): "withdrawn",
    ("withdraw", "submitted"): "withdrawn",
    ("accept", "submitted"): "accepted",
    ("return_for_changes", "submitted"): "returned",
    ("continue_returned", "returned"): "returned",
    ("correct", "accepted"): "accepted",
}
ACTIONS = sorted({action for action, _ in TRANSITIONS})


@pytest.mark.parametrize(("action", "state"), list(product(ACTIONS, State.values)))
def test_every_act_in_every_state_has_one_answer(action, state):
    expected = EXPECTED.get((action, state))

    if expected is None:
        with pytest.raises(IllegalTransition):
            next_state(action, state)
    else:
        assert next_state(action, state) == expected


def test_every_state_is_reached_and_the_table_knows_no_other():
    assert {state for _, state in TRANSITIONS} | set(TRANSITIONS.values()) == set(State)


def test_a_refusal_says_what_is_possible():
    with pytest.raises(IllegalTransition) as refused:
        next_state("submit", State.SUBMITTED)

    assert str(refused.value) == (
        "“submit” is not possible while this is submitted. "
        "Possible now: withdraw, accept, return for changes."
    )
