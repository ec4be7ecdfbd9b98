"""A certificate's statement as a W3C Verifiable Credential 2.0, and back again.

Both carry the same facts, so that either can be rebuilt from the other: a credential that says
anything more, less or otherwise than a statement does is refused. Every node has an address of its
own; a document without blank nodes has one canonical form that costs nothing to find.
"""

import datetime as dt
import re
from dataclasses import astuple
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agencies.lib.canonical import NotCanonical, canonical
from agencies.lib.check_characters import is_valid
from audits.certificates.statement import CertificateStatement, Edition, Place, ScopeLine
from audits.credentials.contexts import CREDENTIALS_V2, own_context
from audits.credentials.dids import did_of
from audits.credentials.status_lists import PURPOSES, entry_of, index_of

TYPES = ["VerifiableCredential", "RecruitmentCodeCertificate"]


class NotACertificate(ValueError):
    """What is written there is no credential of a certificate as this register writes them."""


def credential_of(
    stated: CertificateStatement, *, statement_sha256: str, status_index: int, origin: str
) -> dict[str, Any]:
    """The credential without its securing. ValueError if the statement names another origin."""
    if stated.verify_address != f"{origin}/verify/{stated.number}/":
        raise ValueError(
            f"The statement of {stated.number} was made for {stated.verify_address}, and the "
            f"canonical origin is {origin}. Set CANONICAL_ORIGIN to what it was."
        )
    begins, ends = instants(stated)
    return {
        "@context": [CREDENTIALS_V2, own_context(origin)],
        "id": stated.verify_address,
        "type": TYPES,
        "issuer": did_of(origin),
        "validFrom": begins,
        "validUntil": ends,
        "credentialStatus": [entry_of(purpose, status_index, origin) for purpose in PURPOSES],
        "certificateNumber": stated.number,
        "statementSha256": statement_sha256,
        "firstDay": stated.valid_from.isoformat(),
        "lastDay": stated.valid_until.isoformat(),
        "timeZone": stated.time_zone,
        "issuedOn": stated.issued_on.isoformat(),
        "regulatorName": stated.regulator_name,
        "regulatorCountryCode": stated.regulator_country.code,
        "regulatorCountryName": stated.regulator_country.name,
        **({"conditions": stated.conditions} if stated.conditions else {}),
        "decisionReference": stated.decision,
        "decidedOn": stated.decided_on.isoformat(),
        "auditNumber": stated.audit_number,
        "reportNumber": stated.report_number,
        "reportSha256": stated.report_digest,
        "codeVersion": stated.code_version.label,
        "codeTitle": stated.code_version.title,
        **_list_edition(stated.list_edition),
        "catalogueEdition": stated.catalogue_edition.label,
        "catalogueTitle": stated.catalogue_edition.title,
        "isDemonstration": stated.is_demonstration,
        "credentialSubject": {
            "id": f"{origin}/register/{stated.holder_number}/",
            "type": "RecruitmentAgency",
            "legalName": stated.holder_name,
            "registerNumber": stated.holder_number,
            "countryCode": stated.holder_country.code,
            "countryName": stated.holder_country.name,
            "scope": [
                {
                    "id": f"{stated.verify_address}#scope-{position}",
                    "type": "RecruitmentScope",
                    "sourceCountryCode": line.source.code,
                    "sourceCountryName": line.source.name,
                    "destinationCountryCode": line.destination.code,
                    "destinationCountryName": line.destination.name,
                    "occupationGroup": line.group,
                    "occupationTitle": line.group_title,
                }
                for position, line in enumerate(stated.scope, start=1)
            ],
        },
    }


def read_credential(written: Any, *, origin: str) -> tuple[CertificateStatement, str, int]:
    """The statement behind an unsecured credential, the digest it names, and its status index.

    Only what `credential_of` writes is read; anything else is NotACertificate.
    """
    try:
        stated = _statement(written)
        digest = written["statementSha256"]
        index = index_of(written["credentialStatus"][0], origin)
        again = credential_of(stated, statement_sha256=digest, status_index=index, origin=origin)
        same = canonical(again) == canonical(written) and _is_well_formed(stated, digest)
    except (
        AttributeError,
        IndexError,
        KeyError,
        NotCanonical,
        TypeError,
        ValueError,
        OverflowError,
        ZoneInfoNotFoundError,
    ) as wrong:
        raise NotACertificate("This is no credential of a certificate of this register.") from wrong
    if not same:
        raise NotACertificate(
            "This credential says more, less or otherwise than a certificate of this register."
        )
    return stated, digest, index


def instants(stated: CertificateStatement) -> tuple[str, str]:
    """The first and the last second of the days of validity, both inclusive, in UTC."""
    zone = ZoneInfo(stated.time_zone)
    begins = dt.datetime.combine(stated.valid_from, dt.time(), zone)
    after = dt.datetime.combine(stated.valid_until + dt.timedelta(days=1), dt.time(), zone)
    return written_instant(begins), written_instant(after - dt.timedelta(seconds=1))


def written_instant(at: dt.datetime) -> str:
    """An instant in UTC to the second, as credentials and proofs write it."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_well_formed(stated: CertificateStatement, digest: Any) -> bool:
    """What passes through unchanged and so is no different when it is written again."""
    *parts, is_demonstration = astuple(stated)
    return (
        all(map(_is_plain, parts))
        and isinstance(is_demonstration, bool)
        and is_valid(stated.number)
        and re.fullmatch(r"[0-9a-f]{64}", digest) is not None
    )


def _is_plain(part: Any) -> bool:
    if isinstance(part, tuple):
        return all(map(_is_plain, part))
    return part is None or isinstance(part, str | dt.date)


def _list_edition(edition: Edition | None) -> dict[str, str]:
    if edition is None:
        return {}
    return {"listEdition": edition.label, "listTitle": edition.title}


def _statement(written: Any) -> CertificateStatement:
    subject = written["credentialSubject"]
    listed = (
        Edition(written["listEdition"], written["listTitle"]) if "listEdition" in written else None
    )
    return CertificateStatement(
        number=written["certificateNumber"],
        holder_name=subject["legalName"],
        holder_number=subject["registerNumber"],
        holder_country=Place(subject["countryCode"], subject["countryName"]),
        regulator_name=written["regulatorName"],
        regulator_country=Place(written["regulatorCountryCode"], written["regulatorCountryName"]),
        scope=tuple(
            ScopeLine(
                Place(line["sourceCountryCode"], line["sourceCountryName"]),
                Place(line["destinationCountryCode"], line["destinationCountryName"]),
                line["occupationGroup"],
                line["occupationTitle"],
            )
            for line in subject["scope"]
        ),
        conditions=written.get("conditions", ""),
        valid_from=dt.date.fromisoformat(written["firstDay"]),
        valid_until=dt.date.fromisoformat(written["lastDay"]),
        issued_on=dt.date.fromisoformat(written["issuedOn"]),
        decision=written["decisionReference"],
        decided_on=dt.date.fromisoformat(written["decidedOn"]),
        audit_number=written["auditNumber"],
        report_number=written["reportNumber"],
        report_digest=written["reportSha256"],
        code_version=Edition(written["codeVersion"], written["codeTitle"]),
        list_edition=listed,
        catalogue_edition=Edition(written["catalogueEdition"], written["catalogueTitle"]),
        verify_address=written["id"],
        time_zone=written["timeZone"],
        is_demonstration=written["isDemonstration"],
    )
