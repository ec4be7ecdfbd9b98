"""The page of one placement, and the same as data: for the agency, the regulator, the public."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from attestations.placements import services
from attestations.placements.models import Placement
from attestations.safeguards.models import ListEdition
from tests.factories import agencies, attestations
from tests.factories import placements as make

pytestmark = pytest.mark.django_db

FROM_GHANA = {"residence": "GHA", "training": "GHA", "source": "GHA"}
ASKED = {
    "source": "GHA",
    "destination": "IRL",
    "occupation": "2221",
    "on": "2024-05-10",
    "start": "2024-09-01",
    "training": "GHA",
    "mode": "AGENCY",
}


@pytest.fixture
def agency():
    attestations.reference()
    found = agencies.agency()
    agencies.authorization(found, valid_from=date(2000, 1, 1))
    return found


@pytest.fixture
def people(agency):
    member, officer, abroad = (agencies.user(name=name) for name in ("Member", "Officer", "Abroad"))
    agencies.agency_membership(member, agency)
    agencies.regulator_membership(officer, agency.regulator)
    agencies.regulator_membership(abroad, agencies.regulator(country="GHA"))
    return {"member": member, "officer": officer, "abroad": abroad}


def page(name, placement):
    return reverse(
        f"placements:{name}",
        kwargs={"number": placement.agency.register_number, "pk": placement.pk},
    )


def told_to(client, person, placement, **more):
    client.force_login(person)
    return client.get(page("detail", placement), more)


@pytest.mark.slow
def test_the_same_facts_are_told_in_the_same_words_to_everybody(client, agency, people):
    placement = make.placement(agency, **FROM_GHANA)
    as_data = {
        name: told_to(client, person, placement, format="json").json()
        for name, person in people.items()
    }
    pages = {name: told_to(client, person, placement) for name, person in people.items()}
    client.logout()
    as_data["public"] = client.get(reverse("placements:ask"), {**ASKED, "format": "json"}).json()
    pages["public"] = client.get(reverse("placements:ask"), ASKED)
    written = StringIO()
    given = [f"--{name}={value}" for name, value in ASKED.items()]
    call_command("ask", *given, "--json", stdout=written)
    as_data["command"] = json.loads(written.getvalue())

    findings = {name: told["findings"] for name, told in as_data.items()}
    shared = ("outcome", "outcome_in_words", "edition", "edition_in_force", "ruleset")
    expected = findings["public"]
    assert [found["code"] for found in expected] == ["SSL-ACTIVE"]
    assert findings == dict.fromkeys(findings, expected)
    assert len({json.dumps([told[name] for name in shared]) for told in as_data.values()}) == 1
    said = [
        expected[0]["sentence"],
        expected[0]["basis_words"],
        expected[0]["citation"],
        *expected[0]["would_change"],
        *(fact["value"] for fact in expected[0]["facts_used"]),
    ]
    missing = [
        (name, text)
        for name, answer in pages.items()
        for text in said
        if escape(text) not in answer.content.decode()
    ]
    assert missing == []


def test_data_name_the_edition_its_digest_the_rules_and_the_verdict(client, agency, people):
    placement = make.placement(agency, **FROM_GHANA)

    told = told_to(client, people["officer"], placement, format="json").json()

    edition = ListEdition.objects.get(label="2023")
    assert told["edition_in_force"] == {
        "label": "2023",
        "valid_from": "2023-03-08",
        "digest": edition.digest,
    }
    assert (told["ruleset"], told["verdict_digest"], told["facts_digest"]) == (
        placement.verdict.ruleset_version,
        placement.verdict.digest,
        placement.verdict.facts_digest,
    )
    assert told["stated"]["mode"] == {
        "value": "AGENCY",
        "in_words": "the agency approached the worker",
    }


def test_what_is_not_judged_yet_says_so_as_data(client, agency, people):
    placement = make.placement(agency, judged=False)

    told = told_to(client, people["member"], placement, format="json").json()

    assert (told["outcome"], told["reference"]) == (None, placement.reference)


@pytest.mark.slow
def test_a_correction_is_asked_for_with_its_reason_and_stays_to_be_read(client, agency, people):
    attestations.agreement("GHA-IRL", source="GHA", destination="IRL")
    placement = make.placement(agency, **FROM_GHANA)
    client.force_login(people["member"])

    offered = client.get(page("correct", placement)).content.decode()
    without = client.post(page("correct", placement), {"agreement": "GHA-IRL"})
    unproved = client.post(page("correct", placement), {"mode": "direct", "reason": "So it was."})
    nothing = client.post(page("correct", placement), {"agreement": "", "reason": "So it was."})
    done = client.post(
        page("correct", placement), {"agreement": "GHA-IRL", "reason": "It was forgotten."}
    )

    assert "On file, and would cover this placement: GHA-IRL." in offered
    assert (without.status_code, unproved.status_code, nothing.status_code) == (400, 400, 400)
    assert "Name the proof of the worker" in unproved.content.decode()
    assert "nothing would change" in nothing.content.decode()
    assert done.url == page("detail", placement)
    for person, names in (("member", True), ("officer", True), ("abroad", False)):
        text = told_to(client, people[person], placement).content.decode()
        for expected in (
            "Version 1, until",
            "Corrected by hand",
            "It was forgotten.",
            "<strong>GHA-IRL</strong>",
            "(edition 2023, rules",
            "Not in line with the safeguards",
        ):
            assert expected in text
        assert ("by Member" in text) is names


@pytest.mark.slow
def test_each_version_names_the_file_and_row_that_replaced_it(client, agency, people):
    make.applied(agency, [make.row(reference="A", employer="First Example")], name="first.csv")
    second = [make.row(reference="Z"), make.row(reference="A", employer="Second Example")]
    make.applied(agency, second, name="second.csv", by=people["member"])
    make.applied(agency, [make.row(reference="A", employer="Third Example")], name="third.csv")
    placement = Placement.objects.get(reference="A")

    to_officer = told_to(client, people["officer"], placement).content.decode()
    versions = told_to(client, people["officer"], placement, format="json").json()

    employers = [
        (change["was"], change["became"])
        for earlier in versions["earlier_versions"]
        for change in earlier["changes"]
    ]
    assert employers == [
        ("Second Example", "Third Example"),
        ("First Example", "Second Example"),
    ]
    assert "third.csv</a>, row 2" in to_officer
    assert "second.csv</a>, row 3" in to_officer
    assert "by Member" in to_officer
    assert "<del>First Example</del>" in to_officer
    assert "<strong>Second Example</strong>" in to_officer


@pytest.mark.slow
@pytest.mark.parametrize("person", ["member", "officer", "abroad"])
def test_what_was_withdrawn_stays_to_be_seen_with_its_reason(client, agency, people, person):
    gone = make.placement(agency, **FROM_GHANA, reference="gone")
    make.placement(agency, **FROM_GHANA, reference="stands")
    services.withdraw_placement(placement_id=gone.pk, reason="Never came.", by=people["member"])
    client.force_login(people[person])
    address = reverse("placements:list", args=(agency.register_number,))

    found = {
        standing: [
            row["placement"].reference
            for row in client.get(address, {"standing": standing}).context["rows"]
        ]
        for standing in ("withdrawn", "standing", "")
    }
    text = client.get(page("detail", gone)).content.decode()

    assert found == {"withdrawn": ["gone"], "standing": ["stands"], "": ["stands", "gone"]}
    assert "Never came." in text
    assert "Correct this placement" not in text


@pytest.mark.slow
def test_a_page_costs_the_same_for_one_version_and_for_many(client, agency, people):
    client.force_login(people["officer"])
    costs = []
    for at in range(8):
        recruited = f"20{14 + at}-05-10"
        row = make.row(reference="A", employer=f"Example {at}", recruited_on=recruited)
        make.applied(agency, [row], by=people["member"])
        with CaptureQueriesContext(connection) as queries:
            client.get(page("detail", Placement.objects.get()))
        costs.append(len(queries))

    assert costs[1] == costs[7]
