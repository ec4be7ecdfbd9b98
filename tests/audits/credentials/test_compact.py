"""Tokens: the W3C's own, and every way in which one may lead a verifier astray."""

import json
import warnings
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import OKPKey

from audits.credentials import compact
from audits.credentials.compact import TokenUnreadable
from audits.credentials.dids import base64url, from_base64url

VECTORS = Path(__file__).parents[2] / "vectors" / "w3c_vc_jose_cose"
METHOD = json.loads((VECTORS / "vm-ed25519.json").read_text())


def token(name):
    return (VECTORS / f"{name}.txt").read_text().strip()


def test_a_token_of_the_w3c_is_made_again_byte_for_byte():
    expected = token("credential-issuer-match-signed")
    key = Ed25519PrivateKey.from_private_bytes(from_base64url(METHOD["secretKeyJwk"]["d"]))
    payload = from_base64url(expected.split(".")[1])

    signing_input = compact.to_be_signed(payload, kid=METHOD["publicKeyJwk"]["kid"])
    made = compact.with_signature(signing_input, key.sign(signing_input))

    assert made == expected


def test_a_token_comes_apart_into_what_was_signed_and_by_which_key():
    kid, payload, signed, signature = compact.apart(token("credential-issuer-match-signed"))

    key = Ed25519PrivateKey.from_private_bytes(from_base64url(METHOD["secretKeyJwk"]["d"]))
    key.public_key().verify(signature, signed)
    assert kid == METHOD["publicKeyJwk"]["kid"]
    assert "VerifiableCredential" in payload["type"]


@pytest.mark.parametrize(
    "name",
    [
        "credential-jose-bad-media-type",
        "credential-jose-minimal",  # ES256, which no key of ours for credentials is
        "credential-jose-unknown-extensions",  # ES512
    ],
)
def test_tokens_of_another_kind_are_refused(name):
    with pytest.raises(TokenUnreadable):
        compact.apart(token(name))


def test_a_library_of_others_reads_ours_with_the_key_and_algorithm_pinned():
    key = Ed25519PrivateKey.generate()
    public = OKPKey.import_key(
        {"kty": "OKP", "crv": "Ed25519", "x": base64url(key.public_key().public_bytes_raw())}
    )
    signing_input = compact.to_be_signed(b'{"id":"x"}', kid="did:web:registry.example#k")
    made = compact.with_signature(signing_input, key.sign(signing_input))

    with warnings.catch_warnings():
        # RFC 9864 renames EdDSA to Ed25519; the verifiers in use know the older name
        warnings.simplefilter("ignore")
        read = jws.deserialize_compact(made, public, algorithms=["EdDSA"])

    assert read.payload == b'{"id":"x"}'
    assert read.headers()["typ"] == "vc+jwt"


@pytest.mark.parametrize(
    "written",
    [
        b'{"a": 1, "a": 1}',
        b'{"a": {"b": 1, "b": 2}}',
        b'{"a": 1.5}',
        b'{"a": NaN}',
        b'{"a": 1e3}',
        b"[]",
        b"null",
        b"",
        b'{"a": "\xff"}',
        b"\xef\xbb\xbf{}",
        b'{"a": ' + b"[" * 100_000,
    ],
)
def test_json_is_read_strictly(written):
    with pytest.raises(TokenUnreadable):
        compact.strict_object(written)
