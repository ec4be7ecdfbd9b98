"""Data Integrity proofs against the vectors of the W3C, and what is no proof of ours."""

import json
from pathlib import Path

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audits.credentials import data_integrity
from audits.credentials.contexts import (
    CREDENTIALS_V2,
    ContextUnknown,
    bundled,
    document_loader,
    own_context,
)
from audits.credentials.data_integrity import ProofUnreadable
from audits.credentials.dids import multikey

VECTORS = Path(__file__).parents[2] / "vectors" / "w3c_vc_di_eddsa"
SIGNED = json.loads((VECTORS / "signedDataInt.json").read_text())
EXAMPLES = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}


def examples_loader(address, options=None):
    documents = {
        CREDENTIALS_V2: json.loads(bundled("credentials-v2")),
        "https://www.w3.org/ns/credentials/examples/v2": EXAMPLES,
    }
    return {"contextUrl": None, "documentUrl": address, "document": documents[address]}


def written(name):
    return (VECTORS / name).read_text().strip()


def test_what_is_signed_and_the_proof_come_out_as_the_w3c_writes_them():
    pair = json.loads((VECTORS / "keyPair.json").read_text())
    key = Ed25519PrivateKey.from_private_bytes(
        base58.b58decode(pair["privateKeyMultibase"][1:])[2:]
    )
    document, options, signature = data_integrity.apart(SIGNED)

    signed = data_integrity.to_be_signed(document, options, loader=examples_loader)
    again = data_integrity.with_proof(document, options, key.sign(signed))

    assert signed.hex() == written("combinedHashDataInt.txt")
    assert signature.hex() == written("sigHexDataInt.txt")
    assert multikey(key.public_key().public_bytes_raw()) == pair["publicKeyMultibase"]
    assert again == SIGNED


PROOFS = {
    "another type": {"type": "Ed25519Signature2020"},
    "another suite": {"cryptosuite": "eddsa-jcs-2022"},
    "another purpose": {"proofPurpose": "authentication"},
    "something more": {"expires": "2030-01-01T00:00:00Z"},
    "no text": {"created": 1},
    "not base58btc": {"proofValue": "z0OIl" + SIGNED["proof"]["proofValue"][5:]},
    "another multibase": {"proofValue": "u" + SIGNED["proof"]["proofValue"][1:]},
    "too short": {"proofValue": SIGNED["proof"]["proofValue"][:-4]},
    "too long": {"proofValue": SIGNED["proof"]["proofValue"] + "1"},
    "zeros in front": {"proofValue": "z1" + SIGNED["proof"]["proofValue"][1:]},
    "very long": {"proofValue": "z" + "2" * 100_000},
}


@pytest.mark.parametrize("change", PROOFS.values(), ids=PROOFS)
def test_a_proof_of_another_form_is_refused(change):
    with pytest.raises(ProofUnreadable):
        data_integrity.apart({**SIGNED, "proof": SIGNED["proof"] | change})


@pytest.mark.parametrize("proof", [None, [], "proof", [SIGNED["proof"]], {}])
def test_a_credential_without_exactly_one_proof_is_refused(proof):
    with pytest.raises(ProofUnreadable):
        data_integrity.apart({**SIGNED, "proof": proof})


def test_no_context_is_fetched():
    load = document_loader("https://registry.example")

    with pytest.raises(ContextUnknown):
        load("https://www.w3.org/2018/credentials/v1")
    assert load(own_context("https://registry.example"))["document"] == json.loads(
        bundled("recruitment-code-v1")
    )
