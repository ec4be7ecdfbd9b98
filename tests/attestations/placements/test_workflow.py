import itertools

import pytest

from agencies.lib.transitions import IllegalTransition
from attestations.enums import ImportState
from attestations.placements.workflow import TRANSITIONS, next_state

ACTIONS = sorted({action for action, _ in TRANSITIONS})


@pytest.mark.parametrize(("action", "state"), list(itertools.product(ACTIONS, ImportState)))
def test_every_act_in_every_state_leads_somewhere_or_is_refused(action, state):
    if (action, state) in TRANSITIONS:
        assert next_state(action, state) == TRANSITIONS[action, state]
    else:
        with pytest.raises(IllegalTransition):
            next_state(action, state)


def test_every_state_is_reached_and_what_is_over_stays_over():
    assert set(TRANSITIONS.values()) | {ImportState.QUEUED} == set(ImportState)
    assert {state for _, state in TRANSITIONS} == {
        ImportState.QUEUED,
        ImportState.RUNNING,
        ImportState.PREVIEW,
    }
