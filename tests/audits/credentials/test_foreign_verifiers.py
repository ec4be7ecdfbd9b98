"""Verifiers written by others accept what this register publishes, and refuse what was changed."""

import copy
import json
import random
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from agencies import numbering
from agencies.enums import EndReason
from agencies.lib.plain_text import clean
from agencies.models import Agency, NumberSeries
from audits.credentials.making import secured
from audits.credentials.status_lists import LENGTH, PURPOSES, address_of
from audits.enums import DocumentState, StatusKind
from audits.keys.enums import Purpose
from audits.models import Certificate
from tests.factories import certificates as certify
from tests.factories import credentials
from tests.factories.keys import set_triggers_aside
from tests.foreign.node import BOTH
from tests.naughty import naughty_texts

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SCOPES = (("PHL", "IRL", "222"), ("IND", "IRL", "222"), ("IND", "DEU", "221"))
CHARACTERS = [chr(code) for code in (*range(1, 0x20), 0x7F, 0x80, 0x85, 0xA0, 0xAD, 0x2028, 0xFEFF)]
CHARACTERS += ["\\", '"', "\ufffd", "\ufffe", "\uffff", "\U0001f469\u200d\U0001f52c", "\U0010ffff"]
CLEAR = {"revocation": False, "suspension": False}


@pytest.mark.parametrize("by", BOTH)
def test_others_accept_our_credential_and_read_that_nothing_is_set(others, by):
    certificate = credentials.published(
        scopes=SCOPES, conditions="Tell every worker\nthe fees in “writing” – in Ελληνικά too."
    )
    credential = json.loads(certificate.credential.jsonld)

    answer = others.ask("credential", by=by, credential=credential, **credentials.for_verifiers())

    assert answer == {"accepted": True, "proven": True, "status": CLEAR, "why": ""}


def test_others_accept_our_token_and_read_the_same_credential(others):
    kept = credentials.published(scopes=SCOPES).credential

    answer = others.ask("jwt", token=kept.jwt, **credentials.for_verifiers())

    stated = json.loads(kept.jsonld)
    del stated["proof"]
    assert answer == {"accepted": True, "payload": stated}


@pytest.mark.parametrize("by", BOTH)
@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (StatusKind.SUSPENSION, {"revocation": False, "suspension": True}),
        (StatusKind.WITHDRAWAL, {"revocation": True, "suspension": False}),
    ],
)
def test_others_refuse_what_is_suspended_or_withdrawn(others, by, kind, status):
    certificate = credentials.published()
    certify.changed(certificate, kind, date(2024, 3, 1), confirmed_at=certify.ISSUED_AT)

    answer = others.ask(
        "credential",
        by=by,
        credential=json.loads(certificate.credential.jsonld),
        **credentials.for_verifiers(),
    )

    assert answer == {"accepted": False, "proven": True, "status": status, "why": ""}


@pytest.mark.parametrize("by", BOTH)
def test_others_do_not_accept_what_they_cannot_look_up(others, by):
    certificate = credentials.published()
    asked = credentials.for_verifiers()
    for purpose in PURPOSES:
        del asked["documents"][address_of(purpose, 1, settings.CANONICAL_ORIGIN)]

    answer = others.ask(
        "credential", by=by, credential=json.loads(certificate.credential.jsonld), **asked
    )

    assert answer["accepted"] is False
    assert "Could not load" in answer["why"]


@pytest.mark.parametrize("by", BOTH)
def test_others_refuse_a_list_that_ran_out(others, by):
    stale = timezone.now() - timedelta(minutes=settings.STATUS_LIST_VALID_MINUTES + 10)
    certificate = credentials.published(at=stale - timedelta(minutes=1))
    credential = json.loads(certificate.credential.jsonld)

    answer = others.ask(
        "credential", by=by, credential=credential, **credentials.for_verifiers(at=stale)
    )

    assert (answer["accepted"], answer["proven"]) == (False, True)
    assert "not verified" in answer["why"]


