"""The questions, edition by edition, from the files in `data/knowledge`; a file never changes."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "data" / "knowledge"


@dataclass(frozen=True, slots=True)
class Question:
    """`answers` as the file holds them: the first is the right one."""

    id: str
    cites: str
    asks: str
    answers: tuple[str, ...]
    explains: str


@dataclass(frozen=True, slots=True)
class Edition:
    label: str
    title: str
    questions: dict[str, Question]


@cache
def editions() -> dict[str, Edition]:
    """Every edition by its label, the newest last."""
    return {edition.label: edition for edition in map(_read, sorted(FOLDER.glob("*.toml")))}


def newest() -> Edition:
    return list(editions().values())[-1]


def _read(path: Path) -> Edition:
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    questions = {
        one["id"]: Question(
            one["id"], one["cites"], one["asks"], tuple(one["answers"]), one["explains"]
        )
        for one in said["questions"]
    }
    return Edition(said["label"], said["title"], questions)
