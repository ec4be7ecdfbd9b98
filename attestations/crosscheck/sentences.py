"""One plain sentence a finding: what was found, on which day, by which list."""

from collections.abc import Callable, Mapping

from attestations.crosscheck.answers import unfair_terms
from attestations.crosscheck.codes import Finding
from attestations.crosscheck.cover import Cover, Shortfall, cover_of
from attestations.crosscheck.enums import Mode, Truth
from attestations.crosscheck.record import RepaymentTerms, Unresolved
from attestations.crosscheck.wording import Told, listed_in_words

Sentence = Callable[[Told], str]

MISSING_IN_WORDS: Mapping[str, str] = {
    "recruited": "the recruitment date",
    "start": "the day of the start",
    "mode": "how recruiter and worker came together",
    "residence": "the country of residence",
    "training": "the country of training",
    "dest": "the destination",
    "qualified": "the occupation that the worker is qualified in",
    "placed": "the occupation of the post",
    "months": "the months of residence",
    "lic": "the agency's licence",
    "src_auth": "the authorization that the source country requires",
    "dst_auth": "the authorization that the destination requires",
    "erl": "whether the agency was on England's Ethical Recruiters List",
}

_SHORTFALLS: Mapping[Shortfall, str] = {
    Shortfall.NO_SUCH_AGREEMENT: "no agreement of that name is on file",
    Shortfall.OTHER_SOURCE: "its source country is another one",
    Shortfall.OTHER_DESTINATION: "its destination is another one",
    Shortfall.OUTSIDE_ITS_DATES: "the recruitment date lies outside its dates",
    Shortfall.POST_NOT_LISTED: "the occupation of the post is not among those it lists",
    Shortfall.AGENCIES_MAY_NOT_ACT: "agencies may not act under it",
    Shortfall.QUOTA_USED_UP: "its places are used up",
}


def sentence_for(finding: Finding, told: Told) -> str:
    name, _, field = finding.code.partition(":")
    if name == "DATA-MISSING":
        return f"Not answered: {MISSING_IN_WORDS[field]}."
    return _SENTENCES[name](told)


def reason_left_open(finding: Finding, told: Told) -> str:
    """Why an indeterminate finding is so."""
    facts = told.facts
    reasons: list[str] = []
    if not facts.day_known:
        reasons.append("no date of the placement is known")
    if facts.mode is None:
        reasons.append("it is not known how recruiter and worker came together")
    if finding.code == "SSL-TRANSIT" and told.record.months is None:
        reasons.append("the months of residence are not answered")
    if finding.code == "DE-38":
        if facts.mode is Mode.FACILITATED:
            reasons.append(
                "whether the statute reaches help after an own application is a question of law"
            )
        if facts.day_known and facts.annex is Truth.UNKNOWN:
            reasons.append("on that day it is not certain which version of the annex was in force")
    if facts.day_known and facts.cover is Cover.CANNOT_TELL:
        reasons.append("an answer is missing on which the cover of the agreement hangs")
    if facts.day_known and facts.willing is Truth.UNKNOWN and finding.code == "SSL-ACTIVE":
        reasons.append("an answer is missing on which the country's willingness hangs")
    because = listed_in_words(tuple(reasons)) or "something it hangs on is not known"
    return f"It cannot be determined here: {because}."


def cover_shortfalls(told: Told) -> tuple[str, ...]:
    answer = cover_of(told.record, told.day, told.lists, quota_exceeded=told.facts.quota_used_up)
    return tuple(_SHORTFALLS[shortfall] for shortfall in answer.shortfalls)


def _listed(told: Told) -> str:
    if not told.facts.day_known:
        return f"{told.residence} is on an edition of the Safeguards List"
    return (
        f"{told.residence} was on the Safeguards List, edition {told.edition}, in force on "
        f"{told.on}"
    )


def _active(told: Told) -> str:
    return f"{_listed(told)}; the recruitment: {told.mode}."


def _passive(told: Told) -> str:
    return (
        f"{_listed(told)}; the worker applied alone, as everybody may. It is noted for the "
        "monitoring of flows and held against nobody."
    )


def _facilitated(told: Told) -> str:
    proved = (
        "proof is on file that the application came first"
        if told.facts.evidence
        else "no proof is on file that the application came before any help"
    )
    return (
        f"{_listed(told)}; help was given after an application of the worker's own, and {proved}."
    )


