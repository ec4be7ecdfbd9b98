import json
import re
from itertools import cycle
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from agencies import services
from agencies.enums import PartnerKind, RegulatorRole, Scheme
from agencies.models import Agency, Officer, Partner
from tests.factories import agencies as make

pytestmark = pytest.mark.django_db

NAUGHTY = Path(__file__).parents[2] / "vectors" / "blns.json"


@pytest.fixture
def agency():
    return make.agency("Harbour Example")


@pytest.fixture
def staff(agency, client):
    person = make.staff(agency.regulator, RegulatorRole.CASE_OFFICER)
    make.regulator_membership(person, agency.regulator, RegulatorRole.ADMIN)
    client.force_login(person)
    return person


def page_of(agency, name="agency", *more):
    return reverse(f"agencies:{name}", args=(agency.register_number, *more))


def words(response):
    main = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def add_some_of_everything(agency, times):
    free = [scheme for scheme in Scheme if not agency.scheme_memberships.filter(scheme=scheme)]
    for scheme in free[:times]:
        make.officer(agency, name=f"Officer {scheme}")
        make.branch(agency, name=f"Branch {scheme}")
        make.partner(agency, name=f"Partner {scheme}")
        make.authorization(agency, number=f"Number {scheme}")
        make.scheme_membership(agency, scheme=scheme)
        make.agency_name(agency, f"Name {scheme}", kind="trading")
        make.agency_person(agency)


@pytest.mark.parametrize("name", ["agency", "people"])
def test_an_agency_costs_the_same_queries_for_one_and_three_of_each(client, agency, staff, name):
    counts = []
    for times in (1, 2):
        add_some_of_everything(agency, times)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(page_of(agency, name)).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_the_lists_cost_the_same_queries_for_one_and_three_agencies(client, agency, staff):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/regulator/agencies/?q=example").status_code == 200
        counts.append(len(asked))
        for _ in range(2):
            make.agency(regulator=agency.regulator)

    assert counts[0] == counts[1]


def test_an_ended_agency_says_so_and_offers_no_act(client, agency, staff):
    other = make.agency("Inland Example", regulator=agency.regulator)
    services.merge_agencies(
        agency_id=agency.pk, into_id=other.pk, on=agency.registered_on, by=staff
    )

    shown = words(client.get(page_of(agency)))

    assert "Merged into Inland Example" in shown
    assert "Keep the record" not in shown
    assert "Add:" not in shown


def test_what_cannot_be_done_now_is_said_and_nothing_changes(client, agency, staff):
    services.end_agency(agency_id=agency.pk, on=agency.registered_on, by=staff)

    response = client.post(
        page_of(agency, "rename"), {"legal_name": "New Name", "on": "2026-01-01"}, follow=True
    )

    assert "“rename” is not possible while this is ended." in words(response)
    assert Agency.objects.get(pk=agency.pk).legal_name == "Harbour Example"


def test_a_refusal_stays_beside_what_was_typed(client, agency, staff):
    response = client.post(
        page_of(agency, "add_record", "authorization"),
        {"side": "home", "country": "IRL", "held": "yes", "valid_from": "2024-01-01"},
    )

    assert "Give the issuer and the number of the authorization." in words(response)
    assert 'value="2024-01-01"' in response.content.decode()


@pytest.mark.parametrize(
    "day", ["01/02/2024", "2024-02-30", "0001-01-01", "9999-12-31", "tomorrow"]
)
def test_a_day_is_read_in_one_way_only(client, agency, staff, day):
    response = client.post(
        page_of(agency, "add_record", "branch"),
        {"name": "Cork", "country": "IRL", "valid_from": day},
    )

    assert response.status_code == 200
    assert agency.branches.count() == 0


def test_entries_of_another_agency_cannot_be_ended_here(client, agency, staff):
    foreign = make.officer(make.agency())

    for pk in (foreign.pk, 10**30):
        path = page_of(agency, "end_record", "officer", pk)
        assert client.post(path, {"last_day": "2024-01-01"}).status_code == 404
    assert client.get(page_of(agency, "add_record", "nonsense")).status_code == 404
    assert Officer.objects.get().valid_until is None


