"""Credentials that somebody brings: ours are known as ours, and nothing else is, ever."""

import json
from base64 import b64decode
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from audits.certificates.statement import read
from audits.credentials import making
from audits.credentials.certificate import credential_of as document_of
from audits.credentials.checking import Checked, Kind, check
from audits.credentials.dids import json_web_key_id, multikey_id
from audits.credentials.opening import Form
from audits.credentials.publishing import signed_list
from audits.credentials.status_lists import StatusPurpose
from audits.keys.enums import Purpose
from audits.keys.services import record_compromise
from audits.models import CertificateCredential
from tests.audits.credentials import mutants
from tests.factories import certificates as certify
from tests.factories import credentials

pytestmark = pytest.mark.django_db


def kind_of(written):
    return check(written, at=timezone.now()).kind


@pytest.mark.parametrize("form", Form)
def test_a_credential_as_published_is_ours(form):
    certificate = credentials.published()
    kept = certificate.credential
    written, digest = {
        Form.JSON_LD: (kept.jsonld, kept.jsonld_digest),
        Form.VC_JWT: (kept.jwt, kept.jwt_digest),
    }[form]

    assert check(written, at=timezone.now()) == Checked(
        Kind.OURS,
        number=certificate.number,
        form=form,
        key_id=kept.key_id,
        sha256=digest,
        statement_sha256=certificate.statement_digest,
        status_index=certificate.status_index,
    )


def test_a_credential_that_was_only_laid_out_otherwise_is_ours():
    kept = credentials.published().credential

    assert kind_of(json.dumps(json.loads(kept.jsonld), indent=4)) is Kind.OURS
    assert kind_of(f"\n{kept.jwt}\n") is Kind.OURS


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_no_mutant_of_a_token_is_ours(seed):
    certificate = credentials.published(conditions="Tell each worker the fees.")
    kept = certificate.credential
    chance = mutants.seeded(seed)
    made = list(mutants.of_token(kept.jwt, b64decode(kept.key.public_key), chance))

    passed = [name for name, written in made if kind_of(written) is Kind.OURS]

    assert passed == []
    assert len(made) >= 300
    assert all(written != kept.jwt for _, written in made)
    assert kind_of(kept.jwt) is Kind.OURS


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_no_mutant_of_a_data_integrity_proof_is_ours(seed):
    certificate = credentials.published(conditions="Tell each worker the fees.")
    kept = certificate.credential
    chance = mutants.seeded(seed)
    made = list(mutants.of_json_ld(kept.jsonld, settings.CANONICAL_ORIGIN, chance))

    passed = [name for name, written in made if kind_of(written) is Kind.OURS]

    assert passed == []
    assert len(made) >= 200
    assert all(written != kept.jsonld for _, written in made)
    assert kind_of(kept.jsonld) is Kind.OURS


def document(certificate):
    return document_of(
        read(certificate.statement.encode()),
        statement_sha256=certificate.statement_digest,
        status_index=certificate.status_index,
        origin=settings.CANONICAL_ORIGIN,
    )


@pytest.mark.parametrize("purpose", [Purpose.STATUS_LIST, Purpose.STATEMENT, Purpose.RECEIPT])
def test_a_key_of_ours_for_something_else_signs_no_credential(purpose):
    certificate = credentials.published()

    made = making.secured(document(certificate), purpose=purpose, at=timezone.now())

    assert {kind_of(made.jsonld.decode()), kind_of(made.jwt)} == {Kind.ALTERED}


def test_what_is_signed_with_our_key_and_stands_in_no_record_was_never_issued():
    """Somebody has the key: what they make verifies everywhere but here."""
    recorded, unrecorded = credentials.published(), certify.published()
    unknown = credentials.credential_of(unrecorded)
    again = credentials.credential_of(recorded, at=timezone.now() + timedelta(seconds=5))

    # a token bears no date, so the same key makes the same token again
    written = (unknown.jwt, unknown.jsonld.decode(), again.jsonld.decode())

    kinds = {kind_of(one) for one in written}

    assert kinds == {Kind.NOT_ISSUED}


def test_a_status_list_is_no_certificate():
    credentials.published()
    listed = signed_list(StatusPurpose.REVOCATION, 1, at=timezone.now() + timedelta(minutes=1))

    assert {kind_of(listed.jsonld.decode()), kind_of(listed.jwt)} == {Kind.ALTERED}


def test_a_credential_of_another_register_is_not_ours(settings):
    settings.CANONICAL_ORIGIN = "https://elsewhere.example"
    kept = credentials.published().credential
    settings.CANONICAL_ORIGIN = "https://registry.example"

    assert {kind_of(kept.jsonld), kind_of(kept.jwt)} == {Kind.NOT_OURS}


def test_a_credential_without_a_place_in_the_log_falls_with_its_key():
    kept = credentials.published().credential
    at = timezone.now()
    record_compromise(key_id=kept.key_id, since=at, reason="A laptop was stolen.", at=at)

    assert {kind_of(kept.jsonld), kind_of(kept.jwt)} == {Kind.NOT_RELIABLE}


def test_a_credential_issued_before_its_key_was_stolen_stands_by_its_place_in_the_log():
    certificate = certify.issued()
    kept = CertificateCredential.objects.get(certificate=certificate)
    at = timezone.now()
    record_compromise(key_id=kept.key_id, since=at, reason="A laptop was stolen.", at=at)

    assert {kind_of(kept.jsonld), kind_of(kept.jwt)} == {Kind.OURS}


def test_a_credential_issued_after_its_key_was_stolen_cannot_be_relied_on():
    before = timezone.now()
    certificate = certify.issued()
    kept = CertificateCredential.objects.get(certificate=certificate)
    record_compromise(
        key_id=kept.key_id, since=before, reason="A laptop was stolen.", at=timezone.now()
    )

    assert {kind_of(kept.jsonld), kind_of(kept.jwt)} == {Kind.NOT_RELIABLE}


def test_a_register_that_cannot_be_read_is_could_not_check():
    kept = credentials.published().credential
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audits_certificatecredential RENAME TO set_aside")

    checked = check(kept.jwt, at=timezone.now())

    assert checked.kind is Kind.COULD_NOT_CHECK


@pytest.mark.parametrize(
    "written", ["", " ", "{", "{}", "[]", "x", "a.b.c", "..", "ä.b.c", "{" * 5000, "1" * 2_000_000]
)
def test_what_is_no_credential_at_all_is_not_ours(written):
    assert kind_of(written) is Kind.NOT_OURS


def test_the_two_names_of_a_key_are_not_taken_for_one_another():
    assert multikey_id("did:web:x", "k") != json_web_key_id("did:web:x", "k")
