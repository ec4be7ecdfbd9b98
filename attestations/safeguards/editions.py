"""An edition of the List as a value: what it says, its digest, and how it differs from another."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from agencies.lib.canonical import digest

URN = "urn:recruitment-code-registry:safeguards-list:{label}"


@dataclass(frozen=True, order=True, slots=True)
class ListedCountry:
    iso3: str
    printed_name: str


@dataclass(frozen=True, kw_only=True)
class EditionText:
    """Everything that an edition says. Countries are in the order of their codes."""

    label: str
    title: str
    published_on: dt.date
    valid_from: dt.date
    certainty: str
    source: str
    countries: tuple[ListedCountry, ...]

    @property
    def urn(self) -> str:
        return URN.format(label=self.label)

    @cached_property
    def digest(self) -> str:
        return digest(
            {
                "urn": self.urn,
                "title": self.title,
                "published_on": self.published_on.isoformat(),
                "valid_from": self.valid_from.isoformat(),
                "certainty": self.certainty,
                "source": self.source,
                "countries": [[each.iso3, each.printed_name] for each in sorted(self.countries)],
            }
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """Two editions compared by country, codes in order."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    carried: tuple[str, ...]

    @property
    def changed(self) -> tuple[str, ...]:
        return tuple(sorted((*self.added, *self.removed)))


def difference(earlier: Iterable[str], later: Iterable[str]) -> Difference:
    """Which countries the later edition adds, leaves out and carries on."""
    before, after = frozenset(earlier), frozenset(later)
    return Difference(
        added=tuple(sorted(after - before)),
        removed=tuple(sorted(before - after)),
        carried=tuple(sorted(before & after)),
    )


def differences_in_words(stored: EditionText, offered: EditionText) -> list[str]:
    """One sentence for each thing in which a file departs from the edition that is kept."""
    sentences = [
        f"{name.replace('_', ' ')}: kept as “{getattr(stored, name)}”, "
        f"the file says “{getattr(offered, name)}”"
        for name in ("title", "published_on", "valid_from", "certainty", "source")
        if getattr(stored, name) != getattr(offered, name)
    ]
    kept = {each.iso3: each.printed_name for each in stored.countries}
    given = {each.iso3: each.printed_name for each in offered.countries}
    changes = difference(kept, given)
    sentences += [f"{iso3} ({given[iso3]}) is in the file only" for iso3 in changes.added]
    sentences += [f"{iso3} ({kept[iso3]}) is missing from the file" for iso3 in changes.removed]
    sentences += [
        f"{iso3} is kept as “{kept[iso3]}”, the file says “{given[iso3]}”"
        for iso3 in changes.carried
        if kept[iso3] != given[iso3]
    ]
    return sentences
