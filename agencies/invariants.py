"""What must never be, as code: `manage.py fsck` asks all of it and names each violation.

A room states its invariants in its own `invariants.py` and imports that module in
`AppConfig.ready()`; a higher room never has to be known here.
"""

from collections.abc import Callable, Iterator

Check = Callable[[], Iterator[str]]

_registered: dict[str, Check] = {}


def invariant(sentence: str) -> Callable[[Check], Check]:
    """Registers a generator that yields one sentence a violation, under what it promises."""

    def register(check: Check) -> Check:
        if sentence in _registered:
            raise ValueError(f"An invariant is stated once: {sentence!r}.")
        _registered[sentence] = check
        return check

    return register


def run_all() -> list[tuple[str, list[str]]]:
    """Every invariant with its violations, in the order in which they were stated."""
    return [(sentence, list(check())) for sentence, check in _registered.items()]
