"""`did:web` of an origin, and public keys as other people's vectors write them."""

import json
from pathlib import Path

import base58
import pytest

from audits.credentials.dids import did_of, from_base64url, json_web_key, multikey

VECTORS = Path(__file__).parents[2] / "vectors"


@pytest.mark.parametrize(
    ("origin", "did"),
    [
        ("https://registry.example", "did:web:registry.example"),
        ("https://registry.example:8443", "did:web:registry.example%3A8443"),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
    ],
)
def test_a_did_follows_from_the_origin(origin, did):
    assert did_of(origin) == did


def test_multikeys_are_those_of_the_vectors():
    vectors = json.loads((VECTORS / "did_key" / "ed25519-x25519.json").read_text())

    made = [
        multikey(base58.b58decode(vector["verificationKeyPair"]["publicKeyBase58"]))
        for vector in vectors.values()
        if "publicKeyBase58" in vector["verificationKeyPair"]
    ]

    assert made
    assert made == [
        did.removeprefix("did:key:")
        for did, vector in vectors.items()
        if "publicKeyBase58" in vector["verificationKeyPair"]
    ]


def test_a_json_web_key_is_that_of_the_vectors():
    vector = json.loads((VECTORS / "w3c_vc_jose_cose" / "vm-ed25519.json").read_text())
    stated = vector["publicKeyJwk"]

    made = json_web_key(from_base64url(stated["x"]))

    assert made == {name: stated[name] for name in ("kty", "crv", "x")}


@pytest.mark.parametrize("written", ["YQ==", "YR", "Y", "YQ\n", "Y Q", "_w+", "é", "YQ."])
def test_base64url_is_read_in_its_one_form_only(written):
    with pytest.raises(ValueError, match=r"base64|padding|ASCII|Only|Invalid|characters"):
        from_base64url(written)
