"""Whether a person may act for an agency: yes, no, or whom to ask; people are never listed."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from agencies.services import signing_in
from audits.checking.queries import May, may_act
from tests.factories import agencies as make
from tests.naughty import naughty_texts

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


@pytest.fixture
def agency():
    agency = make.agency("Harbour Example Recruitment")
    make.officer(agency, name="Ciara O’Example")
    make.officer(agency, name="Gone Example", valid_until=TODAY - timedelta(days=1))
    return agency


def ask(client, agency, name, **headers):
    where = reverse("checking:person", args=(agency.register_number,))
    return client.post(where, {"name": name}, **headers)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("Ciara O'Example", May.YES),
        ("CIARA OEXAMPLE", May.YES),
        ("Ciara Example", May.NO),
        ("Ciara", May.NO),
        ("Gone Example", May.NO),
    ],
)
def test_only_the_exact_name_of_an_officer_in_post(agency, name, may):
    assert may_act(agency, name, on=TODAY) == may


def test_where_nobody_is_on_record_the_regulator_is_asked():
    assert may_act(make.agency("Nobody Example"), "Ciara Example", on=TODAY) == May.ASK


def test_where_two_bear_the_name_the_regulator_is_asked(agency):
    make.officer(agency, name="Ciara OExample")
    assert may_act(agency, "Ciara O’Example", on=TODAY) == May.ASK


def test_no_answer_names_anybody_who_was_not_asked_about(client, agency):
    answer = ask(client, agency, "Somebody Else").content.decode()
    assert "No. The register holds no officer" in answer
    assert "Ciara" not in answer
    assert "Ciara" not in client.get(f"/register/{agency.register_number}/").content.decode()


def test_guessing_has_an_end(client, agency):
    for _ in range(signing_in.NAMES_ASKED_FROM_AN_ADDRESS):
        assert ask(client, agency, "Some Body", REMOTE_ADDR="192.0.2.7").status_code == 200
    assert ask(client, agency, "Some Body", REMOTE_ADDR="192.0.2.7").status_code == 429
    assert ask(client, agency, "Some Body", REMOTE_ADDR="192.0.2.8").status_code == 200


def test_control_without_the_count_guessing_has_none(client, agency, monkeypatch):
    monkeypatch.setattr(signing_in, "_count", lambda what, at: 0)
    for _ in range(signing_in.NAMES_ASKED_FROM_AN_ADDRESS + 5):
        assert ask(client, agency, "Some Body", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_hostile_names(client, agency):
    for text in naughty_texts(180)[:40]:
        answer = ask(client, agency, text)
        assert answer.status_code in (200, 400)
        assert "<script>alert(" not in answer.content.decode()
