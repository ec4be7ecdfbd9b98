"""Every finding code: how grave, on what basis, by which source, and in plain words (rules.md §2).

The requirement ids are those of the catalogue of commitments that the finding bears on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from attestations.crosscheck.enums import (
    ACTIVE,
    NOT_ASKED,
    Basis,
    Disposition,
    Mode,
    NotAsked,
    Outcome,
    Severity,
    gettext_noop,
)

__all__ = [
    "ACTIVE",
    "CODES",
    "NOT_ASKED",
    "Basis",
    "Code",
    "Disposition",
    "Finding",
    "Mode",
    "NotAsked",
    "Outcome",
    "Severity",
    "code_of",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found. `code` may carry a field (DATA-MISSING:lic); `document` excepts it."""

    code: str
    severity: Severity
    basis: Basis
    disposition: Disposition
    document: str | None = None

    @property
    def is_missing_data(self) -> bool:
        """Whether it counts as a missing answer in the outcome (rules.md §3, §6)."""
        return self.code == "FEE-UNKNOWN" or self.code.startswith("DATA-MISSING:")

    def as_data(self) -> dict[str, str | None]:
        return {
            "code": self.code,
            "severity": self.severity.value,
            "basis": self.basis.value,
            "disposition": self.disposition.value,
            "document": self.document,
        }


@dataclass(frozen=True, slots=True)
class Code:
    """A finding that can be raised; the first severity is the usual one."""

    name: str
    severities: tuple[Severity, ...]
    basis: Basis
    title: str
    citation: str
    requirements: tuple[str, ...] = ()

    def _raised(
        self,
        disposition: Disposition,
        severity: Severity | None,
        document: str | None = None,
        about: str = "",
    ) -> Finding:
        severity = severity or self.severities[0]
        if severity not in self.severities:
            raise ValueError(f"{self.name} is never {severity}.")
        name = f"{self.name}:{about}" if about else self.name
        return Finding(name, severity, self.basis, disposition, document)

    def open(self, severity: Severity | None = None, *, about: str = "") -> Finding:
        return self._raised(Disposition.OPEN, severity, about=about)

    def indeterminate(self, severity: Severity | None = None) -> Finding:
        return self._raised(Disposition.INDETERMINATE, severity)

    def excepted_by_agreement(self, document: str, severity: Severity | None = None) -> Finding:
        return self._raised(Disposition.EXCEPTED_BY_AGREEMENT, severity, document)

    def excepted_by_waiver(self, document: str, severity: Severity | None = None) -> Finding:
        return self._raised(Disposition.EXCEPTED_BY_WAIVER, severity, document)


_CRITICAL = (Severity.CRITICAL,)
_MAJOR = (Severity.MAJOR,)
_MINOR = (Severity.MINOR,)
_NOTE = (Severity.OBSERVATION,)