def test_a_near_duplicate_is_shown_before_anything_is_registered(client, agency, staff):
    typed = {
        "regulator": agency.regulator.pk,
        "legal_name": "HARBOUR EXAMPLE LTD",
        "registered_on": "2024-01-01",
    }

    shown = client.post("/regulator/agencies/register/", typed)
    assert f"Harbour Example ({agency.register_number}) : the same name" in words(shown)
    assert Agency.objects.count() == 1

    done = client.post("/regulator/agencies/register/", typed | {"is_another": "on"})
    new = Agency.objects.get(legal_name="HARBOUR EXAMPLE LTD")
    assert done.url == page_of(new, "invite")


def test_a_taken_company_number_says_whose_it_is(client, agency, staff):
    services.register_agency(
        regulator_id=agency.regulator.pk,
        legal_name="Inland",
        registered_on=make.FIRST_DAY,
        company_number="12",
        issuing_register="CRO",
        by=staff,
    )

    response = client.post(
        "/regulator/agencies/register/",
        {
            "regulator": agency.regulator.pk,
            "legal_name": "Quite Another",
            "registered_on": "2024-01-01",
            "company_number": "12",
            "issuing_register": "CRO",
            "is_another": "on",
        },
    )

    assert "is already recorded under this company number. Look at its record" in words(response)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=harbour", ["Harbour Example"]),
        ("q=HÁRBOUR", ["Harbour Example"]),
        ("q=seaside", ["Harbour Example"]),
        ("q=%25", []),
        ("state=live", ["Harbour Example", "Suspended Example"]),
        ("state=restricted", ["Suspended Example"]),
        ("state=ended", ["Ended Example"]),
        ("page=99", ["Ended Example", "Harbour Example", "Suspended Example"]),
    ],
)
def test_a_list_is_narrowed(client, agency, staff, query, found):
    make.agency_name(agency, "Seaside Care", kind="trading")
    make.restriction(make.agency("Suspended Example", regulator=agency.regulator))
    ended = make.agency("Ended Example", regulator=agency.regulator)
    services.end_agency(agency_id=ended.pk, on=make.FIRST_DAY, by=staff)
    make.agency("Harbour Example of Another Regulator")

    response = client.get(f"/regulator/agencies/?{query}")

    assert [agency.legal_name for agency in response.context["agencies"]] == found


def test_a_number_is_found_as_people_type_it(client, agency, staff):
    number = agency.register_number
    typed = f"{number[:4].lower()}-{number[4:]}".replace("0", "O")

    response = client.get("/regulator/agencies/", {"q": typed})

    assert list(response.context["agencies"]) == [agency]


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "x" * 5000,
        "state=regex",
        "state__regex=(a%2B)%2B",
        "page=-1",
        "page=1e9999",
        "page=%00",
        "q=((((((",
        "_connector=OR",
        "q=%F0%9F%92%A9&q=b&state=&state=",
    ],
)
def test_a_query_that_nobody_would_type_is_answered_in_words(client, agency, staff, query):
    assert client.get(f"/regulator/agencies/?{query}").status_code == 200


def test_what_cannot_be_read_shows_nothing_and_says_why(client, agency, staff):
    shown = words(client.get("/regulator/agencies/?state=regex"))

    assert "Nothing is shown, because what you asked for could not be read." in shown
    assert "Harbour Example" not in shown


@pytest.mark.slow
def test_naughty_text_is_taken_or_refused_in_words_and_never_runs(client, agency, staff):
    """Every string of the list through a text field, some of them refused for what they are."""
    strings = json.loads(NAUGHTY.read_text(encoding="utf-8"))
    path = page_of(agency, "add_record", "partner")
    kinds = cycle(PartnerKind.values)
    for text, other, kind in zip(strings[::2], strings[1::2], kinds, strict=False):
        response = client.post(
            path,
            {
                "name": f"P {text}"[:200],
                "licence": other[:120],
                "kind": kind,
                "country": "IRL",
                "valid_from": "2024-01-01",
            },
        )
        assert response.status_code in (200, 302), text

    page = client.get(page_of(agency)).content.decode()
    assert Partner.objects.count() > 150
    assert re.findall(r"<script(?![^>]*src=\"/static/)", page) == []
    assert re.findall(r"<(?:img|svg|iframe|body on|a href=\"java)", page) == ["<svg"] * page.count(
        "<svg"
    )
    assert "<script>alert" not in page
    assert escape("<script>alert") in page
