"""State machines as tables: `(action, state) -> state`, and nothing else assigns a state."""

from collections.abc import Mapping
from typing import Any

# The second of the pair is a state: a word, or a member of a room's own choices.
Table = Mapping[tuple[str, Any], str]


class IllegalTransition(Exception):
    """The act does not fit the state; the message is for the person who tried it."""

    def __init__(self, action: str, state: str, possible: tuple[str, ...] = ()) -> None:
        self.action, self.state, self.possible = action, state, possible
        super().__init__(action, state, possible)

    def __str__(self) -> str:
        refused = f"“{_words(self.action)}” is not possible while this is {_words(self.state)}."
        if not self.possible:
            return f"{refused} Nothing more can be done here."
        return f"{refused} Possible now: {', '.join(_words(a) for a in self.possible)}."


def next_in_table(table: Table, action: str, state: str) -> str:
    """Where `action` leads from `state`; IllegalTransition where the table has no such row."""
    try:
        return table[action, state]
    except KeyError:
        raise IllegalTransition(action, state, actions_from(table, state)) from None


def actions_from(table: Table, state: str) -> tuple[str, ...]:
    """What the table allows in `state`, in its own order."""
    return tuple(action for action, source in table if source == state)


def mermaid(table: Table) -> str:
    """The table as a mermaid state diagram, one line a row."""
    lines = [f"    {source} --> {target}: {action}" for (action, source), target in table.items()]
    return "\n".join(["stateDiagram-v2", *lines]) + "\n"


def _words(name: str) -> str:
    return str(getattr(name, "label", name)).replace("_", " ").lower()
