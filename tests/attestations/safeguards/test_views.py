from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from agencies.enums import RegulatorRole
from attestations.models import ListEdition
from tests.factories import agencies as people
from tests.factories import attestations as make
from tests.naughty import naughty_texts

pytestmark = pytest.mark.usefixtures("reference")


def text_of(response):
    return response.content.decode()


def signed_in(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def stewards(db):
    regulator = people.regulator()
    return [people.staff(regulator, RegulatorRole.DATA_STEWARD) for _ in range(2)]


def described(**more):
    file = SimpleUploadedFile("list.csv", b"country\nGhana\nKenya\n")
    return {
        "file": file,
        "countries_expected": "2",
        "label": "2027",
        "title": "Example list 2027",
        "published_on": "2027-03-01",
        "valid_from": "2027-03-01",
        "certainty": "",
        "source": "invented for a test",
    } | more


def test_one_steward_loads_an_edition_and_another_activates_it(client, stewards):
    first, second = map(signed_in, stewards)

    loaded = first.post(reverse("safeguards:load"), described())
    page = reverse("safeguards:edition", args=("2027",))
    preview = second.get(page)
    alone = first.post(reverse("safeguards:activate", args=("2027",)))
    done = second.post(reverse("safeguards:activate", args=("2027",)), follow=True)

    assert loaded["Location"] == page
    assert [each.iso3 for each in preview.context["added"]] == ["KEN"]
    assert preview.context["impact"].placements == 0
    assert client.get(page).status_code == 200
    assert alone.status_code == 403
    assert "You loaded this edition" in text_of(alone)
    assert "The edition is active." in text_of(done)
    assert ListEdition.objects.in_force(date(2027, 3, 1)).label == "2027"


@pytest.mark.parametrize(
    ("more", "field", "message"),
    [
        pytest.param(
            {"countries_expected": "3"}, "file", "2 rows are there, and 3 should be.", id="count"
        ),
        pytest.param(
            {"file": SimpleUploadedFile("a.csv", b"country\nCongo\nKenya\n")},
            "file",
            "Row 2: “Congo” can mean more than one country.",
            id="ambiguous",
        ),
        pytest.param({"label": "2023"}, "label", "The edition 2023 is kept already", id="label"),
        pytest.param(
            {"file": SimpleUploadedFile("a.csv", b"x" * (1024 * 1024 + 1))},
            "file",
            "This file is larger than 1 MB",
            id="size",
        ),
        pytest.param(
            {"published_on": "01/03/2027"},
            "published_on",
            "Give the day as year, month, day: 2024-03-14.",
            id="date",
        ),
    ],
)
def test_a_wrong_load_says_what_is_wrong_and_keeps_nothing(stewards, more, field, message):
    refused = signed_in(stewards[0]).post(reverse("safeguards:load"), described(**more))

    assert refused.status_code == 200
    assert refused.context["form"].errors[field][0].startswith(message)
    assert ListEdition.objects.count() == 3


def test_an_edition_that_waits_can_be_discarded(stewards):
    client = signed_in(stewards[0])
    client.post(reverse("safeguards:load"), described())

    client.post(reverse("safeguards:discard", args=("2027",)))

    assert ListEdition.objects.count() == 3


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("/lists/country/ZWE/?on=2023-03-07", "Not on the List", id="before its day"),
        pytest.param("/lists/country/ZWE/?on=2023-03-08", "On the List", id="on its day"),
        pytest.param("/lists/country/ZWE/?on=2010-05-20", "No edition was in force", id="none"),
        pytest.param("/lists/country/ZWE/?on=2023-12-20", "Cannot be determined", id="not certain"),
        pytest.param(
            "/lists/country/ZWE/?on=2023-13-01",
            "Give the day as year, month, day: 2024-03-14.",
            id="no day",
        ),
        pytest.param(
            "/lists/country/ZWE/?on=0001-01-01", "Give a day from 1900-01-01 on.", id="long ago"
        ),
        pytest.param("/lists/national/england/?on=2022-08-22", "Amber", id="a grade of its day"),
        pytest.param(
            "/lists/national/germany/?on=1",
            "Give the day as year, month, day: 2024-03-14.",
            id="no day either",
        ),
        pytest.param("/lists/difference/?earlier=2020&later=2023", "Zimbabwe", id="what was added"),
        pytest.param("/lists/difference/?earlier=x", "There is a problem", id="no such edition"),
        pytest.param(
            "/lists/editions/2006/", "until the day before 25 February 2021", id="its end"
        ),
    ],
)
def test_a_reader_asks_for_a_day(client, address, expected):
    answer = client.get(address)

    assert answer.status_code == 200
    assert expected in text_of(answer)


