"""Addresses that nothing can have, and what a browser may keep."""

import pytest
from django.urls import reverse

from tests.factories import agencies as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/register/%00/", "/verify/CE%00/", "/lists/editions/%00/", "/agency/%00/", "/%00"]
)
def test_an_address_with_a_nul_is_not_found(client, address):
    response = client.get(address)

    assert (response.status_code, b"Page not found" in response.content) == (404, True)


def test_other_addresses_are_answered(client):
    assert client.get(reverse("register:search")).status_code == 200


def test_a_private_page_is_kept_nowhere(client):
    client.force_login(make.user())

    private = client.get(reverse("agencies:home"))
    public = client.get(reverse("register:search"))

    assert private.status_code == 200
    assert (private["Cache-Control"], public["Cache-Control"]) == ("private, no-store", "no-cache")
