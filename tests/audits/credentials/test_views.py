"""What other people's verifiers fetch, and the page where a credential is pasted."""

import pytest
from django.urls import reverse

from tests.factories import credentials

pytestmark = pytest.mark.django_db


def test_a_credential_is_served_byte_for_byte_in_each_form(client, reads_only):
    certificate = credentials.published()
    kept = certificate.credential

    with reads_only():
        answers = {
            name: client.get(reverse(f"credentials:{name}", args=(certificate.number,)))
            for name in ("json", "jsonld", "jwt")
        }

    assert {name: (got["Content-Type"], got.content) for name, got in answers.items()} == {
        "json": ("application/vc", kept.jsonld.encode()),
        "jsonld": ("application/ld+json", kept.jsonld.encode()),
        "jwt": ("application/vc+jwt", kept.jwt.encode()),
    }