@pytest.mark.parametrize(
    "address",
    [
        "/lists/country/QQQ/",
        "/lists/country/zwe/",
        "/lists/national/france/",
        "/lists/editions/1999/",
        "/lists/editions/%00/",
        "/lists/country/%F0%9F%98%8D/",
    ],
)
def test_what_is_not_there_is_404(client, address):
    assert client.get(address).status_code == 404


def test_what_was_not_verified_is_not_printed(client):
    page = text_of(client.get(reverse("safeguards:commitments")))

    assert "Article 8.5" in page
    assert "Article 3.4" not in page
    assert "freedom to migrate" not in page
    assert "ISO/IEC 17065" not in page
    assert "(unverified)" in page


def test_nothing_says_that_the_list_is_a_ban(client):
    pages = ["/lists/", "/lists/editions/2023/", "/lists/country/GHA/", "/lists/commitments/"]
    shown = " ".join(text_of(client.get(page)) for page in pages).lower()

    found = [word for word in ("illegal", "prohibited", "blacklist", "violation") if word in shown]

    assert found == []


def test_a_yaml_file_needs_no_other_word_and_a_csv_file_does(stewards):
    steward = signed_in(stewards[0])
    text = (
        "label: 2027\ntitle: Example list\npublished_on: 2027-03-01\nvalid_from: 2027-03-01\n"
        "source: invented for a test\nentries:\n  - GHA\n  - KEN\n"
    )
    alone = {"countries_expected": "2"}

    refused = steward.post(
        reverse("safeguards:load"),
        alone | {"file": SimpleUploadedFile("list.csv", b"country\nGhana\nKenya\n")},
    )
    loaded = steward.post(
        reverse("safeguards:load"),
        alone | {"file": SimpleUploadedFile("list.yaml", text.encode())},
    )

    assert set(refused.context["form"].errors) == {
        "label",
        "title",
        "published_on",
        "valid_from",
        "source",
    }
    assert loaded["Location"] == reverse("safeguards:edition", args=("2027",))


def test_lists_cost_the_same_queries_for_one_and_three(client):
    def counts():
        found = []
        for address in ("/lists/", "/lists/agreements/", "/lists/country/BGD/?on=2024-01-01"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len(asked))
        return found

    def one_more(number):
        make.agreement(f"EX-{number}")
        make.communication("BGD", valid_from=date(2020, 1, number))
        make.emergency("BGD", title=f"Example {number}", valid_from=date(2022, 1, 1))
        make.authorization_requirement("BGD", valid_from=date(2015, 1, number))
        make.list_edition(f"20{30 + number}", valid_from=date(2030 + number, 1, 1))

    one_more(1)
    one = counts()
    one_more(2)
    one_more(3)

    assert counts() == one


@pytest.mark.slow
def test_naughty_texts_are_kept_and_shown_as_text(stewards):
    """Through every text field of the page that loads an edition, and through the addresses."""
    client = signed_in(stewards[0])
    for number, text in enumerate(naughty_texts(900)):
        line = " ".join(text.split())[:190]
        day = f"2027-03-{number + 1:02}"
        more = {"title": line, "source": text, "certainty": text, "valid_from": day}
        kept = client.post(reverse("safeguards:load"), described(label=f"n{number}", **more))
        assert kept.status_code in (200, 302)
        wrong = dict.fromkeys(("label", "countries_expected", "published_on"), line)
        assert client.post(reverse("safeguards:load"), described(**wrong)).status_code == 200
        assert client.get("/lists/country/GHA/", {"on": text}).status_code == 200
        assert client.get("/lists/difference/", {"earlier": line}).status_code == 200
    shown = text_of(client.get("/lists/"))
    titles = ListEdition.objects.filter(label__startswith="n").values_list("title", flat=True)
    assert len(titles) > 10
    assert [title for title in titles if escape(title) not in shown] == []
