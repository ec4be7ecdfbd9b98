"""Which column of a file is which of ours, and which must not be there at all.

A file is read by the names of its columns, in any order. A column that looks like a worker's name,
birth, address or number is refused: the register holds no worker's name (design.md §3).
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from attestations.placements.added_columns import ADDED_KEYS
from attestations.placements.columns import (
    BY_NAME,
    COLUMNS,
    column_called,
    key_of,
    named_apart,
    shown,
)

NO_NAMES = "the register holds no worker's name: remove the column and send the file again"


# words, in the languages that files come in, which speak of a person
_OF_A_PERSON = """
surname surnames forename forenames firstname lastname fullname middlename givenname familyname
nickname nom noms prenom prenoms apellido apellidos nombre nombres nome cognome sobrenome nachname
vorname familienname pangalan apelyido passport passeport pasaporte passaporte reisepass dob
birthdate birthday birth born naissance nacimiento geburtsdatum geburtstag email emails mail
courriel correo phone phones telephone telefon telefono mobile cellphone whatsapp ssn nin nino
address adresse direccion anschrift photo photograph iban
"""
_PERSONAL = frozenset(_OF_A_PERSON.split())
_NAME_WORDS = frozenset({"name", "names", "naam", "namn", "navn"})
# what has a name or an address and is nobody
_OF_A_THING = """
employer agency company hospital facility country occupation job post file sheet agreement scheme
organisation organization clinic trust regulator programme program course school university
institution ward department list residence destination source training empleador employeur
arbeitgeber hopital pais pays land
"""
_THINGS = frozenset(_OF_A_THING.split())
_PERSONS = frozenset({"worker", "candidate", "nurse", "applicant", "person", "employee", "doctor"})
_NUMBERS = frozenset({"id", "number", "no", "nr", "num", "card"})
_STATE_NUMBERS = frozenset({"national", "identity", "identification", "tax", "social", "insurance"})


class ColumnsRefused(ValueError):
    """The file's columns cannot be taken; every reason at once, in `reasons`.

    `sample` is the header with the first rows below it, for asking what the columns are.
    """

    def __init__(self, reasons: Sequence[str], *, personal: bool = False) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = tuple(reasons)
        self.personal = personal
        self.sample: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of the file fills which of ours, and which were left aside.

    `headers` are named apart: one that is empty or repeated has the letters of its column.
    `remembered` are the headers that mean what the agency once said, and not what they say.
    """

    positions: Mapping[str, int]
    headers: tuple[str, ...]
    aside: tuple[str, ...]
    remembered: tuple[str, ...] = ()

    def header_of(self, name: str) -> str:
        return self.headers[self.positions[name]]


def looks_personal(header: str) -> bool:
    """Whether a column of this name would identify a worker. In doubt it does."""
    decomposed = unicodedata.normalize("NFKD", key_of(header))
    words = "".join(c for c in decomposed if not unicodedata.combining(c)).split()
    if not words:
        return False
    found = set(words)
    if found & (_PERSONAL | _NAME_WORDS) or "".join(words) in _PERSONAL:
        return not found & _THINGS
    if found & _STATE_NUMBERS and found & _NUMBERS:
        return True
    return len(words) == 1 and bool(found & _PERSONS)


def read_mapping(given: object) -> dict[str, str | None]:
    """A mapping of file headers to our columns (None: leave it aside), checked whole."""
    if not isinstance(given, dict):
        raise ColumnsRefused(
            ['The mapping must be one JSON object: {"header in the file": "our column"}.']
        )
    mapping: dict[str, str | None] = {}
    reasons = []
    for header, name in given.items():
        if name is None:
            mapping[header] = None
        elif isinstance(name, str) and (column := column_called(name)):
            mapping[header] = column.name
        else:
            reasons.append(
                f"The mapping sends “{shown(header)}” to “{shown(str(name))}”, which is none of "
                f"our columns. Ours are: {', '.join(BY_NAME)}."
            )
    if reasons:
        raise ColumnsRefused(reasons)
    return mapping


def lay_out(
    headers: Sequence[str],
    mapping: Mapping[str, str | None] | None = None,
    remembered: Mapping[str, str | None] | None = None,
) -> Layout:
    """Match a file's header row, or refuse it with every reason at once.

    `mapping` is what was said of this file; `remembered` what was said of others, by key.
    """
    written = tuple(header.strip() for header in headers)
    headers = named_apart(written)
    given = {key_of(header): name for header, name in (mapping or {}).items()}
    recalled = _recalled(headers, given, remembered or {})
    given |= recalled
    personal = [header for header in written if looks_personal(header)]
    personal = [header for header in personal if column_called(header) is None]
    if personal:
        quoted = ", ".join(f"“{shown(header)}”" for header in personal)
        which = "This column looks" if len(personal) == 1 else "These columns look"
        raise ColumnsRefused(
            [f"{which} like personal details of a worker: {quoted}; {NO_NAMES}."], personal=True
        )
    reasons = [
        f"The mapping speaks of a column “{shown(header)}”, which the file does not have."
        for header in (mapping or {})
        if key_of(header) not in {key_of(found) for found in headers}
    ]
    positions: dict[str, int] = {}
    aside = []
    for at, header in enumerate(headers):
        # of a repeated header the file's own name still speaks where nothing was said of this one
        key = key_of(header) if key_of(header) in given else key_of(written[at])
        if key in given:
            name = given[key]
        else:
            column = column_called(written[at])
            name = column.name if column else None
        if name is None:
            if written[at] and key not in ADDED_KEYS:
                aside.append(header)
        elif name in positions:
            reasons.append(
                f"“{shown(headers[positions[name]])}” and “{shown(header)}” both say "
                f"{name}. Keep one of them."
            )
        else:
            positions[name] = at
    missing = [column for column in COLUMNS if column.required and column.name not in positions]
    if missing:
        found = ", ".join(headers[at] for at in positions.values()) or "none that we know"
        for column in missing:
            reasons.append(f"The column {column.name} is missing ({column.words}).")
            near = get_close_matches(key_of(column.name), map(key_of, aside), n=1, cutoff=0.75)
            if near:
                like = next(header for header in aside if key_of(header) == near[0])
                reasons.append(f"Is “{shown(like)}” meant?")
        reasons.append(f"Columns found: {shown(found, 400)}.")
        if aside:
            reasons.append(f"Columns we do not know: {shown(', '.join(aside), 400)}.")
    if reasons:
        raise ColumnsRefused(reasons)
    by_memory = [header for header in headers if key_of(header) in recalled]
    return Layout(positions, headers, tuple(aside), tuple(by_memory))


def _recalled(
    headers: Sequence[str],
    given: Mapping[str, str | None],
    remembered: Mapping[str, str | None],
) -> dict[str, str | None]:
    """What memory says of these headers, except where another column says that it is the one."""
    keys = {key_of(header) for header in headers}
    taken = {name for key, name in given.items() if key in keys}
    taken |= {
        column.name for key in keys - set(given) - set(remembered) if (column := column_called(key))
    }
    return {
        key: name
        for key, name in remembered.items()
        if key in keys and key not in given and (name is None or name not in taken)
    }


def recognised(headers: Sequence[str]) -> int:
    """How many of these headers are ours, by whatever name: what tells a header row."""
    return len({column.name for header in headers if (column := column_called(header))})
