import re

import pytest
from django.core import mail
from django.urls import reverse

from agencies import services
from agencies.enums import AgencyRole, RegulatorRole
from agencies.models import AgencyMembership, User
from agencies.services.signing_in import ATTEMPTS_ON_AN_ACCOUNT
from agencies.tokens import invitation_token
from tests.factories import agencies as make

pytestmark = pytest.mark.django_db

EMAIL = "niamh@people.example"
SIGN_IN = "/account/sign-in/"


def sign_in(client, email=EMAIL, password=make.PASSWORD, **more):
    return client.post(SIGN_IN, {"username": email, "password": password}, **more)


def text(response):
    """The words of the main part of a page."""
    main = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.fixture
def person():
    return make.user(EMAIL, password=make.PASSWORD)


def test_signing_in_leads_to_the_first_page(client, person):
    response = sign_in(client, "  NIAMH@People.example ")

    assert (response.status_code, response.url) == (302, "/account/")


def test_wrong_password_unknown_address_and_closed_account_look_the_same(client, person):
    make.user("closed@people.example", password=make.PASSWORD, is_active=False)
    tried = [(EMAIL, "wrong"), ("nobody@people.example", "wrong")]
    tried.append(("closed@people.example", make.PASSWORD))

    pages = [text(sign_in(client, email, password)).replace(email, "") for email, password in tried]

    assert pages[0] == pages[1] == pages[2]
    assert "ask for a new one below" in pages[0]


def test_too_many_attempts_are_not_judged_any_more(client, person):
    for _ in range(ATTEMPTS_ON_AN_ACCOUNT):
        assert sign_in(client, password="wrong").status_code == 200

    response = sign_in(client)

    assert response.status_code == 429
    assert "_auth_user_id" not in client.session


def test_forged_addresses_do_not_help_to_try_more_often(client, person):
    answers = {
        sign_in(client, password="wrong", headers={"x-forwarded-for": f"192.0.2.{n}"}).status_code
        for n in range(ATTEMPTS_ON_AN_ACCOUNT + 5)
    }

    assert answers == {200, 429}


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_signing_in_leads_to_no_other_site(client, person, target):
    response = client.post(
        f"{SIGN_IN}?next={target}", {"username": EMAIL, "password": make.PASSWORD}
    )

    assert response.url == "/account/"


def test_a_page_that_needed_signing_in_comes_after_it(client, person):
    agency = make.agency()
    make.agency_membership(person, agency)
    page = reverse("agencies:agency", args=(agency.register_number,))

    asked = client.get(page)
    response = client.post(asked.url, {"username": EMAIL, "password": make.PASSWORD})

    assert (asked.url, response.url) == (f"{SIGN_IN}?next={page}", page)


def test_ending_a_role_ends_the_sessions(client, person):
    agency = make.agency()
    membership = make.agency_membership(person, agency)
    sign_in(client)
    assert client.get("/account/").status_code == 200

    services.end_agency_membership(
        membership_id=membership.pk, by=make.agency_person(agency, AgencyRole.ADMIN)
    )

    assert client.get("/account/").url == f"{SIGN_IN}?next=/account/"


def test_a_closed_account_is_out_from_the_next_request(client, person):
    sign_in(client)

    services.deactivate_user(user_id=person.pk, by=make.user(is_operator=True))

    assert client.get("/account/").status_code == 302


def test_a_forgotten_password_is_replaced_by_mail(
    client, person, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        asked = client.post("/account/password/", {"email": EMAIL})
    path = re.search(r"http://[^/]+(/account/password/\S+)", mail.outbox[0].body)[1]

    shown = client.get(path)
    differing = client.post(path, {"password": "a long new phrase", "again": "another"})
    weak = client.post(path, {"password": "short", "again": "short"})
    done = client.post(path, {"password": "a long new phrase", "again": "a long new phrase"})

    assert asked.url == "/account/password/sent/"
    assert shown.status_code == 200
    assert "Type the same one twice" in text(differing)
    assert "too short" in text(weak)
    assert done.url == SIGN_IN
    assert client.get(path).status_code == 410
    assert sign_in(client, password="a long new phrase").status_code == 302


def test_whether_an_address_has_an_account_is_not_said(client, person):
    known = client.post("/account/password/", {"email": EMAIL})
    unknown = client.post("/account/password/", {"email": "nobody@people.example"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def invited(agency, email="new@people.example"):
    invitation = services.invite(
        email=email,
        role=AgencyRole.MEMBER,
        agency_id=agency.pk,
        by=make.agency_person(agency, AgencyRole.ADMIN),
    )
    return f"/account/invitation/{invitation_token(invitation.public_id)}/"


def test_an_invited_person_makes_an_account_and_is_inside(client):
    agency = make.agency("Harbour Example")
    path = invited(agency)

    shown = client.get(path)
    weak = client.post(path, {"name": "New", "password": "short", "again": "short"})
    done = client.post(
        path, {"name": "New Example", "password": make.PASSWORD, "again": make.PASSWORD}
    )

    assert "Harbour Example" in text(shown)
    assert "too short" in text(weak)
    assert done.url == "/account/"
    assert "Harbour Example" in text(client.get("/account/"))
    over = client.get(path)
    assert (over.status_code, "accepted already" in text(over)) == (410, True)


def test_looking_at_an_invitation_accepts_nothing(client, reads_only):
    path = invited(make.agency())

    with reads_only():
        client.get(path)

    assert User.objects.filter(email="new@people.example").exists() is False


def test_who_has_an_account_signs_in_and_accepts(client, person):
    agency = make.agency()
    path = invited(agency, EMAIL)

    before = client.post(path)
    sign_in(client)
    done = client.post(path)

    assert before.url == path
    assert done.url == "/account/"
    assert AgencyMembership.objects.filter(user=person, agency=agency).count() == 1


def test_an_invitation_of_somebody_else_is_not_taken(client, person):
    path = invited(make.agency())
    sign_in(client)

    assert "signed in with another address" in text(client.get(path))
    assert client.post(path).status_code == 403


def test_a_made_up_invitation_is_not_found(client):
    assert client.get("/account/invitation/made-up/").status_code == 404


def test_staff_begin_at_the_regulators_desk(client, person):
    make.regulator_membership(person, make.regulator(), RegulatorRole.AUDITOR)
    sign_in(client)

    assert client.get("/account/").url == "/regulator/"
