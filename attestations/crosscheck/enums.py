"""The closed sets of words that the cross-check answers with. Pure: no Django here."""

from enum import Enum, StrEnum


def gettext_noop(text: str) -> str:
    """Marks a text for translation without importing a framework; whoever prints it translates."""
    return text


class NotAsked(Enum):
    """ "Not in question": no finding may come from it (rules.md §6: an absent key)."""

    NOT_ASKED = "not_asked"

    def __repr__(self) -> str:
        return "NOT_ASKED"

    def __bool__(self) -> bool:
        return False


NOT_ASKED = NotAsked.NOT_ASKED


class Truth(StrEnum):
    """Three answers: unknown is one of them and never counts as no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"

    @property
    def rank(self) -> int:
        return tuple(Severity).index(self)


class Basis(StrEnum):
    """What a finding rests on; exactly one each (R-BASIS)."""

    CODE = "code"
    NATIONAL_CODE = "national_code"
    STATUTE = "statute"
    CONTRACT = "contract"
    SCHEME = "scheme"
    DATA = "data"

    @property
    def words(self) -> str:
        return _BASIS_WORDS[self]


_BASIS_WORDS = {
    Basis.CODE: gettext_noop(
        "the WHO Global Code of Practice, which is voluntary, and the Safeguards List, which asks "
        "for care and closes no door"
    ),
    Basis.NATIONAL_CODE: gettext_noop("a destination's own code of practice: policy, not statute"),
    Basis.STATUTE: gettext_noop("a statute"),
    Basis.CONTRACT: gettext_noop("what the worker and the agency may agree on fees and costs"),
    Basis.SCHEME: gettext_noop("the terms of this register's own certificate"),
    Basis.DATA: gettext_noop("the record itself: something is missing or does not fit together"),
}


class Disposition(StrEnum):
    OPEN = "open"
    EXCEPTED_BY_AGREEMENT = "excepted:agreement"
    EXCEPTED_BY_WAIVER = "excepted:waiver"
    INDETERMINATE = "indeterminate"

    @property
    def is_excepted(self) -> bool:
        return self in (Disposition.EXCEPTED_BY_AGREEMENT, Disposition.EXCEPTED_BY_WAIVER)

    @property
    def label(self) -> str:
        return _DISPOSITION_LABELS[self]


_DISPOSITION_LABELS = {
    Disposition.OPEN: gettext_noop("open"),
    Disposition.EXCEPTED_BY_AGREEMENT: gettext_noop("excepted by an agreement"),
    Disposition.EXCEPTED_BY_WAIVER: gettext_noop("excepted by the source country's own word"),
    Disposition.INDETERMINATE: gettext_noop("cannot be determined"),
}


class Outcome(StrEnum):
    """The result of one placement, worst first (rules.md §3)."""

    NON_COMPLIANT = "NON_COMPLIANT"
    REFER_TO_AUDITOR = "REFER_TO_AUDITOR"
    ACTION_REQUIRED = "ACTION_REQUIRED"
    INCOMPLETE = "INCOMPLETE"
    MINOR_ACTION = "MINOR_ACTION"
    CLEAR_WITH_NOTES = "CLEAR_WITH_NOTES"
    CLEAR = "CLEAR"

    @property
    def label(self) -> str:
        return _OUTCOME_LABELS[self]

    @property
    def rank(self) -> int:
        return tuple(Outcome).index(self)


_OUTCOME_LABELS = {
    Outcome.NON_COMPLIANT: gettext_noop("not in line with the safeguards"),
    Outcome.REFER_TO_AUDITOR: gettext_noop("cannot be determined here: an auditor has to look"),
    Outcome.ACTION_REQUIRED: gettext_noop("something has to be put right"),
    Outcome.INCOMPLETE: gettext_noop("answers are missing"),
    Outcome.MINOR_ACTION: gettext_noop("a small matter has to be put right"),
    Outcome.CLEAR_WITH_NOTES: gettext_noop("nothing stands open; please read the notes"),
    Outcome.CLEAR: gettext_noop("nothing found in what was checked"),
}


class Mode(StrEnum):
    """How recruiter and worker came together (R-MODE)."""

    AGENCY = "AGENCY"
    EMPLOYER = "EMPLOYER"
    REFERRAL = "REFERRAL"
    ONLINE_AD = "ONLINE_AD"
    G2G = "G2G"
    DIRECT = "DIRECT"
    FACILITATED = "FACILITATED"
    EDU = "EDU"
    TELE = "TELE"

    @property
    def label(self) -> str:
        return _MODE_LABELS[self]


ACTIVE = frozenset({Mode.AGENCY, Mode.EMPLOYER, Mode.REFERRAL, Mode.ONLINE_AD, Mode.G2G})

_MODE_LABELS = {
    Mode.AGENCY: gettext_noop("the agency approached the worker"),
    Mode.EMPLOYER: gettext_noop("the employer approached the worker"),
    Mode.REFERRAL: gettext_noop("referral, with or without a bonus"),
    Mode.ONLINE_AD: gettext_noop("advertisement aimed at the country"),
    Mode.G2G: gettext_noop("a programme between governments"),
    Mode.DIRECT: gettext_noop("the worker applied alone to an advertised post"),
    Mode.FACILITATED: gettext_noop("help after an application of the worker's own"),
    Mode.EDU: gettext_noop("by way of education or training"),
    Mode.TELE: gettext_noop("remote service from where the worker lives"),
}


class Side(StrEnum):
    """The country whose authorization is meant."""

    SOURCE = "source"
    DESTINATION = "destination"


class RestrictionKind(StrEnum):
    """What was done to the agency's certificate."""

    SUSPENSION = "suspension"
    WITHDRAWAL = "withdrawal"
