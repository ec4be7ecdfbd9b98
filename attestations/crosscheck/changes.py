"""What would change a finding: said plainly, so that a reader knows what to do next."""

from collections.abc import Mapping

from attestations.crosscheck.codes import Finding
from attestations.crosscheck.enums import Disposition, Mode, gettext_noop
from attestations.crosscheck.sentences import MISSING_IN_WORDS
from attestations.crosscheck.wording import Told

EXCEPTED_BY_AGREEMENT = frozenset({"SSL-ACTIVE", "SSL-EDU", "UK-RED", "UK-AMBER", "REQ-SAFEGUARD"})

_OTHER_EDITION = gettext_noop(
    "Nothing has to be done: it is noted so that flows can be seen (Code, Article 8.7)."
)
_OWN_APPLICATION = gettext_noop(
    "If the worker applied alone to an advertised post, the record should say so, with the proof."
)

_CHANGES: Mapping[str, tuple[str, ...]] = {
    "SSL-PASSIVE": (_OTHER_EDITION,),
    "SSL-TELE": (_OTHER_EDITION,),
    "SSL-TRAINED": (_OTHER_EDITION,),
    "SSL-FACILITATED": (
        gettext_noop(
            "Proof that the application came before any help, with the vacancy and the dates, "
            "makes this an observation."
        ),
    ),
    "SSL-TRANSIT": (
        gettext_noop("Twelve months or more of residence, once recorded, make this a note."),
    ),
    "SSL-ADDED-LATER": (
        gettext_noop("Nothing has to be done: the edition at recruitment governs."),
    ),
    "NO-EDITION": (gettext_noop("Nothing has to be done: the Code was adopted on 21 May 2010."),),
    "BLA-INVALID": (
        gettext_noop("Cite an agreement that covers parties, day, post and the agency's role."),
    ),
    "BLA-NO-MOH": (gettext_noop("A record that a health ministry takes part in the agreement."),),
    "CAP-EXCEEDED": (
        gettext_noop("A place that becomes free, by the withdrawal of an earlier placement."),
    ),
    "UK-ERL": (gettext_noop("A record that the agency was on the list on the recruitment date."),),
    "UK-NATION": (gettext_noop("Read that nation's own code of practice before recruiting."),),
    "DE-38": (
        gettext_noop("Recruitment by the Federal Employment Agency itself is not reserved."),
    ),
    "NO-UNMET": (
        gettext_noop("Nothing is decided here: ask the Norwegian authority how it reads its plan."),
    ),
    "IE-ALIGN": (
        gettext_noop("Nothing is decided here: compare the agreement's terms with the Code."),
    ),
    "SIDS-CONC": (gettext_noop("Show what the source country receives in return."),),
    "FEE-WORKER": (
        gettext_noop("Repay in full what the worker was charged, and record the repayment."),
    ),
    "FEE-UNKNOWN": (gettext_noop("Answer whether the worker was charged anything, and how much."),),
    "REPAY-UNFAIR": (
        gettext_noop(
            "A clause that is disclosed, tapers with time worked, and reclaims neither the "
            "agency's fee nor the immigration skills charge."
        ),
    ),
    "LIC-INVALID": (gettext_noop("A licence on record that covers the recruitment date."),),
    "LIC-LAPSED": (gettext_noop("A renewed licence on record that covers the start."),),
    "CERT-STATUS": (gettext_noop("Take no new placements until the certificate is restored."),),
    "CERT-PIPELINE": (
        gettext_noop("Arrange with the regulator who carries the placement to its end."),
    ),
    "AUTH-SOURCE": (gettext_noop("The authorization on record, covering the recruitment date."),),
    "AUTH-DEST": (gettext_noop("The authorization on record, covering the recruitment date."),),
    "SCOPE-DESKILL": (
        gettext_noop(
            "Scope of the post, pay and the way to registration, told in writing before the "
            "worker decides."
        ),
    ),
    "OBLIG-4.2": (gettext_noop("A release from the duty, or proof that it was served."),),
    "EMERG-NO-CONSULT": (
        gettext_noop("A record that the source country was consulted before recruitment."),
    ),
    "SRC-MISMATCH": (gettext_noop("Correct the declared source or the country of residence."),),
    "CTRY-UNKNOWN": (
        gettext_noop("Write the country by its ISO code, or by a name that only it bears."),
    ),
    "DATE-ORDER": (gettext_noop("Correct the recruitment date or the day of the start."),),
    "OUT-OF-SCOPE": (gettext_noop("If the worker holds a health occupation as well, record it."),),
}


def changes_for(finding: Finding, told: Told) -> tuple[str, ...]:
    """What the reader may do or supply; for an excepted finding, what the exception hangs on."""
    name, _, field = finding.code.partition(":")
    if name == "DATA-MISSING":
        return (f"Answer: {MISSING_IN_WORDS[field]}.",)
    if finding.disposition is Disposition.EXCEPTED_BY_AGREEMENT:
        return (f"The finding would stand open if {finding.document} did not cover.",)
    if finding.disposition is Disposition.EXCEPTED_BY_WAIVER:
        return (f"The finding would stand open if {told.residence} withdrew its communication.",)
    changes: list[str] = []
    if finding.disposition is Disposition.INDETERMINATE:
        changes += _missing_answers(finding, told)
    if name in EXCEPTED_BY_AGREEMENT:
        changes += _agreements(told)
    if name == "SSL-ACTIVE":
        changes.append(
            f"A communication by {told.residence} of its willingness, for this post and day, would "
            "except it; the country stays on the List."
        )
    if name in ("SSL-ACTIVE", "UK-RED", "UK-AMBER") and told.record.mode is not Mode.FACILITATED:
        changes.append(_OWN_APPLICATION)
    if name in ("UK-RED", "UK-AMBER") and told.record.mode is Mode.FACILITATED:
        changes.append("Proof that the application came before any help would answer it.")
    if name == "REQ-SAFEGUARD":
        changes.append(f"Keep to the policy of {told.residence}, and record that it agreed.")
    return (*changes, *_CHANGES.get(name, ()))


def _missing_answers(finding: Finding, told: Told) -> list[str]:
    missing = [*told.facts.missing]
    if finding.code == "SSL-TRANSIT" and told.record.months is None:
        missing.append("months")
    return [
        f"Answer: {MISSING_IN_WORDS[key]}."
        for key in missing
        if key in ("recruited", "mode", "placed", "dest", "months")
    ]


def _agreements(told: Told) -> list[str]:
    """Only a cited agreement excepts; one that would is named, and what to do with it."""
    covering = told.agreements_that_would_cover()
    if covering:
        return [
            f"The agreement {terms.reference} is on file and would cover this placement; it is "
            "not cited, and only a cited agreement excepts."
            for terms in covering
        ]
    return [
        (
            f"An agreement between {told.residence} and {told.place(told.record.dest)} that covers "
            "the day, the post and the agency's role, cited on the placement, would except it."
        )
    ]
