"""The columns of a file of placements: what each means, how it is written, what it is called."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_SPACES = re.compile(r"[^\w]+|_+")


class Kind(StrEnum):
    """What sort of value a column holds; each is read in one way (`cells`)."""

    REFERENCE = "reference"
    COUNTRY = "country"
    DESTINATION = "destination"
    PART = "part"
    MONTHS = "months"
    OCCUPATION = "occupation"
    OCCUPATIONS = "occupations"
    MODE = "mode"
    YES_NO = "yes_no"
    DAY = "day"
    FEES = "fees"
    REPAYMENT = "repayment"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in our template, the field it fills, and words for people."""

    name: str
    field: str
    kind: Kind
    words: str
    form: str
    example: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    longest: int = 0


_COUNTRY = "a country by its name or its ISO code"
_OCCUPATION = "an ISCO-08 code of four digits, or a title from ISCO-08"
_DAY = "a day as YYYY-MM-DD"
_YES_NO = "yes, no or unknown"

COLUMNS = (
    Column(
        name="reference",
        field="reference",
        kind=Kind.REFERENCE,
        words="Your own reference for this placement",
        form="up to 60 characters, different in every row, and not the worker's name",
        example="P-2024-0001",
        aliases=(
            "ref",
            "placement reference",
            "placement ref",
            "placement id",
            "our reference",
            "case reference",
            "worker reference",
            "candidate reference",
            "record id",
        ),
        required=True,
        longest=60,
    ),
    Column(
        name="residence",
        field="residence",
        kind=Kind.COUNTRY,
        words="Country where the worker lived when recruited",
        form=_COUNTRY,
        example="Philippines",
        aliases=(
            "country of residence",
            "residence country",
            "resident in",
            "residence at recruitment",
            "lives in",
        ),
        required=True,
    ),
    Column(
        name="destination",
        field="destination",
        kind=Kind.DESTINATION,
        words="Country of the post",
        form=f"{_COUNTRY}; England, Scotland, Wales and Northern Ireland are understood",
        example="Ireland",
        aliases=("dest", "destination country", "country of destination", "country of the post"),
        required=True,
    ),
    Column(
        name="qualified_as",
        field="qualified",
        kind=Kind.OCCUPATION,
        words="Occupation the worker is qualified in",
        form=_OCCUPATION,
        example="2221",
        aliases=(
            "qualified",
            "qualification",
            "occupation qualified",
            "qualified occupation",
            "occupation qualified in",
            "profession",
        ),
        required=True,
    ),
    Column(
        name="placed_as",
        field="placed",
        kind=Kind.OCCUPATION,
        words="Occupation of the post",
        form=_OCCUPATION,
        example="2221",
        aliases=(
            "placed",
            "post",
            "occupation placed",
            "placed occupation",
            "occupation of the post",
            "job",
        ),
        required=True,
    ),
    Column(
        name="mode",
        field="mode",
        kind=Kind.MODE,
        words="How recruiter and worker came together",
        form="agency, employer, referral, online ad, g2g, direct, facilitated, edu or tele",
        example="agency",
        aliases=("mode of recruitment", "recruitment mode", "pathway", "route"),
        required=True,
    ),
    Column(
        name="recruited_on",
        field="recruited_on",
        kind=Kind.DAY,
        words="Day of recruitment: the first active step towards the worker",
        form=_DAY,
        example="2024-05-10",
        aliases=("recruited", "recruitment date", "date of recruitment", "date recruited"),
        required=True,
    ),
    Column(
        name="started_on",
        field="started_on",
        kind=Kind.DAY,
        words="Day on which the work began",
        form=_DAY,
        example="2024-09-01",
        aliases=("start", "started", "start date", "date of start"),
    ),
    Column(
        name="offered_on",
        field="offered_on",
        kind=Kind.DAY,
        words="Day of the offer",
        form=_DAY,
        example="2024-06-01",
        aliases=("offered", "offer", "offer date", "date of offer"),
    ),
    Column(
        name="contracted_on",
        field="contracted_on",
        kind=Kind.DAY,
        words="Day of the contract",
        form=_DAY,
        example="2024-06-15",
        aliases=("contracted", "contract", "contract date", "date of contract"),
    ),
    Column(
        name="fees",
        field="fees",
        kind=Kind.FEES,
        words="Fees and costs that the worker was charged",
        form="none, or what and how much: visa 120; medical 80 (empty is not answered)",
        example="none",
        aliases=("fees charged", "worker fees", "fees and costs", "costs to the worker"),
    ),
    Column(
        name="training",
        field="training",
        kind=Kind.COUNTRY,
        words="Country where the worker trained",
        form=_COUNTRY,
        example="Philippines",
        aliases=("training country", "country of training", "trained in"),
    ),
    Column(
        name="source",
        field="source",
        kind=Kind.COUNTRY,
        words="Source country as you declared it elsewhere",
        form=_COUNTRY,
        example="Philippines",
        aliases=("source country", "declared source", "country of origin"),
    ),
    Column(
        name="nationality",
        field="nationality",
        kind=Kind.COUNTRY,
        words="Nationality (decides nothing)",
        form=_COUNTRY,
        example="Philippines",
        aliases=("citizenship",),
    ),
    Column(
        name="destination_part",
        field="destination_part",
        kind=Kind.PART,
        words="Part of the destination, where it has its own rules",
        form="England, Scotland, Wales, Northern Ireland, or another part's name",
        example="England",
        aliases=("part of destination", "nation", "region of destination"),
        longest=20,
    ),
    Column(
        name="months_resident",
        field="months_resident",
        kind=Kind.MONTHS,
        words="Whole months lived in the country of residence before recruitment",
        form="a whole number",
        example="36",
        aliases=("months", "months of residence", "months in residence"),
    ),
    Column(
        name="other_occupations",
        field="other_occupations",
        kind=Kind.OCCUPATIONS,
        words="Other occupations the worker is qualified in",
        form=f"{_OCCUPATION}; several with a semicolon between",
        example="2222; 3221",
        aliases=("other occ", "other occupation", "further occupations"),
    ),
    Column(
        name="independent_application",
        field="independent_application",
        kind=Kind.YES_NO,
        words="Is there proof that the worker applied alone before any help?",
        form=_YES_NO,
        example="yes",
        aliases=("evidence", "evidence of independent application", "applied independently"),
    ),
    Column(
        name="agreement",
        field="agreement_cited",
        kind=Kind.TEXT,
        words="Agreement between governments that you rely on, by its reference in the register",
        form="up to 60 characters",
        example="",
        aliases=("agreement cited", "agreement reference", "bilateral agreement", "bla"),
        longest=60,
    ),
    Column(
        name="repayment",
        field="repayment",
        kind=Kind.REPAYMENT,
        words="What a repayment clause reclaims from the worker",
        form="none, or what it reclaims and its terms: flight; visa; disclosed yes; tapers no",
        example="none",
        aliases=("repay", "repayment clause", "repayment terms"),
    ),
    Column(
        name="lower_post_disclosed",
        field="lower_post_disclosed",
        kind=Kind.YES_NO,
        words="If the post is lower than the qualification: was that told in writing?",
        form=_YES_NO,
        example="yes",
        aliases=("disclosed", "lower post told in writing"),
    ),
    Column(
        name="obligation_outstanding",
        field="obligation_outstanding",
        kind=Kind.YES_NO,
        words="Does the worker still owe service to the health system at home?",
        form=_YES_NO,
        example="no",
        aliases=("obligation", "outstanding obligation", "service obligation"),
    ),
    Column(
        name="consultation_recorded",
        field="consultation_recorded",
        kind=Kind.YES_NO,
        words="In an emergency: is a consultation with the source country on record?",
        form=_YES_NO,
        example="no",
        aliases=("consulted", "consultation", "emergency consultation"),
    ),
    Column(
        name="by_federal_agency",
        field="by_federal_agency",
        kind=Kind.YES_NO,
        words="For Germany: did the Federal Employment Agency recruit?",
        form=_YES_NO,
        example="no",
        aliases=("by ba", "federal employment agency", "bundesagentur"),
    ),
    Column(
        name="employer",
        field="employer",
        kind=Kind.TEXT,
        words="Employer",
        form="up to 200 characters",
        example="Example Hospital",
        aliases=("employer name", "name of employer", "hospital", "facility"),
        longest=200,
    ),
    Column(
        name="evidence_reference",
        field="evidence_reference",
        kind=Kind.TEXT,
        words="Where you keep the papers of this placement",
        form="up to 200 characters",
        example="file 17, folder B",
        aliases=("evidence reference", "evidence references", "file reference", "papers"),
        longest=200,
    ),
)