def _education(told: Told) -> str:
    return f"{_listed(told)}; the worker came by way of education or training."


def _remote(told: Told) -> str:
    return f"{_listed(told)}; the service is given from there at a distance."


def _transit(told: Told) -> str:
    return (
        f"Trained in {told.place(told.record.training)}, which was on the Safeguards List, edition "
        f"{told.edition}; resident in {told.residence} since: {told.value_of('months')}."
    )


def _trained(told: Told) -> str:
    return (
        f"Trained in {told.place(told.record.training)}, which was on the Safeguards List, edition "
        f"{told.edition}, and settled in {told.residence} for a year or more, or so it is taken. "
        "It is noted and held against nobody."
    )


def _added_later(told: Told) -> str:
    return (
        f"{told.residence} was not on the Safeguards List on {told.on}, edition {told.edition}, "
        f"which governs; it was on the edition in force at the start, {told.start}."
    )


def _no_edition(told: Told) -> str:
    return f"On {told.on} no edition of the Safeguards List counted, so nothing is judged by it."


def _bla_invalid(told: Told) -> str:
    why = listed_in_words(cover_shortfalls(told)) or "it does not cover"
    return (
        f"The agreement cited, {told.record.agreement_cited}, does not cover this placement: {why}."
    )


def _bla_no_moh(told: Told) -> str:
    return (
        f"The agreement {told.record.agreement_cited} covers; that a health ministry takes part "
        "in it is not recorded."
    )


def _cap(told: Told) -> str:
    return (
        f"The places of the agreement {told.record.agreement_cited} were used up by earlier "
        "placements, counted by recruitment date."
    )


def _req_safeguard(told: Told) -> str:
    return (
        f"{told.residence} is not on the Safeguards List and has told of a policy of its own on "
        f"recruitment that held on {told.on}."
    )


def _uk(colour: str) -> Sentence:
    def sentence(told: Told) -> str:
        when = f"on {told.on}" if told.facts.day_known else "for a time"
        return (
            f"{told.residence} was on England's {colour} list {when}; the recruitment: {told.mode}."
        )

    return sentence


def _uk_erl(told: Told) -> str:
    return f"The agency was not on England's Ethical Recruiters List on {told.on}."


def _uk_nation(told: Told) -> str:
    return (
        f"The destination is {told.destination}, which has a code of practice of its own. It is "
        "not loaded here, and England's list was not read in its place."
    )


def _de_38(told: Told) -> str:
    when = f"on {told.on}" if told.facts.day_known else "for a time"
    return (
        "The German statute reserves recruitment in and placement from the states of its annex to "
        f"the Federal Employment Agency; {told.residence} was among them {when}."
    )


def _no_unmet(told: Told) -> str:
    return (
        "Norway's plan for 2024 to 2027 speaks against recruiting from countries with an unmet "
        f"need of their own. It names none; {told.residence} was on the Safeguards List."
    )


def _ie_align(told: Told) -> str:
    return (
        "In October 2024 Ireland committed to align recruitment under agreements with the Code; "
        f"this placement relies on the agreement {told.record.agreement_cited}."
    )


def _fee_worker(told: Told) -> str:
    return f"The worker was charged: {told.value_of('fees')}."


def _fee_unknown(told: Told) -> str:
    return "It is not answered whether the worker was charged; that is not “nothing”."


def _repay(told: Told) -> str:
    clause = told.record.repayment
    why = unfair_terms(clause) if isinstance(clause, RepaymentTerms) else ()
    return f"Of the repayment clause: {listed_in_words(why)}."


def _lic_invalid(told: Told) -> str:
    return f"No licence of the agency on record covers {told.on} ({told.value_of('licences')})."


def _lic_lapsed(told: Told) -> str:
    return (
        f"The licence covered {told.on}, the day of recruitment, and none covers the start, "
        f"{told.start}."
    )


def _restriction(told: Told) -> str:
    return told.value_of("restrictions")


def _cert_status(told: Told) -> str:
    return f"The worker was recruited on {told.on}, under a restriction: {_restriction(told)}."


