from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.enums import RegulatorRole
from attestations.models import Agreement, Revision
from attestations.safeguards.revisions import services
from tests.factories import agencies as people
from tests.factories import attestations as make
from tests.factories import placements

pytestmark = pytest.mark.usefixtures("reference")
TYPED = {
    "reference": "KEN-IRL",
    "title": "Example agreement",
    "source": "KEN",
    "destination": "IRL",
    "valid_from": "2024-01-01",
    "occupations": "Nursing professionals\n2222",
    "agencies_may_act": "yes",
    "health_ministry_takes_part": "no",
    "quota": "5",
    "document": "invented for a test",
}
EMERGENCY = {
    "country_id": "PHL",
    "title": "Example storm",
    "valid_from": "2027-01-01",
    "valid_until": None,
    "source": "invented for a test",
}


@pytest.fixture
def steward(client):
    person = people.staff(people.regulator(), RegulatorRole.DATA_STEWARD)
    client.force_login(person)
    return person


@pytest.fixture
def another(db):
    return people.staff(people.regulator(country="IND"), RegulatorRole.DATA_STEWARD)


def recorded(by, **changes):
    return services.record_rows(
        kind="emergency", rows=[EMERGENCY | changes], by=by, at=make.LOADED_AT
    )


def text_of(page):
    return " ".join(page.content.decode().split())


def test_from_a_form_to_a_page_that_everybody_reads(client, steward, another):
    answer = client.post(reverse("safeguards:record", args=["agreement"]), TYPED)
    revision = Revision.objects.get()
    page = reverse("safeguards:revision", args=[revision.public_id])
    own = text_of(client.get(page))
    client.force_login(another)
    theirs = text_of(client.get(page))
    client.post(reverse("safeguards:confirm", args=[revision.public_id]))
    client.logout()
    agreement = Agreement.objects.get()
    public = text_of(client.get(reverse("safeguards:agreement", args=[agreement.public_id])))

    assert (answer.status_code, answer.url) == (302, reverse("safeguards:waiting"))
    assert ("Confirm it" in own, "Confirm it" in theirs) == (False, True)
    assert agreement.occupations == ["2221", "2222"]
    assert (agreement.recorded_by, agreement.confirmed_by) == (steward, another)
    assert "Midwifery professionals" in public
    assert 'Places in all</dt><dd class="govuk-summary-list__value">5' in public
    assert (steward.name in public, another.name in public) == (False, False)


def test_what_waits_has_no_page_of_its_own(client):
    agreement = make.agreement(is_confirmed=False)

    answer = client.get(reverse("safeguards:agreement", args=[agreement.public_id]))

    assert answer.status_code == 404


def test_a_refusal_stays_on_the_page_with_what_was_typed(client, steward):
    make.agreement("KEN-IRL")

    page = client.post(reverse("safeguards:record", args=["agreement"]), TYPED)

    assert page.status_code == 200
    assert "Agreement with this Reference already exists." in text_of(page)
    assert 'value="Example agreement"' in text_of(page)
    assert not Revision.objects.exists()


def test_a_file_is_refused_with_each_of_its_faults(client, steward):
    file = SimpleUploadedFile("e.csv", b"country,title,valid_from,source\nAtlantis,,soon,x\n")

    page = client.post(reverse("safeguards:record_file", args=["emergency"]), {"file": file})

    assert page.context["form"].errors["file"] == [
        (
            "Row 2, country: “Atlantis” is not a country name that is known here. Type its English "
            "name or its ISO code, such as GHA."
        ),
        "Row 2, title: This field is required.",
        "Row 2, valid_from: Give the day as year, month, day: 2024-03-14.",
    ]


def test_the_file_of_a_list_is_read_as_a_new_version_of_it(client, steward):
    file = client.get(reverse("safeguards:national_file", args=["germany"])).content
    more = file + b"PHL,,annex,2027-01-01,2027-01-01,,,invented\r\n"

    same = client.post(
        reverse("safeguards:revise", args=["germany"]), {"file": SimpleUploadedFile("g.csv", file)}
    )
    new = client.post(
        reverse("safeguards:revise", args=["germany"]), {"file": SimpleUploadedFile("g.csv", more)}
    )

    assert same.context["form"].errors["file"] == [
        "The file says nothing that is not kept already."
    ]
    assert new.url == reverse("safeguards:revision", args=[Revision.objects.get().public_id])


def test_an_end_is_typed_by_one_and_shown_on_the_page_once_confirmed(client, steward, another):
    agreement = make.agreement(valid_until=date(2090, 12, 31))
    client.post(
        reverse("safeguards:end", args=["agreement", agreement.pk]),
        {"ends_on": "2080-12-31", "document": "a note, invented"},
    )
    public = reverse("safeguards:agreement", args=[agreement.public_id])
    before = text_of(client.get(public))
    services.confirm_revision(revision_id=Revision.objects.get().pk, by=another)

    after = text_of(client.get(public))

    assert ("31 December 2080" in before, "31 December 2080" in after) == (False, True)
    assert "Agreed until 31 December 2090, and ended early. a note, invented" in after


def test_looking_never_writes(client, steward, another, reads_only):
    waiting, agreement = recorded(another), make.agreement(quota=3)
    pages = [
        reverse("safeguards:waiting"),
        reverse("safeguards:revision", args=[waiting.public_id]),
        reverse("safeguards:agreement", args=[agreement.public_id]),
        reverse("safeguards:end", args=["agreement", agreement.pk]),
        reverse("safeguards:national_file", args=["england"]),
    ]

    with reads_only():
        answers = [client.get(page).status_code for page in pages]

    assert answers == [200] * len(pages)


def test_one_and_three_rows_cost_the_same_queries(client, steward, another):
    agency, agreement = (
        people.agency(),
        make.agreement("Q", source="PHL", destination="IRL", quota=2),
    )
    pages = [
        reverse("safeguards:waiting"),
        reverse("safeguards:agreements"),
        reverse("safeguards:agreement", args=[agreement.public_id]),
    ]

    def costs():
        counted = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counted.append(len(queries))
        return counted

    make.emergency(title="Example 0")
    recorded(another, title="Storm 0")
    placements.placement(agency, agreement_cited="Q")
    first = costs()
    for number in (1, 2):
        make.emergency(title=f"Example {number}")
        recorded(another, title=f"Storm {number}")
        placements.placement(agency, agreement_cited="Q", recruited_on=date(2024, 6, number))

    assert costs() == first
