"""An old copy of the database brought back does not answer: it says that it has not caught up."""

import pytest

from audits.transparency import caught_up
from audits.transparency.caught_up import what_is_missing
from audits.transparency.checkpoints import keep_outside, path_outside
from tests.factories import log
from tests.factories.log import planted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_was_found_yet(monkeypatch):
    monkeypatch.setitem(caught_up._found_whole, "mark", None)


@pytest.fixture
def kept():
    """A log of four leaves, and its checkpoint beside the database."""
    log.acts(3)
    checkpoint = log.signed()
    keep_outside(checkpoint.note)
    return checkpoint


def bring_back_an_older_copy():
    planted(
        "DELETE FROM audits_logcheckpoint",
        "DELETE FROM audits_logopening",
        "DELETE FROM audits_lognode WHERE place = 3 OR level > 1",
        "DELETE FROM audits_lognode WHERE level = 1 AND place = 1",
        "DELETE FROM audits_logleaf WHERE position = 3",
    )


def test_nothing_is_missing_where_nothing_was_signed_or_everything_is_there(kept):
    assert what_is_missing() == ""
    path_outside().unlink()
    assert what_is_missing() == ""


def test_it_is_asked_once_a_file_and_not_once_a_request(kept, django_assert_num_queries):
    what_is_missing()

    with django_assert_num_queries(0):
        assert what_is_missing() == ""


def test_an_older_copy_is_told(kept):
    bring_back_an_older_copy()

    assert what_is_missing() == (
        "The log has 3 of the 4 leaves that were signed: the database is an older copy."
    )


def test_another_past_is_told(kept):
    planted(
        "UPDATE audits_lognode SET hash = (SELECT hash FROM audits_lognode n"
        " WHERE n.level = 0 AND n.place = 1) WHERE level = 2"
    )

    assert what_is_missing() == "The first 4 leaves are not those that were signed."


def test_an_unreadable_file_is_told(kept):
    path_outside().write_bytes(b"rubbish")

    assert "cannot be read" in what_is_missing()


@pytest.mark.parametrize("page", ["/", "/verify/CE000012Z/", "/register/", "/account/sign-in/"])
def test_no_page_answers_before_it_has_caught_up(kept, client, page):
    bring_back_an_older_copy()

    answered = client.get(page)

    assert (answered.status_code, answered["Cache-Control"]) == (503, "no-store")
    assert "This register has not caught up" in answered.content.decode()


def test_a_program_is_told_that_nothing_could_be_checked(kept, client):
    bring_back_an_older_copy()

    answered = client.get("/verify/CE000012Z/", {"format": "json"})

    assert (answered.status_code, answered.json()["status"]) == (503, "could_not_check")


def test_the_log_itself_still_answers_and_the_rest_once_it_has_caught_up(kept, client):
    bring_back_an_older_copy()
    assert (client.get("/log/").status_code, client.get("/").status_code) == (200, 503)

    path_outside().unlink()

    assert client.get("/").status_code == 200


def test_control_a_register_that_holds_everything_answers(kept, client):
    assert client.get("/").status_code == 200