def _cert_pipeline(told: Told) -> str:
    return (
        f"The worker was recruited on {told.on}, before a restriction, and is not known to have "
        f"started by its first day: {_restriction(told)}."
    )


def _auth_source(told: Told) -> str:
    listed = (
        f", which was on the Safeguards List, edition {told.edition}"
        if told.facts.residence_listed is Truth.YES
        else ""
    )
    return f"The agency did not hold the authorization required by {told.residence}{listed}."


def _auth_dest(told: Told) -> str:
    return f"The agency did not hold the authorization required by {told.destination}."


def _deskill(told: Told) -> str:
    told_so = (
        "was told so in writing, with the pay and the way to registration"
        if told.facts.disclosed
        else "was not told so in writing, as far as the record shows"
    )
    return (
        f"A worker qualified in {told.record.qualified} is placed in {told.record.placed}, a care "
        f"occupation, and {told_so}."
    )


def _obligation(told: Told) -> str:
    return "A fair legal duty of the worker to the health system at home is outstanding."


def _emergency(told: Told) -> str:
    countries = tuple(
        told.name(country)
        for country in (told.record.residence, told.record.dest)
        if isinstance(country, str) and told.lists.emergencies_of(country)
    )
    where = listed_in_words(countries) or "the source or the destination"
    return (
        f"An emergency is on record in {where}, and no consultation of the source country before "
        "recruitment is."
    )


def _mismatch(told: Told) -> str:
    return (
        f"The source declared is {told.place(told.record.source)}; the country of residence is "
        f"{told.residence}."
    )


def _unclear(told: Told) -> str:
    record = told.record
    written = dict.fromkeys(
        place
        for place in (record.residence, record.training, record.source, record.dest)
        if isinstance(place, Unresolved)
    )
    names = listed_in_words(tuple(f"“{place.text}”" for place in written))
    candidates = tuple(
        dict.fromkeys(told.name(one) for place in written for one in place.candidates)
    )
    could_be = f" It could be {' or '.join(candidates)}." if candidates else ""
    return f"{names} names no single country, and none was guessed.{could_be}"


def _date_order(told: Told) -> str:
    return f"The start, {told.start}, lies before {told.on}, when the recruitment is dated."


def _out_of_scope(told: Told) -> str:
    return (
        "Neither a health nor a care occupation is stated: recorded, and not judged by the lists."
    )


_SENTENCES: Mapping[str, Sentence] = {
    "SSL-ACTIVE": _active,
    "SSL-PASSIVE": _passive,
    "SSL-FACILITATED": _facilitated,
    "SSL-EDU": _education,
    "SSL-TELE": _remote,
    "SSL-TRANSIT": _transit,
    "SSL-TRAINED": _trained,
    "SSL-ADDED-LATER": _added_later,
    "NO-EDITION": _no_edition,
    "BLA-INVALID": _bla_invalid,
    "BLA-NO-MOH": _bla_no_moh,
    "CAP-EXCEEDED": _cap,
    "REQ-SAFEGUARD": _req_safeguard,
    "UK-RED": _uk("red"),
    "UK-AMBER": _uk("amber"),
    "UK-ERL": _uk_erl,
    "UK-NATION": _uk_nation,
    "DE-38": _de_38,
    "NO-UNMET": _no_unmet,
    "IE-ALIGN": _ie_align,
    "SIDS-CONC": lambda told: (
        f"Many workers of one occupation were placed from {told.residence}, a small island state, "
        "within twelve months."
    ),
    "FEE-WORKER": _fee_worker,
    "FEE-UNKNOWN": _fee_unknown,
    "REPAY-UNFAIR": _repay,
    "LIC-INVALID": _lic_invalid,
    "LIC-LAPSED": _lic_lapsed,
    "CERT-STATUS": _cert_status,
    "CERT-PIPELINE": _cert_pipeline,
    "AUTH-SOURCE": _auth_source,
    "AUTH-DEST": _auth_dest,
    "SCOPE-DESKILL": _deskill,
    "OBLIG-4.2": _obligation,
    "EMERG-NO-CONSULT": _emergency,
    "SRC-MISMATCH": _mismatch,
    "CTRY-UNKNOWN": _unclear,
    "DATE-ORDER": _date_order,
    "OUT-OF-SCOPE": _out_of_scope,
}
