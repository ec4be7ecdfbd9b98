"""Every page × every role: who is let in, who is turned away, and that nothing leaks on the way.

How to add a page (the suite fails until it is here): put a line into `tests/access/<namespace>.py`

    PAGES = {
        "placements:list": Row(
            args=lambda world: {"number": world.agency.register_number},
            expect=cells(own_agency=200, case_staff=200),           # all others 404
        ),
        "placements:upload": (                                      # a form and its act
            Row(args=..., expect=cells(own_agency=200)),
            Row(args=..., method="POST", data=..., expect=cells(own_agency=302)),
        ),
        "register:search": Row(expect=cells(anonymous=200, others=200)),
    }

and, if the page needs records, a `build(world)` in the same module that hangs them on the world
(`world.audit = …`; for the suspended agency `world.suspended.audit = …`). `build` also plants
canaries: `world.canary("text that is private", seen_by=("case_staff",), at="audits:detail")`.
A cell is a status, or "sign in" (the default of `anonymous`). What is asked of every row besides:

* the twin of each role whose account is deactivated gets exactly what anonymous gets;
* a GET writes nothing, whoever asks;
* a page with GET rows only answers 405 to a POST, one with POST rows only 405 to a GET;
* where a row says 404 or 403 to some, it lets somebody in with the same arguments: what is hidden
  exists; no answer shows a canary to a role that may not see it, and each canary can be seen.

Each request runs in a savepoint that is rolled back, so rows do not depend on one another.
"""

from http.cookies import SimpleCookie

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from tests.access.table import given, listed_pages, named_pages, rows_of
from tests.access.world import ROLES, SIGNED_IN, build_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGES = named_pages()
ROOMS = ("EVIDENCE_ROOT", "DOCUMENT_ROOT", "IMPORT_ROOT", "BROKER_ROOT")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """Built once; everything that happens to it is rolled back."""
    root = tmp_path_factory.mktemp("world")
    rooms = {name: root / name.lower() for name in ROOMS}
    rooms["SIGNING_KEYS_DIR"] = root / "keys"
    rooms["SIGNING_KEY_FILE"] = root / "keys" / "demonstration-ed25519.pem"
    with django_db_blocker.unblock(), override_settings(**rooms), transaction.atomic():
        built = build_world()
        built.rooms = rooms
        built.sessions = {role: _session(person) for role, person in built.people.items()}
        yield built
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _rooms_of_the_world(_rooms_of_its_own, settings, world, caplog):
    # thousands of refusals are meant, and each would be logged with its trace
    caplog.set_level("CRITICAL", logger="django.request")
    for name, place in world.rooms.items():
        setattr(settings, name, place)


@pytest.fixture(scope="module")
def client():
    return Client(raise_request_exception=False)


def test_every_page_is_in_the_table_of_its_namespace():
    assert [page for page in PAGES if not rows_of(page)] == []


def test_the_tables_speak_of_no_page_that_is_gone():
    assert [page for page in listed_pages() if page not in PAGES] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_each_role_as_the_table_says(page, world, client, reads_only):
    wrong = []
    for row in rows_of(page):
        for role in ROLES:
            response = _ask(client, world, page, row, role, reads_only)
            wrong += _differences(page, row, role, response, world)
        strangers = {
            seen: _answer(_ask(client, seen, page, row, "anonymous", reads_only))
            for seen in (world, world.suspended)
        }
        for role in SIGNED_IN:
            twin = _ask(client, world, page, row, f"deactivated_{role}", reads_only)
            wrong += _differences_of_twin(page, row, role, twin, strangers[world.as_for(role)])
        wrong += _proves_nothing(page, row)

    assert wrong == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_asked_in_every_way_it_answers(page, world, client, reads_only):
    rows = rows_of(page)
    unlisted = {"GET", "POST"} - {row.method for row in rows}
    role = next(
        (role for row in rows for role in reversed(ROLES) if row.expect[role] in (200, 302)), None
    )
    answers = {
        method: _send(client, world, page, rows[0], role, method, {}).status_code
        for method in unlisted
        if role is not None
    }

    assert answers == dict.fromkeys(answers, 405)


def test_what_must_not_be_seen_can_be_seen_by_those_who_may(world, client, reads_only):
    unseen = [
        canary.text
        for canary in world.canaries
        if not any(
            canary.text.encode() in _content(_ask(client, world, canary.at, row, role, reads_only))
            for row in rows_of(canary.at)
            for role in canary.roles
        )
    ]

    assert unseen == []


def test_the_world_holds_something_foreign_to_hide(world):
    assert len(world.canaries) > 0
    assert world.foreign_agency.regulator != world.agency.regulator


def _session(person):
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = django_settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return store.session_key


def _ask(client, world, page, row, role, reads_only):
    if row.method == "POST":
        return _send(client, world, page, row, role, "POST", given(row.data, world.as_for(role)))
    with reads_only():
        return _send(client, world, page, row, role, "GET", given(row.query, world.as_for(role)))


def _send(client, world, page, row, role, method, data):
    address = reverse(page, kwargs=given(row.args, world.as_for(role)))
    client.cookies = SimpleCookie()
    if role != "anonymous":
        client.cookies[django_settings.SESSION_COOKIE_NAME] = world.sessions[role]
    send = client.post if method == "POST" else client.get
    with transaction.atomic():
        response = send(address, data)
        _content(response)
        transaction.set_rollback(True)
    return response


def _answer(response):
    return response.status_code, response.headers.get("Location", "")


def _content(response):
    """The body, also of a file, which is read while its records are there."""
    if response.streaming:
        response.read_once = getattr(response, "read_once", None) or b"".join(response)
        return response.read_once
    return response.content


def _differences(page, row, role, response, world):
    status, place = _answer(response)
    expected = row.expect[role]
    if expected == "sign in":
        if status != 302 or not place.startswith(reverse(django_settings.LOGIN_URL)):
            yield f"{row.method} {page} as {role}: {status} {place}, not to the sign-in page"
    elif status != expected:
        reason = f" ({response.exc_info[1]!r})" if getattr(response, "exc_info", None) else ""
        yield f"{row.method} {page} as {role}: {status}, expected {expected}{reason}"
    for canary in world.canaries:
        if role not in canary.roles and canary.text.encode() in _content(response):
            yield f"{row.method} {page} shows {canary.text!r} to {role}"


def _differences_of_twin(page, row, role, response, anonymous):
    if _answer(response) != anonymous:
        yield (
            f"{row.method} {page} as deactivated {role}: {_answer(response)}, "
            f"while anonymous gets {anonymous}"
        )


def _proves_nothing(page, row):
    hidden = [role for role in ROLES if row.expect[role] in (403, 404)]
    if hidden and not any(row.expect[role] in (200, 302) for role in ROLES):
        yield f"{row.method} {page}: nobody is let in, so the refusals prove nothing"
