"""Each page that somebody can reach by links, as each sort of person, looked at for everybody."""

from collections import Counter, deque
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error

from tests.browser.looks import MAKE, faults
from tests.browser.signing_in import sign_in

# the short way round is the employer's, and that is gone on both databases
pytestmark = pytest.mark.postgresql_only


ANYBODY = ("/", "/verify/", "/register/")
PEOPLE = {
    "nobody in particular": ("", ANYBODY),
    "an officer of a certified agency": ("officer@alder.example", ("/account/",)),
    "an administrator of a suspended agency": ("admin@cedar.example", ("/account/",)),
    "an officer of a refused agency": ("officer@birch.example", ("/account/",)),
    "an officer of a new agency": ("officer@dogwood.example", ("/account/",)),
    "a case officer": ("officer@authority.example", ("/regulator/", "/audits/")),
    "an auditor": ("auditor@authority.example", ("/regulator/", "/audits/")),
    "a decider": ("decider@authority.example", ("/regulator/", "/audits/")),
    "a data steward": ("steward@authority.example", ("/regulator/",)),
    "an administrator of a regulator": ("admin@authority.example", ("/regulator/",)),
}
# of one sort of page, as one person sees it, so many are visited
OF_A_KIND = 1
# what these name is no page
FILES = (".csv", ".ics", ".json", ".jwt", ".jsonl", ".pdf", ".png", ".svg", ".txt", ".xlsx")
looked_at: set[str] = set()


def sort_of_page(address: str) -> str:
    """The route, and which questions it is asked: two placements are one sort of page."""
    parts = urlsplit(address)
    if parts.path.endswith(FILES):
        return ""
    try:
        route = resolve(parts.path).route
    except Resolver404:
        return ""
    return f"{route}?{'&'.join(sorted({key for key, _ in parse_qsl(parts.query)}))}"


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_is_for_everybody(who, visitor, world):
    email, starts = PEOPLE[who]
    hands = visitor()
    if email:
        sign_in(hands, world, email)
    page = hands.page
    waiting = deque(f"{world.origin}{start}" for start in starts)
    seen, visited, wrong = set(waiting), Counter(), []
    while waiting:
        address = waiting.popleft()
        sort = sort_of_page(address)
        if not sort or visited[sort] >= OF_A_KIND:
            continue
        visited[sort] += 1
        try:
            answer = page.goto(address)
        except Error as error:
            # a file to keep is no page
            if "Download is starting" in str(error):
                continue
            raise
        if "html" not in answer.headers.get("content-type", ""):
            continue
        if answer.status >= 400:
            wrong.append(f"{answer.status} {address}")
            continue
        make = page.evaluate(MAKE)
        if make not in looked_at:
            looked_at.add(make)
            wrong += [f"{address}: {fault}" for fault in faults(page)]
        for link in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            link = link.partition("#")[0]
            if link.startswith(f"{world.origin}/") and link not in seen:
                seen.add(link)
                waiting.append(link)
    assert not wrong, "\n".join(wrong)
    assert len(visited) > 5
