from io import StringIO
from itertools import product

import pytest
from django.core.management import CommandError, call_command

from agencies.lib.state_machines import registered
from agencies.lib.transitions import IllegalTransition, next_in_table
from audits import workflow
from audits.enums import AppealState, AuditState, CorrectionState, DecisionState, StatusState

STATES = {
    "audit": AuditState,
    "corrective_action": CorrectionState,
    "decision": DecisionState,
    "appeal": AppealState,
    "status_change": StatusState,
}


def every_pair():
    for name, table in workflow.MACHINES.items():
        actions = sorted({action for action, _ in table})
        yield from ((name, *pair) for pair in product(actions, STATES[name]))


@pytest.mark.parametrize(("machine", "action", "state"), list(every_pair()))
def test_every_action_in_every_state_leads_somewhere_or_is_refused(machine, action, state):
    table = workflow.MACHINES[machine]

    if (action, state) in table:
        assert next_in_table(table, action, state) in STATES[machine]
    else:
        with pytest.raises(IllegalTransition):
            next_in_table(table, action, state)


@pytest.mark.parametrize("machine", workflow.MACHINES)
def test_every_state_is_a_beginning_or_is_reached(machine):
    reached = set(workflow.MACHINES[machine].values())
    beginnings = {
        "audit": AuditState.PLANNED,
        "corrective_action": CorrectionState.REQUESTED,
        "decision": DecisionState.PROPOSED,
        "appeal": AppealState.LODGED,
        "status_change": StatusState.PROPOSED,
    }

    assert reached | {beginnings[machine]} == set(STATES[machine])


def test_what_is_over_stays_over():
    over = {
        machine: {state for state in STATES[machine] if not any(s == state for _, s in table)}
        for machine, table in workflow.MACHINES.items()
    }

    assert over == {
        "audit": {AuditState.CANCELLED},
        "corrective_action": {CorrectionState.VERIFIED, CorrectionState.REJECTED},
        "decision": {DecisionState.DECLINED, DecisionState.SET_ASIDE},
        "appeal": {AppealState.DECISION_UPHELD, AppealState.DECISION_SET_ASIDE},
        "status_change": {StatusState.CONFIRMED, StatusState.DECLINED},
    }


def test_findings_are_raised_only_while_the_audit_is_conducted():
    allowed = {state for action, state in workflow.AUDIT if action == "raise_finding"}

    assert allowed == {AuditState.CONDUCTING}


def test_a_refusal_says_what_is_possible():
    with pytest.raises(IllegalTransition) as refused:
        workflow.next_state("close", AuditState.PLANNED)

    assert str(refused.value) == (
        "“close” is not possible while this is planned. Possible now: change team, open, cancel."
    )


def test_the_command_draws_every_machine():
    out = StringIO()

    call_command("draw_workflow", stdout=out)

    drawn = out.getvalue()
    assert [name for name in registered() if f"%% {name}\n" not in drawn] == []
    assert set(workflow.MACHINES) <= set(registered())


def test_the_command_draws_one_machine():
    out = StringIO()

    call_command("draw_workflow", "appeal", stdout=out)

    assert out.getvalue() == (
        "%% appeal\n"
        "stateDiagram-v2\n"
        "    lodged --> decision_upheld: uphold_decision\n"
        "    lodged --> decision_set_aside: set_decision_aside\n"
    )


def test_the_command_names_what_it_knows():
    with pytest.raises(CommandError, match=r"no state machine 'weather'\. Known: "):
        call_command("draw_workflow", "weather")
