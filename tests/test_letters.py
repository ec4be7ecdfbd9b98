"""Every e-mail, written from real records and read as a person reads it.

How to add a message (the suite fails until it is here): a template in `templates/email/` that
fills the blocks which `base.txt` names, and in `tests/letters/<room>.py` a function that does by
the services what sends it, named in that module's `LIVES`. Each message must appear in some life;
every one that appears is read: a subject of 60 characters, what happened, why, by when, what next,
one link to a page of ours, who answers questions, no code, no gap, days written out, an hour with
its zone, short paragraphs.
"""

import copy
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from agencies.models import Delivery
from agencies.services.outbox import message_of
from tests.letters.reading import faults_of

TEMPLATES = Path(django_settings.BASE_DIR) / "templates" / "email"
FRAMES = {"base", "to_staff"}
LETTERS = sorted(path.stem for path in TEMPLATES.glob("*.txt") if path.stem not in FRAMES)
ROOMS = sorted(
    path.stem for path in (Path(__file__).parent / "letters").glob("*.py") if path.stem != "reading"
)


@pytest.mark.slow
@pytest.mark.django_db
def test_every_letter_is_sent_in_some_life_and_says_all_its_parts(settings):
    strict = copy.deepcopy(settings.TEMPLATES)
    strict[0]["OPTIONS"]["string_if_invalid"] = "MISSING %s"
    settings.TEMPLATES = strict
    for room in ROOMS:
        for life in import_module(f"tests.letters.{room}").LIVES:
            life()

    sent, faults = set(), {}
    for delivery in Delivery.objects.filter(channel="email").select_related("recipient", "entry"):
        name = delivery.template.removeprefix("email/")
        sent.add(name)
        message = message_of(delivery)
        for fault in faults_of(message.subject, message.body):
            faults.setdefault(name, set()).add(fault)

    assert faults == {}
    assert [name for name in LETTERS if name not in sent] == []


SUBJECT = "Audit AU000001J is closed"
BODY = (
    "Dear Niamh Example,\n\nThe audit is closed at 09:00 (UTC).\n\nWhy: All is done.\n\n"
    "By when: No day is set.\n\nWhat next: Read it.\n\nhttp://127.0.0.1:8000/account/\n\n"
    "Questions: Authority, desk@authority.example\n\nRegistry\nhttp://127.0.0.1:8000\n"
)


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        pytest.param("Why: All is done.", "Why:", "says nothing: Why:", id="a part is empty"),
        pytest.param("Why: All is done.", "All is done.", "does not say", id="a part is missing"),
        pytest.param("Dear Niamh Example,\n", "", "greets nobody", id="nobody is greeted"),
        pytest.param("/account/", "/nowhere/at/all/", "leads nowhere", id="the link is broken"),
        pytest.param(
            "http://127.0.0.1:8000/account/", "http://x.example/", "one page of ours", id="foreign"
        ),
        pytest.param("09:00 (UTC)", "09:00", "an hour without", id="an hour of no zone"),
        pytest.param("All is done.", "On 2026-06-01.", "not written out", id="a bare day"),
        pytest.param("All is done.", "It is granted_with.", "a raw code", id="a code"),
        pytest.param("All is done.", "Reason: .", "left empty", id="an empty variable"),
        pytest.param("All is done.", "{{ reason }}", "not rendered", id="an unrendered tag"),
        pytest.param("All is done.", "MISSING reason", "not rendered", id="a missing variable"),
        pytest.param("All is done.", "Long. " * 60, "paragraph of", id="a long paragraph"),
    ],
)
def test_a_reader_finds_what_is_wrong_with_a_letter(was, becomes, fault):
    assert faults_of(SUBJECT, BODY) == []

    assert any(fault in found for found in faults_of(SUBJECT, BODY.replace(was, becomes)))


def test_a_subject_may_not_be_long():
    assert faults_of("x" * 61, BODY) == [f"subject of 61 characters: {'x' * 61}"]
