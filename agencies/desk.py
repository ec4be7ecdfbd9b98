"""What a regulator's desk has to say before anything else. Higher rooms register their own voice,
in their `AppConfig.ready()`, and never have to be known here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that must not be missed, and the way to do something about it."""

    text: str
    way: str
    href: str


Voice = Callable[[Any, date], Iterable[Notice]]
_voices: list[Voice] = []


def notices_by(voice: Voice) -> Voice:
    """Registers who says, to a person on a day, what they have to know."""
    if voice not in _voices:
        _voices.append(voice)
    return voice


def notices_for(user: Any, on: date) -> list[Notice]:
    return [notice for voice in _voices for notice in voice(user, on)]
