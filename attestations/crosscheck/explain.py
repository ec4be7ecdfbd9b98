"""Each finding as a sentence and as data, the same for an agency, a regulator and the public.

The sentences name what was looked at and what would change the answer. Nothing that rests on the
Code is called more than it is: the Code is voluntary and the List closes no door (R-BASIS).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from attestations.crosscheck.changes import changes_for
from attestations.crosscheck.codes import Finding, code_of
from attestations.crosscheck.enums import Basis, Disposition
from attestations.crosscheck.facts import Facts
from attestations.crosscheck.lists import AgencyRecord, Lists
from attestations.crosscheck.record import PlacementRecord
from attestations.crosscheck.sentences import reason_left_open, sentence_for
from attestations.crosscheck.wording import FACTS_BY_CODE, Told

Name = Callable[[str], str]


def as_written(code: str) -> str:
    """A country by its code, where no names are at hand."""
    return code


@dataclass(frozen=True, slots=True)
class Explanation:
    """One finding in words, with what it rests on and what would change it."""

    code: str
    title: str
    severity: str
    disposition: str
    disposition_words: str
    sentence: str
    basis: Basis
    basis_words: str
    citation: str
    requirements: tuple[str, ...]
    edition: str | None
    document: str | None
    facts_used: tuple[tuple[str, str], ...]
    would_change: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "title": self.title,
            "severity": self.severity,
            "disposition": self.disposition,
            "disposition_words": self.disposition_words,
            "sentence": self.sentence,
            "basis": self.basis.value,
            "basis_words": self.basis_words,
            "citation": self.citation,
            "requirements": list(self.requirements),
            "edition": self.edition,
            "document": self.document,
            "facts_used": [{"fact": fact, "value": value} for fact, value in self.facts_used],
            "would_change": list(self.would_change),
        }


def explain(
    finding: Finding,
    record: PlacementRecord,
    facts: Facts,
    lists: Lists,
    agency: AgencyRecord,
    name: Name = as_written,
) -> Explanation:
    """Says one finding in plain words. `name` turns a country's code into its name."""
    code = code_of(finding.code)
    told = Told(record=record, facts=facts, lists=lists, agency=agency, name=name)
    sentences = [sentence_for(finding, told)]
    if finding.disposition is Disposition.EXCEPTED_BY_AGREEMENT:
        sentences.append(f"The agreement {finding.document} excepts it; the finding stays on show.")
    elif finding.disposition is Disposition.EXCEPTED_BY_WAIVER:
        sentences.append(
            f"{told.residence} has told of its willingness ({finding.document or 'on file'}), "
            "which excepts it; the country stays on the List."
        )
    elif finding.disposition is Disposition.INDETERMINATE:
        sentences.append(reason_left_open(finding, told))
    rests_on_edition = code.basis is Basis.CODE and code.name.startswith("SSL-")
    return Explanation(
        code=finding.code,
        title=code.title,
        severity=finding.severity.value,
        disposition=finding.disposition.value,
        disposition_words=finding.disposition.label,
        sentence=" ".join(sentences),
        basis=finding.basis,
        basis_words=finding.basis.words,
        citation=code.citation,
        requirements=code.requirements,
        edition=facts.edition if rests_on_edition else None,
        document=finding.document,
        facts_used=tuple(
            (label, told.value_of(label)) for label in FACTS_BY_CODE.get(code.name, ())
        ),
        would_change=changes_for(finding, told),
    )
