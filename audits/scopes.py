"""A scope in words: from where to where, and for which occupations."""

from collections.abc import Iterable

from agencies.models import Country
from attestations.occupations import group


def in_words(scopes: Iterable[tuple[str, str, str]]) -> list[str]:
    """Each scope as a line, in the order given; countries are looked up once."""
    scopes = list(scopes)
    codes = {code for source, destination, _ in scopes for code in (source, destination)}
    names = dict(Country.objects.filter(pk__in=codes).values_list("pk", "name"))
    return [
        f"{names.get(source, source)} to {names.get(destination, destination)}: "
        f"{group(occupation).title}"
        for source, destination, occupation in scopes
    ]


def words_of(audit) -> list[str]:
    """The scope of an audit as lines."""
    return in_words(audit.scopes.values_list("source", "destination", "occupation_group"))
