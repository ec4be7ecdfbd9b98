"""The log for programs: tiles, proofs that verify, and answers that say what was asked wrongly."""

from base64 import b64decode

import pytest
from django.urls import reverse

from audits.transparency import merkle
from audits.transparency.models import LogLeaf
from audits.transparency.queries import latest_checkpoint, root_at
from tests.factories import agencies as make
from tests.factories import log

pytestmark = pytest.mark.django_db


@pytest.fixture
def grown():
    log.acts(9, by=make.user())
    return log.signed()


def decoded(steps):
    return [b64decode(step) for step in steps]


def test_the_checkpoint_is_the_last_one_that_was_signed(client, grown):
    answered = client.get("/log/checkpoint")

    assert answered.content.decode() == grown.note
    assert answered["Content-Type"] == "text/plain; charset=utf-8"


def test_before_the_first_signature_there_is_no_checkpoint(client):
    assert client.get("/log/checkpoint").status_code == 404
    assert client.get("/log/").status_code == 200


def test_tiles_are_kept_for_ever_and_others_do_not_exist(client, grown):
    full = client.get("/log/tile/0/000.p/10")

    assert (full.status_code, len(full.content)) == (200, 320)
    assert "immutable" in full["Cache-Control"]
    assert [
        client.get(f"/log/tile/{path}").status_code
        for path in ("0/000", "0/000.p/11", "0/0", "1/000.p/1", "entries/000.p/10", "x")
    ] == [404, 404, 404, 404, 200, 404]


@pytest.mark.parametrize("position", [0, 5, 9])
def test_an_inclusion_proof_verifies(client, grown, position):
    answer = client.get("/log/proof/inclusion/", {"position": position}).json()

    leaf = merkle.leaf_hash(LogLeaf.objects.get(position=position).content.encode())
    assert (answer["size"], b64decode(answer["leaf_hash"])) == (grown.size, leaf)
    assert merkle.includes(
        leaf, position, grown.size, decoded(answer["proof"]), bytes.fromhex(grown.root)
    )


@pytest.mark.parametrize(("first", "second"), [(0, 3), (3, 3), (3, 10), (8, 10)])
def test_a_consistency_proof_verifies(client, grown, first, second):
    answer = client.get("/log/proof/consistency/", {"first": first, "second": second}).json()

    assert merkle.goes_on(first, root_at(first), second, root_at(second), decoded(answer["proof"]))
    assert b64decode(answer["first_root"]) == root_at(first)


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("inclusion", {}),
        ("inclusion", {"position": "x"}),
        ("inclusion", {"position": "10"}),
        ("inclusion", {"position": "0", "size": "11"}),
        ("inclusion", {"position": "-1"}),
        ("inclusion", {"position": "9" * 400}),
        ("inclusion", {"position": "0", "size": "0"}),
        ("consistency", {"first": "4", "second": "3"}),
        ("consistency", {"first": "0", "second": "11"}),
        ("consistency", {"second": "3"}),
    ],
)
def test_what_cannot_be_proved_is_refused_in_words(client, grown, page, query):
    answered = client.get(f"/log/proof/{page}/", query)

    assert (answered.status_code, answered.json()["status"]) == (400, "bad_request")
    assert answered.json()["errors"]


def test_a_leaf_shows_what_was_hashed_and_the_way_to_the_signature(client, grown):
    page = client.get("/log/leaf/3/").content.decode()

    leaf = LogLeaf.objects.get(position=3)
    assert leaf.about in page
    assert "Legal name changed" in page
    assert "These hashes lead from the entry to the root" in page


def test_a_leaf_that_is_not_signed_yet_says_so(client, grown):
    log.acts(1)

    page = client.get("/log/leaf/10/").content.decode()

    assert "No signature covers this entry yet" in page
    assert client.get("/log/leaf/11/").status_code == 404


def test_the_page_leads_to_all_that_one_needs_to_check_it(client, grown):
    page = client.get("/log/").content.decode()

    for name in ("checkpoint", "verifier", "keys"):
        assert reverse(f"log:{name}") in page
    assert "signature, of" in page
    assert str(latest_checkpoint().size) in page


def test_the_page_costs_the_same_for_few_entries_and_many(client, django_assert_num_queries):
    log.acts(1)
    log.signed()
    with django_assert_num_queries(5):
        client.get("/log/")
    log.acts(70)

    with django_assert_num_queries(5):
        page = client.get("/log/").content.decode()

    assert "?before=" in page
    assert client.get("/log/", {"before": "22"}).status_code == 200


def test_the_verifier_is_the_file_of_the_source(client):
    assert client.get("/log/verify_register.py").content == log.VERIFIER.read_bytes()
