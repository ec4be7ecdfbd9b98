"""How a letter is read here: what a person would stumble over, in a sentence each."""

import re

from django.conf import settings
from django.urls import Resolver404, resolve

LONGEST_SUBJECT = 60
LONGEST_PARAGRAPH = 320
PARTS = ("Why:", "By when:", "What next:", "Questions:")

UNRENDERED = re.compile(r"\{[{%#]|[}%#]\}|MISSING|\bNone\b|\bTrue\b|\bFalse\b|\[\]")
# the gap that an empty variable leaves
EMPTY = re.compile(r"  | [,.;:)]|\( *\)|[:,(] *\.|\.\.|^[.,;:]", re.MULTILINE)
RAW_CODE = re.compile(r"\b[a-z]+_[a-z_]+\b|\b[A-Z]+_[A-Z_]+\b")
RAW_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
HOUR = re.compile(r"\d{2}:\d{2}(?! \([\w/+-]+\))")


def faults_of(subject, body):
    """What is wrong with a letter; nothing where it says all that a letter of ours says."""
    return [*_of_subject(subject), *_of_parts(body), *_of_links(body), *_of_words(subject, body)]


def _of_subject(subject):
    if not subject:
        yield "has no subject"
    if len(subject) > LONGEST_SUBJECT:
        yield f"subject of {len(subject)} characters: {subject}"


def _of_parts(body):
    if not re.match(r"(Dear .+|Good day),\n\n\S", body):
        yield "greets nobody, or does not say what happened"
    found = [line for line in body.splitlines() if line.startswith(PARTS)]
    if [next(part for part in PARTS if line.startswith(part)) for line in found] != [*PARTS]:
        yield f"does not say, in this order and once each: {' '.join(PARTS)}"
    yield from (f"says nothing: {line}" for line in found if line.rstrip() in PARTS)
    for paragraph in body.split("\n\n"):
        if len(paragraph) > LONGEST_PARAGRAPH:
            yield f"paragraph of {len(paragraph)} characters: {paragraph[:40]}…"


def _of_links(body):
    *lines, home = (line for line in body.splitlines() if "://" in line)
    if home != settings.CANONICAL_ORIGIN:
        yield f"does not end with where the register is, but with {home}"
    if len(lines) != 1 or not lines[0].startswith(f"{settings.CANONICAL_ORIGIN}/"):
        yield f"leads not to one page of ours: {lines}"
        return
    try:
        resolve(lines[0].removeprefix(settings.CANONICAL_ORIGIN))
    except Resolver404:
        yield f"leads nowhere: {lines[0]}"


def _of_words(subject, body):
    prose = "\n".join(line for line in (subject, *body.splitlines()) if "://" not in line)
    for reason, pattern in (
        ("not rendered", UNRENDERED),
        ("left empty", EMPTY),
        ("a raw code", RAW_CODE),
        ("a day not written out", RAW_DAY),
        ("an hour without its time zone", HOUR),
    ):
        yield from (
            f"{reason}: {prose[max(m.start() - 20, 0) : m.end() + 20]!r}"
            for m in pattern.finditer(prose)
        )
