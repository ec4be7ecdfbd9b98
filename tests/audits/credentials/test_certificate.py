"""A statement and its credential say the same, and no other credential is read."""

import copy
import dataclasses
import datetime as dt

import pytest
from pyld import jsonld

from audits.certificates.statement import CertificateStatement, Edition, Place, ScopeLine
from audits.credentials.certificate import NotACertificate, credential_of, read_credential
from audits.credentials.contexts import document_loader

ORIGIN = "https://registry.example"
NUMBER = "CE000012W"
DIGEST = "0123456789abcdef" * 4
STATED = CertificateStatement(
    number=NUMBER,
    holder_name="Bríd O’Neill Recruitment “Ελπίς” Ltd",
    holder_number="AG000017K",
    holder_country=Place("IRL", "Ireland"),
    regulator_name="Workplace Commission",
    regulator_country=Place("IRL", "Ireland"),
    scope=(
        ScopeLine(Place("PHL", "Philippines"), Place("IRL", "Ireland"), "222", "Nurses"),
        ScopeLine(Place("CIV", "Côte d’Ivoire"), Place("IRL", "Ireland"), "221", "Doctors"),
    ),
    conditions="Tell each worker the fees.\nIn writing.",
    valid_from=dt.date(2024, 2, 1),
    valid_until=dt.date(2026, 1, 31),
    issued_on=dt.date(2024, 2, 1),
    decision="0d5f9c1e-0000-4000-8000-000000000000",
    decided_on=dt.date(2024, 1, 30),
    audit_number="AU000012D",
    report_number="AR000012D",
    report_digest="f" * 64,
    code_version=Edition("2010", "WHO Global Code of Practice"),
    list_edition=Edition("2023", "WHO health workforce support and safeguards list 2023"),
    catalogue_edition=Edition("2024-1", "Commitments 2024"),
    verify_address=f"{ORIGIN}/verify/{NUMBER}/",
    time_zone="Europe/Dublin",
    is_demonstration=False,
)


def written(stated=STATED, status_index=140_000):
    return credential_of(stated, statement_sha256=DIGEST, status_index=status_index, origin=ORIGIN)


@pytest.mark.parametrize(
    "stated",
    [
        STATED,
        dataclasses.replace(STATED, list_edition=None, conditions=""),
        dataclasses.replace(STATED, is_demonstration=True, scope=STATED.scope[:1]),
    ],
)
def test_the_statement_can_be_read_back_from_its_credential(stated):
    assert read_credential(written(stated), origin=ORIGIN) == (stated, DIGEST, 140_000)


def test_every_part_of_a_statement_stands_in_its_credential():
    """Whatever a statement says, a change of it is a change of its credential."""
    another = {
        str: "another",
        bool: True,
        dt.date: dt.date(2024, 12, 24),
        Place: Place("GBR", "United Kingdom"),
        Edition: Edition("another", "Another"),
        tuple: STATED.scope[:1],
    }
    unchanged = []
    for field in dataclasses.fields(STATED):
        if field.name in ("number", "verify_address"):
            continue
        value = another[type(getattr(STATED, field.name))]
        value = "Asia/Manila" if field.name == "time_zone" else value
        if written(dataclasses.replace(STATED, **{field.name: value})) == written():
            unchanged.append(field.name)

    assert unchanged == []


def test_every_term_means_something():
    """A term that no context defines would be dropped, and not be signed."""
    options = {"documentLoader": document_loader(ORIGIN)}

    expanded = jsonld.expand(written(), options)
    compacted = jsonld.compact(expanded, {"@context": written()["@context"]}, options)

    assert compacted == written()


def test_no_node_is_without_a_name():
    """So no credential can be made that takes long to bring into its canonical order."""
    lines = jsonld.normalize(
        written(),
        {
            "algorithm": "URDNA2015",
            "format": "application/n-quads",
            "documentLoader": document_loader(ORIGIN),
        },
    )

    assert "_:" not in lines


def test_validity_is_whole_days_in_the_registers_time_zone():
    stated = dataclasses.replace(
        STATED, time_zone="Pacific/Auckland", valid_until=dt.date(2024, 9, 29)
    )

    credential = written(stated)

    # the last day is the one on which the clocks go forward
    assert (credential["validFrom"], credential["validUntil"]) == (
        "2024-01-31T11:00:00Z",
        "2024-09-29T10:59:59Z",
    )


def test_a_statement_for_another_origin_is_refused():
    with pytest.raises(ValueError, match="CANONICAL_ORIGIN"):
        credential_of(
            STATED, statement_sha256=DIGEST, status_index=1, origin="https://elsewhere.example"
        )


def change(path, value):
    def apply(credential):
        *parents, last = path
        for name in parents:
            credential = credential[name]
        if value is ...:
            del credential[last]
        else:
            credential[last] = value

    return apply


CHANGES = {
    "a term more": change(["endorsedBy"], "WHO"),
    "an empty term more": change(["conditions"], ""),
    "another context": change(["@context", 1], "https://elsewhere.example/v1"),
    "a context more": change(["@context"], [*written()["@context"], {"legalName": "urn:x"}]),
    "a context within": change(["credentialSubject", "@context"], {"legalName": "urn:x"}),
    "a type more": change(["type"], [*written()["type"], "Licence"]),
    "another subject": change(["credentialSubject", "id"], "did:example:1"),
    "two subjects": change(["credentialSubject"], 2 * [written()["credentialSubject"]]),
    "no status": change(["credentialStatus"], ...),
    "one status": change(["credentialStatus", 1], ...),
    "two indexes": change(["credentialStatus", 1, "statusListIndex"], "3"),
    "status elsewhere": change(
        ["credentialStatus", 0, "statusListCredential"], "https://e.example"
    ),
    "a later end": change(["validUntil"], "2036-01-31T23:59:59Z"),
    "no end": change(["validUntil"], ...),
    "no day": change(["lastDay"], "2026-02-30"),
    "a number for a text": change(["certificateNumber"], 12),
    "a list for a text": change(["credentialSubject", "legalName"], ["Example Ltd"]),
    "a wrong check character": change(["certificateNumber"], "CE000012V"),
    "one for true": change(["isDemonstration"], 0),
    "no place on earth": change(["timeZone"], "../../etc/passwd"),
    "no digest": change(["statementSha256"], "0" * 63),
    "a digest in capitals": change(["statementSha256"], "A" * 64),
    "no scope": change(["credentialSubject", "scope"], ...),
    "a scope of nothing": change(["credentialSubject", "scope", 0], None),
    "a scope in another order": change(
        ["credentialSubject", "scope"], written()["credentialSubject"]["scope"][::-1]
    ),
    "another issuer": change(["issuer"], "did:web:elsewhere.example"),
    "an issuer with a name": change(["issuer"], {"id": written()["issuer"], "name": "WHO"}),
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
def test_a_credential_of_another_form_is_not_read(changed):
    credential = copy.deepcopy(written())
    changed(credential)

    with pytest.raises(NotACertificate):
        read_credential(credential, origin=ORIGIN)


@pytest.mark.parametrize("credential", [{}, [], None, "x", {"credentialSubject": []}])
def test_what_is_no_credential_is_not_read(credential):
    with pytest.raises(NotACertificate):
        read_credential(credential, origin=ORIGIN)
