import pytest

from agencies.lib.transitions import IllegalTransition, actions_from, mermaid, next_in_table

DOOR = {("open", "shut"): "open", ("close", "open"): "shut", ("take_down", "open"): "gone"}


def test_a_row_of_the_table_says_where_an_act_leads():
    assert {(action, state): next_in_table(DOOR, action, state) for action, state in DOOR} == DOOR


@pytest.mark.parametrize(
    ("action", "state", "words"),
    [
        (
            "open",
            "open",
            "“open” is not possible while this is open. Possible now: close, take down.",
        ),
        (
            "take_down",
            "gone",
            "“take down” is not possible while this is gone. Nothing more can be done here.",
        ),
    ],
)
def test_an_act_without_a_row_is_refused_in_words(action, state, words):
    with pytest.raises(IllegalTransition) as refused:
        next_in_table(DOOR, action, state)

    assert str(refused.value) == words


def test_what_is_possible_keeps_the_order_of_the_table():
    assert actions_from(DOOR, "open") == ("close", "take_down")


def test_the_diagram_has_a_line_for_each_row():
    assert mermaid(DOOR) == (
        "stateDiagram-v2\n"
        "    shut --> open: open\n"
        "    open --> shut: close\n"
        "    open --> gone: take_down\n"
    )
