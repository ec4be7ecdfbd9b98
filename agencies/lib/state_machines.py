"""The state machines of the project by name: each room hangs its tables here when it is ready."""

from agencies.lib.transitions import Table

_machines: dict[str, Table] = {}


def register(name: str, table: Table) -> None:
    """Make `table` known as `name`; a name belongs to one table."""
    if _machines.get(name, table) is not table:
        raise ValueError(f"Two state machines are called {name!r}.")
    _machines[name] = table


def registered() -> dict[str, Table]:
    """Every known state machine, by name in order."""
    return dict(sorted(_machines.items()))