# What is changed in a credential, each in a way that means something else.
CHANGES = {
    "another name": lambda vc: vc["credentialSubject"].update(legalName="Another Ltd"),
    "another number": lambda vc: vc.update(certificateNumber="CE000099X"),
    "a later end": lambda vc: vc.update(validUntil="2199-01-31T23:59:59Z"),
    "an earlier day": lambda vc: vc.update(firstDay="2020-01-01"),
    "no demonstration": lambda vc: vc.update(isDemonstration=False),
    "a corridor more": lambda vc: vc["credentialSubject"]["scope"].append(
        vc["credentialSubject"]["scope"][0] | {"id": f"{vc['id']}#scope-9"}
    ),
    "a corridor less": lambda vc: vc["credentialSubject"]["scope"].pop(),
    "another country": lambda vc: vc["credentialSubject"]["scope"][0].update(
        sourceCountryCode="GBR"
    ),
    "another index": lambda vc: vc["credentialStatus"][0].update(statusListIndex="7"),
    "another list": lambda vc: vc["credentialStatus"][0].update(
        statusListCredential="https://elsewhere.example/status/revocation/1"
    ),
    "no suspension entry": lambda vc: vc["credentialStatus"].pop(),
    "no status": lambda vc: vc.pop("credentialStatus"),
    "another issuer": lambda vc: vc.update(issuer="did:web:elsewhere.example"),
    "a term of its own": lambda vc: vc.update(endorsedBy="WHO"),
    "a type of its own": lambda vc: vc["type"].append("Licence"),
    "another time of signing": lambda vc: vc["proof"].update(created="2020-01-01T00:00:00Z"),
    "another purpose": lambda vc: vc["proof"].update(proofPurpose="authentication"),
    "another suite": lambda vc: vc["proof"].update(cryptosuite="eddsa-jcs-2022"),
    "another key": lambda vc: vc["proof"].update(
        verificationMethod=vc["issuer"] + "#ed25519-0000000000000000"
    ),
    "no proof": lambda vc: vc.pop("proof"),
    "a proof of nothing": lambda vc: vc["proof"].update(proofValue="z" + "1" * 64),
}


@pytest.mark.parametrize("by", BOTH)
def test_others_refuse_every_change_of_meaning(others, by):
    certificate = credentials.published(scopes=SCOPES)
    asked = credentials.for_verifiers()
    credential = json.loads(certificate.credential.jsonld)
    accepted = []

    for name, change in CHANGES.items():
        changed = copy.deepcopy(credential)
        change(changed)
        if others.ask("credential", by=by, credential=changed, **asked)["accepted"]:
            accepted.append(name)

    assert accepted == []
    assert others.ask("credential", by=by, credential=credential, **asked)["accepted"] is True


STATES = (
    *("valid", "suspended", "restored", "withdrawn", "withdrawn while suspended", "superseded"),
    *("void", "prepared", "expired", "suspended later", "suspension proposed", "holder ended"),
)