SSL_ACTIVE = Code(
    "SSL-ACTIVE",
    _CRITICAL,
    Basis.CODE,
    gettext_noop("Active recruitment from a country on the Safeguards List"),
    "WHO Global Code of Practice, Article 5.1; Safeguards List edition in force",
    ("REQ-11", "REQ-12"),
)
SSL_PASSIVE = Code(
    "SSL-PASSIVE",
    _NOTE,
    Basis.CODE,
    gettext_noop("The worker's own application from a country on the Safeguards List"),
    "WHO Global Code of Practice, Articles 3.4 and 8.7",
    ("REQ-15", "REQ-38"),
)
SSL_FACILITATED = Code(
    "SSL-FACILITATED",
    (Severity.OBSERVATION, Severity.MAJOR),
    Basis.CODE,
    gettext_noop("Help after a worker's own application from a country on the Safeguards List"),
    "WHO Global Code of Practice, Article 5.1; A78, Annex paragraphs 35 and 36",
    ("REQ-15",),
)
SSL_EDU = Code(
    "SSL-EDU",
    _MINOR,
    Basis.CODE,
    gettext_noop("An education pathway from a country on the Safeguards List"),
    "WHO Global Code of Practice, Article 5.1; A78, Annex paragraph 61(c)",
    ("REQ-11",),
)
SSL_TELE = Code(
    "SSL-TELE",
    _NOTE,
    Basis.CODE,
    gettext_noop("Remote service from a country on the Safeguards List"),
    "A78, Box 1 item (h)",
    ("REQ-38",),
)
SSL_TRANSIT = Code(
    "SSL-TRANSIT",
    _MAJOR,
    Basis.CODE,
    gettext_noop("Trained in a country on the Safeguards List, a short stay in another since"),
    "A78, Annex paragraph 17",
    ("REQ-20",),
)
SSL_TRAINED = Code(
    "SSL-TRAINED",
    _NOTE,
    Basis.CODE,
    gettext_noop("Trained in a country on the Safeguards List, settled in another since"),
    "A78, Annex paragraph 17",
    ("REQ-20",),
)
SSL_ADDED_LATER = Code(
    "SSL-ADDED-LATER",
    _NOTE,
    Basis.CODE,
    gettext_noop("The country came onto the Safeguards List between recruitment and start"),
    "A78, Annex paragraph 31(b); Safeguards List editions in force",
    ("REQ-12",),
)
NO_EDITION = Code(
    "NO-EDITION",
    _NOTE,
    Basis.CODE,
    gettext_noop("No edition of the Safeguards List counted on that day"),
    "WHA63.16, 21 May 2010",
)
BLA_INVALID = Code(
    "BLA-INVALID",
    _MAJOR,
    Basis.CODE,
    gettext_noop("The agreement cited does not cover this placement"),
    "WHO Global Code of Practice, Article 5.2",
    ("REQ-13",),
)
BLA_NO_MOH = Code(
    "BLA-NO-MOH",
    _MINOR,
    Basis.CODE,
    gettext_noop("No part of a health ministry in the agreement is recorded"),
    "A78, Annex paragraph 61(g)",
    ("REQ-13",),
)
CAP_EXCEEDED = Code(
    "CAP-EXCEEDED",
    _MAJOR,
    Basis.CODE,
    gettext_noop("The number of places in the agreement is used up"),
    "WHO Global Code of Practice, Article 5.2; the agreement's own terms",
    ("REQ-13",),
)
REQ_SAFEGUARD = Code(
    "REQ-SAFEGUARD",
    _MAJOR,
    Basis.CODE,
    gettext_noop("The source country has told of a policy of its own on recruitment"),
    "A78, Annex paragraph 48; Box 1 item 5(c)",
    ("REQ-17",),
)
UK_RED = Code(
    "UK-RED",
    _CRITICAL,
    Basis.NATIONAL_CODE,
    gettext_noop("Recruitment to England from a country on its red list"),
    "Code of practice for the international recruitment of health and social care personnel in "
    "England; red list on the recruitment date",
    ("REQ-14",),
)
UK_AMBER = Code(
    "UK-AMBER",
    _CRITICAL,
    Basis.NATIONAL_CODE,
    gettext_noop("Recruitment to England from a country on its amber list"),
    "Code of practice for the international recruitment of health and social care personnel in "
    "England; amber list on the recruitment date",
    ("REQ-13", "REQ-14"),
)
UK_ERL = Code(
    "UK-ERL",
    _MAJOR,
    Basis.NATIONAL_CODE,
    gettext_noop("The agency was not on England's Ethical Recruiters List on that day"),
    "Code of practice for the international recruitment of health and social care personnel in "
    "England; NHS Employers, Ethical Recruiters List",
    ("REQ-14",),
)
UK_NATION = Code(
    "UK-NATION",
    _NOTE,
    Basis.NATIONAL_CODE,
    gettext_noop("That part of the United Kingdom has a code of its own, which is not loaded"),
    "Codes of practice of Scotland, Wales and Northern Ireland",
    ("REQ-14",),
)
DE_38 = Code(
    "DE-38",
    _CRITICAL,
    Basis.STATUTE,
    gettext_noop("The German statute reserves this recruitment to the Federal Employment Agency"),
    "Beschäftigungsverordnung (BeschV), sections 38 and 39, and the annex to section 38; fines: "
    "SGB III, section 404(3)",
    ("REQ-14",),
)
NO_UNMET = Code(
    "NO-UNMET",
    _NOTE,
    Basis.NATIONAL_CODE,
    gettext_noop("Norway's plan 2024-2027 speaks of countries with an unmet need of their own"),
    "A78, Annex paragraph 30",
    ("REQ-14",),
)
IE_ALIGN = Code(
    "IE-ALIGN",
    _NOTE,
    Basis.NATIONAL_CODE,
    gettext_noop("Ireland has committed to align recruitment under agreements with the Code"),
    "A78, Annex paragraph 30",
    ("REQ-13", "REQ-14"),
)
SIDS_CONC = Code(
    "SIDS-CONC",
    _NOTE,
    Basis.CODE,
    gettext_noop("Many placements of one occupation from one small island state"),
    "A78, Annex paragraph 49",
    ("REQ-19",),
)
FEE_WORKER = Code(
    "FEE-WORKER",
    _CRITICAL,
    Basis.CONTRACT,
    gettext_noop("The worker was charged a fee or a related cost"),
    "Dhaka Principle 1; IRIS Principle 1; for the United Kingdom, Employment Agencies Act 1973, "
    "section 6(1)",
    ("REQ-21", "REQ-22"),
)
FEE_UNKNOWN = Code(
    "FEE-UNKNOWN",
    _MINOR,
    Basis.CONTRACT,
    gettext_noop("It is not answered whether the worker was charged anything"),
    "ILO General Principles and Operational Guidelines for Fair Recruitment (2019)",
    ("REQ-21", "REQ-38"),
)
REPAY_UNFAIR = Code(
    "REPAY-UNFAIR",
    _MAJOR,
    Basis.NATIONAL_CODE,
    gettext_noop("The repayment clause falls short of the principles for such clauses"),
    "Code of practice for the international recruitment of health and social care personnel in "
    "England, guidance on repayment clauses",
    ("REQ-23",),
)
LIC_INVALID = Code(
    "LIC-INVALID",
    _CRITICAL,
    Basis.STATUTE,
    gettext_noop("No licence of the agency covers the recruitment date"),
    "The licensing statute of the agency's home jurisdiction; WHO Global Code of Practice, "
    "Article 8.5",
    ("REQ-07",),
)
LIC_LAPSED = Code(
    "LIC-LAPSED",
    _MINOR,
    Basis.STATUTE,
    gettext_noop("The agency's licence ended before the worker started"),
    "The licensing statute of the agency's home jurisdiction; WHO Global Code of Practice, "
    "Article 8.5",
    ("REQ-07",),
)
CERT_STATUS = Code(
    "CERT-STATUS",
    _CRITICAL,
    Basis.SCHEME,
    gettext_noop("Recruited while the agency's certificate was suspended or withdrawn"),
    "Terms of this register's certificate, on suspension and withdrawal",
    ("REQ-03",),
)
CERT_PIPELINE = Code(
    "CERT-PIPELINE",
    _NOTE,
    Basis.SCHEME,
    gettext_noop("Under way when the agency's certificate was suspended or withdrawn"),
    "Terms of this register's certificate, on suspension and withdrawal",
    ("REQ-03",),
)
AUTH_SOURCE = Code(
    "AUTH-SOURCE",
    (Severity.MAJOR, Severity.CRITICAL),
    Basis.STATUTE,
    gettext_noop("The authorization that the source country requires was not held"),
    "The statute of the source country; WHO Global Code of Practice, Article 8.5",
    ("REQ-08",),
)
AUTH_DEST = Code(
    "AUTH-DEST",
    _MAJOR,
    Basis.STATUTE,
    gettext_noop("The authorization that the destination requires was not held"),
    "The statute of the destination; WHO Global Code of Practice, Article 8.5",
    ("REQ-09",),
)
SCOPE_DESKILL = Code(
    "SCOPE-DESKILL",
    (Severity.MAJOR, Severity.MINOR, Severity.OBSERVATION),
    Basis.CODE,
    gettext_noop("A health professional placed as a care worker"),
    "WHO Global Code of Practice, Article 4.3; A78, Box 2 item 1 and Annex paragraph 61(a)",
    ("REQ-29",),
)
OBLIG_42 = Code(
    "OBLIG-4.2",
    _MAJOR,
    Basis.CODE,
    gettext_noop("A fair legal duty to the health system at home is outstanding"),
    "WHO Global Code of Practice, Article 4.2",
    ("REQ-16",),
)
EMERG_NO_CONSULT = Code(
    "EMERG-NO-CONSULT",
    _MAJOR,
    Basis.CODE,
    gettext_noop("Recruited in an emergency with no consultation on record"),
    "A78, Box 1 item 2 and Annex paragraph 49",
    ("REQ-18",),
)
SRC_MISMATCH = Code(
    "SRC-MISMATCH",
    _MAJOR,
    Basis.DATA,
    gettext_noop("The declared source is not the country of residence"),
    "This register's record of a placement",
    ("REQ-20", "REQ-38"),
)
CTRY_UNKNOWN = Code(
    "CTRY-UNKNOWN",
    _MAJOR,
    Basis.DATA,
    gettext_noop("A country is written in a way that names no single country"),
    "ISO 3166-1; this register's record of a placement",
    ("REQ-20", "REQ-38"),
)
DATE_ORDER = Code(
    "DATE-ORDER",
    _MAJOR,
    Basis.DATA,
    gettext_noop("The start lies before the recruitment date"),
    "This register's record of a placement",
    ("REQ-38",),
)
DATA_MISSING = Code(
    "DATA-MISSING",
    _MINOR,
    Basis.DATA,
    gettext_noop("An answer is missing"),
    "This register's record of a placement",
    ("REQ-38",),
)
OUT_OF_SCOPE = Code(
    "OUT-OF-SCOPE",
    _NOTE,
    Basis.CODE,
    gettext_noop("Neither a health nor a care occupation: recorded, not judged"),
    "ISCO-08; WHO Global Code of Practice, Article 2.2",
)

CODES: Mapping[str, Code] = {
    code.name: code for code in tuple(globals().values()) if isinstance(code, Code)
}

# every key that can be found missing (rules.md §6)
MISSING_FIELDS = (
    "recruited",
    "start",
    "mode",
    "residence",
    "training",
    "dest",
    "qualified",
    "placed",
    "months",
    "lic",
    "src_auth",
    "dst_auth",
    "erl",
)


def code_of(name: str) -> Code:
    """The code behind a finding's name; DATA-MISSING:lic is of DATA-MISSING."""
    return CODES[name.partition(":")[0]]
