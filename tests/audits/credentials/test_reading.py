"""Reading the lists: what is wrong with one is "could not check", and never clear."""

import datetime as dt
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agencies.lib.canonical import canonical
from audits.credentials import data_integrity
from audits.credentials.contexts import document_loader
from audits.credentials.dids import did_of, multikey_id
from audits.credentials.reading import Found, Looked, read_lists, status_at
from audits.credentials.status_lists import (
    LENGTH,
    PURPOSES,
    StatusPurpose,
    encoded,
    list_credential,
    position_of,
)

ORIGIN = "https://registry.example"
AT = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
NAME = "ed25519-0123456789abcdef"
METHOD = multikey_id(did_of(ORIGIN), NAME)
# 100,000 bits: Digital Bazaar's own test list
SHORT = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQsvoAAAAAAAAAAAAAAAAP4GcwM92tQwAAA"


def is_signed(key_id, message, signature, at):
    try:
        KEY.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return key_id == NAME


def instant(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def unsigned(purpose, *indexes, number=1, signed=AT, lasts=dt.timedelta(minutes=15)):
    return list_credential(
        purpose,
        number,
        encoded(indexes),
        origin=ORIGIN,
        signed_at=instant(signed),
        until=instant(signed + lasts),
        keep_for=dt.timedelta(seconds=60),
    )


def secured(document, *, key=KEY, method=METHOD):
    options = data_integrity.proof_options(verification_method=method, created=instant(AT))
    signed = data_integrity.to_be_signed(document, options, loader=document_loader(ORIGIN))
    return canonical(data_integrity.with_proof(document, options, key.sign(signed)))


def looked(index=5, at=AT, **instead):
    """The status where both lists are clear, but for what is put in place of one."""
    lists = {purpose: secured(unsigned(purpose)) for purpose in PURPOSES}
    lists |= {StatusPurpose(purpose): written for purpose, written in instead.items()}
    place = position_of(index)
    contents = read_lists(lists, place.number, origin=ORIGIN, at=at, is_signed=is_signed)
    return status_at(contents, place.index)


REVOKED = secured(unsigned(StatusPurpose.REVOCATION, 5))
SUSPENDED = secured(unsigned(StatusPurpose.SUSPENSION, 5))


def test_two_clear_lists_are_clear():
    assert looked() == Found(Looked.CLEAR)


def test_one_set_bit_says_which():
    assert looked(suspension=SUSPENDED) == Found(Looked.SUSPENDED)
    assert looked(revocation=REVOKED) == Found(Looked.REVOKED)
    assert looked(index=4, revocation=REVOKED, suspension=SUSPENDED) == Found(Looked.CLEAR)


def test_revoked_beats_suspended_and_needs_no_other_list():
    assert looked(revocation=REVOKED, suspension=SUSPENDED) == Found(Looked.REVOKED)
    assert looked(revocation=REVOKED, suspension=None) == Found(Looked.REVOKED)


def changed(purpose, **changes):
    document = unsigned(purpose)
    subject = changes.pop("credentialSubject", {})
    return document | changes | {"credentialSubject": document["credentialSubject"] | subject}


def broken(purpose):
    """Every way in which a list may be no list for this purpose, signed where that is possible."""
    other = next(each for each in PURPOSES if each is not purpose)
    good = secured(unsigned(purpose))
    stated = json.loads(good)
    day = dt.timedelta(days=1)
    return {
        "missing": None,
        "empty": b"",
        "not JSON": b"<html>404</html>",
        "cut off": good[:-100],
        "a name twice": good.replace(b'{"@context"', b'{"id":"x","@context"', 1),
        "of the other purpose": secured(unsigned(other)),
        "says the other purpose": secured(
            changed(purpose, credentialSubject={"statusPurpose": str(other)})
        ),
        "another list": secured(unsigned(purpose, number=2)),
        "another issuer": secured(changed(purpose, issuer="did:web:elsewhere.example")),
        "another type": secured(changed(purpose, type=["VerifiableCredential"])),
        "too short": secured(changed(purpose, credentialSubject={"encodedList": SHORT})),
        "no list": secured(changed(purpose, credentialSubject={"encodedList": "u"})),
        "ran out": secured(unsigned(purpose, signed=AT - dt.timedelta(minutes=16))),
        "of tomorrow": secured(unsigned(purpose, signed=AT + day)),
        "for ever": secured(unsigned(purpose, lasts=2 * day)),
        "ends before it begins": secured(unsigned(purpose, lasts=-day)),
        "no date": secured(changed(purpose, validUntil="2026-03-01")),
        "not signed": canonical(unsigned(purpose)),
        "signed by another key": secured(unsigned(purpose), key=OTHER),
        "another key's name": secured(
            unsigned(purpose), method=multikey_id(did_of(ORIGIN), "ed25519-" + "0" * 16)
        ),
        "another register's key": secured(
            unsigned(purpose), method=multikey_id("did:web:elsewhere.example", NAME)
        ),
        "a bit changed": canonical(
            stated
            | {"credentialSubject": stated["credentialSubject"] | {"encodedList": encoded([9])}}
        ),
        "another date": canonical(stated | {"validUntil": instant(AT + day / 2)}),
    }


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("name", broken(StatusPurpose.REVOCATION))
def test_what_is_wrong_with_a_list_is_could_not_check(purpose, name):
    written = broken(purpose)[name]

    found = looked(**{str(purpose): written})

    assert found.status is Looked.COULD_NOT_CHECK
    assert str(purpose) in found.why


@pytest.mark.parametrize("index", [-1, LENGTH, 10 * LENGTH + 5])
def test_a_place_in_another_list_could_not_be_checked(index):
    assert looked(index=index).status is Looked.COULD_NOT_CHECK


def test_a_list_counts_from_its_date_to_its_end():
    """With a minute for clocks that differ before, and none after."""
    minute, second = dt.timedelta(minutes=1), dt.timedelta(seconds=1)

    statuses = [
        looked(at=at).status
        for at in (AT - minute - second, AT - minute, AT + 15 * minute, AT + 15 * minute + second)
    ]

    unknown = Looked.COULD_NOT_CHECK
    assert statuses == [unknown, Looked.CLEAR, Looked.CLEAR, unknown]


@pytest.mark.parametrize("index", [-1, LENGTH])
def test_a_place_that_a_list_does_not_have_could_not_be_checked(index):
    lists = {purpose: secured(unsigned(purpose)) for purpose in PURPOSES}
    contents = read_lists(lists, 1, origin=ORIGIN, at=AT, is_signed=is_signed)

    assert status_at(contents, index).status is Looked.COULD_NOT_CHECK