def in_random_state(chance, index):
    """A certificate in a state drawn by chance, and the bits that this state means."""
    state = chance.choice(STATES)
    ended = {"valid_until": date(2024, 6, 30)} if state == "expired" else {}
    NumberSeries.objects.filter(name=numbering.STATUS_INDEX).update(last=index - 1)
    made = certify.prepared if state in ("void", "prepared") else certify.published
    certificate = made(**ended)
    # whatever else is certified counts elsewhere, out of the way of the places drawn
    NumberSeries.objects.filter(name=numbering.STATUS_INDEX).update(last=10 * LENGTH + index)
    today, at = timezone.localdate(), certify.ISSUED_AT

    def change(kind, on, minutes=0):
        certify.changed(certificate, kind, on, confirmed_at=at + timedelta(minutes=minutes))

    if state in ("suspended", "restored", "withdrawn while suspended"):
        change(StatusKind.SUSPENSION, today - timedelta(days=10))
    if state == "restored":
        change(StatusKind.RESTORATION, today - timedelta(days=chance.randrange(10)), 1)
    if state in ("withdrawn", "withdrawn while suspended"):
        change(StatusKind.WITHDRAWAL, today - timedelta(days=chance.randrange(10)), 2)
    if state == "suspended later":
        change(StatusKind.SUSPENSION, today + timedelta(days=1 + chance.randrange(9)))
    if state == "suspension proposed":
        certify.proposed(certificate, certify.people(certificate.agency).officer)
    facts = {}
    if state == "superseded":
        other = certify.published(certificate.agency, scopes=(("KEN", "IRL", "222"),))
        facts = {"superseded_by": other, "superseded_at": at, "superseded_on": today}
    if state == "holder ended":
        Agency.objects.filter(pk=certificate.agency_id).update(
            ended_on=today, end_reason=EndReason.ENDED_VOLUNTARILY
        )
    if state == "void":
        facts = {"state": DocumentState.VOID, "void_reason": "Made for it."}
    if facts:
        set_triggers_aside("audits_certificate")
        Certificate.objects.filter(pk=certificate.pk).update(**facts)
    assert certificate.status_index == index
    revoked = state.startswith("withdrawn") or state in ("superseded", "void", "holder ended")
    return certificate, revoked, state in ("suspended", "prepared")


@pytest.mark.parametrize("seed", [1, 2])
def test_others_read_both_lists_index_by_index_over_random_states(others, seed):
    chance = random.Random(seed)
    NumberSeries.objects.create(name=numbering.STATUS_INDEX, last=0)
    edges = [1, 6, 7, 8, LENGTH - 1, LENGTH, LENGTH + 1, 2 * LENGTH - 1]
    places = edges + chance.sample(range(9, LENGTH - 1), 25)
    drawn = [in_random_state(chance, place) for place in places]
    # of one that ran out they say no more than that
    lasting = [row for row in drawn if row[0].valid_until >= timezone.localdate()]
    shown = [
        (json.loads(credentials.credential_of(certificate).jsonld), revoked, suspended)
        for certificate, revoked, suspended in chance.sample(lasting, 8)
    ]
    asked = credentials.for_verifiers(lists=(1, 2))

    read = {
        (by, str(purpose), number): others.ask(
            "list",
            by=by,
            length=LENGTH,
            credential=asked["documents"][address_of(purpose, number, settings.CANONICAL_ORIGIN)],
            **asked,
        )
        for by in BOTH
        for purpose in PURPOSES
        for number in (1, 2)
    }

    expected = {}
    for column, purpose in enumerate(PURPOSES, start=1):
        for number in (1, 2):
            first = (number - 1) * LENGTH
            indexes = [state[0].status_index - first for state in drawn if state[column]]
            answer = {
                "accepted": True,
                "length": LENGTH,
                "set": sorted(index for index in indexes if 0 <= index < LENGTH),
                "why": "",
            }
            expected |= {(by, str(purpose), number): answer for by in BOTH}
    assert read == expected
    statuses = [
        others.ask("credential", by=by, credential=credential, **asked)["status"]
        for by in BOTH
        for credential, *_ in shown
    ]
    assert statuses == 2 * [{"revocation": one, "suspension": other} for _, one, other in shown]


@pytest.mark.parametrize("by", BOTH)
def test_others_read_every_character_as_we_wrote_it(others, by):
    """Two systems that write one character differently do not accept each other's proofs."""
    certificate = credentials.published()
    asked = credentials.for_verifiers()
    document = json.loads(certificate.credential.jsonld)
    del document["proof"]
    # all that a form lets through, and what it would take away
    texts = [clean(text, multiline=True) for text in naughty_texts(2_000)]
    texts += [*naughty_texts(2_000), *(f"a{character}b" for character in CHARACTERS)]
    wrong = []

    for text in texts:
        document["credentialSubject"]["legalName"] = text
        made = secured(document, purpose=Purpose.CREDENTIAL, at=timezone.now())
        credential = json.loads(made.jsonld)
        if not others.ask("credential", by=by, credential=credential, **asked)["accepted"]:
            wrong.append(text)

    assert wrong == []
