"""The shape of a row of the access table, and the walk through the URLconf it must cover."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.world import NAMESPACES, World, table_module

Given = Mapping[str, Any] | Callable[[World], Any]


@dataclass(frozen=True)
class Row:
    """One page, asked in one way, and the answer for each role (`cells` makes `expect`).

    `args`, `data` and `query` are values, or functions of the world. `data` is posted.
    """

    expect: Mapping[str, int | str]
    args: Given = field(default_factory=dict)
    method: str = "GET"
    data: Given = field(default_factory=dict)
    query: Given = field(default_factory=dict)


def given(value: Given, world: World) -> Any:
    return value(world) if callable(value) else value


def named_pages() -> list[str]:
    """Every page of the site as `namespace:name`; a page without both is an error."""
    return list(dict.fromkeys(_walk(get_resolver(), "")))


def rows_of(page: str) -> tuple[Row, ...]:
    """The rows that the table of a page's namespace holds for it; none if it is not there."""
    module = table_module(page.split(":")[0])
    found = getattr(module, "PAGES", {}).get(page, ())
    return found if isinstance(found, tuple) else (found,)


def listed_pages() -> list[str]:
    """Every page that any table speaks of."""
    return [page for name in NAMESPACES for page in getattr(table_module(name), "PAGES", {})]


def _walk(resolver: URLResolver, namespace: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, pattern.namespace or namespace)
        elif isinstance(pattern, URLPattern):
            if not (namespace and pattern.name):
                raise AssertionError(f"The page {pattern.pattern} has no namespace or no name.")
            yield f"{namespace}:{pattern.name}"