BY_NAME = {column.name: column for column in COLUMNS}
BY_FIELD = {column.field: column for column in COLUMNS}


def key_of(header: str) -> str:
    """The header without case, accents' spelling, punctuation and spare spaces."""
    plain = unicodedata.normalize("NFKC", header).casefold().replace("'", "").replace("’", "")
    return _SPACES.sub(" ", plain).strip()


_KNOWN = {
    key_of(spelling): column
    for column in COLUMNS
    for spelling in (column.name, column.field, column.words, *column.aliases)
}


def column_called(header: str) -> Column | None:
    """The column that a header names, by our name for it or one of people's."""
    return _KNOWN.get(key_of(header))


def letters(at: int) -> str:
    """What a spreadsheet calls the column at this place, counted from 0."""
    named = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        named = chr(65 + rest) + named
    return named


def named_apart(headers: Sequence[str]) -> tuple[str, ...]:
    """The headers with those that are empty or stand there before named by their column's letters.

    What comes out is different for every column, and comes out the same when it is put in again.
    """
    named: list[str] = []
    taken = {key_of(header) for header in headers}
    seen: set[str] = set()
    for at, header in enumerate(headers):
        key = key_of(header)
        if not key or key in seen:
            header = f"{header} (column {letters(at)})" if header else f"Column {letters(at)}"
            while key_of(header) in taken:
                header += " again"
            taken.add(key_of(header))
        seen.add(key)
        named.append(header)
    return tuple(named)


def shown(text: str, longest: int = 60) -> str:
    """A text of somebody's file, short enough for a sentence and without what does not print."""
    printable = "".join(c if c.isprintable() else "�" for c in text)
    return printable if len(printable) <= longest else f"{printable[: longest - 1]}…"
