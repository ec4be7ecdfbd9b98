from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings

from attestations.crosscheck.codes import CODES, SSL_ACTIVE, code_of
from attestations.crosscheck.enums import NOT_ASKED, Basis, Disposition, Mode, Outcome, Severity
from attestations.crosscheck.facts import facts_digest, facts_of
from attestations.crosscheck.record import Unresolved
from attestations.crosscheck.verdict import Verdict, judge, outcome_of, verdict_digest
from tests.attestations.crosscheck.examples import IN_ORDER, LISTS, PLAIN, some_facts
from tests.attestations.crosscheck.strategies import agencies, lists, records

QUICKLY = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

CRITICAL = SSL_ACTIVE.open()
EXCEPTED = SSL_ACTIVE.excepted_by_agreement("MoU 1")
WAIVED = SSL_ACTIVE.excepted_by_waiver("letter")
UNDETERMINED = SSL_ACTIVE.indeterminate()
MAJOR = CODES["OBLIG-4.2"].open()
MISSING = CODES["DATA-MISSING"].open(about="lic")
FEE_UNKNOWN = CODES["FEE-UNKNOWN"].open()
MINOR = CODES["LIC-LAPSED"].open()
NOTE = CODES["SSL-PASSIVE"].open()

# worst first: whatever stands further down changes nothing (rules.md §3)
FOLD = [
    (CRITICAL, Outcome.NON_COMPLIANT),
    (UNDETERMINED, Outcome.REFER_TO_AUDITOR),
    (MAJOR, Outcome.ACTION_REQUIRED),
    (MISSING, Outcome.INCOMPLETE),
    (MINOR, Outcome.MINOR_ACTION),
    (NOTE, Outcome.CLEAR_WITH_NOTES),
]


@pytest.mark.parametrize("chosen", list(product((True, False), repeat=len(FOLD))))
def test_the_worst_decides(chosen):
    raised = [pair for pair, present in zip(FOLD, chosen, strict=True) if present]

    outcome = outcome_of([finding for finding, _ in reversed(raised)])

    assert outcome is (raised[0][1] if raised else Outcome.CLEAR)


@pytest.mark.parametrize(
    ("findings", "outcome"),
    [
        pytest.param([EXCEPTED], Outcome.CLEAR_WITH_NOTES, id="excepted by an agreement shows"),
        pytest.param([WAIVED], Outcome.CLEAR_WITH_NOTES, id="excepted by a waiver shows"),
        pytest.param([EXCEPTED, MINOR], Outcome.MINOR_ACTION, id="excepted never counts"),
        pytest.param([FEE_UNKNOWN], Outcome.INCOMPLETE, id="unknown fees are missing data"),
        pytest.param([FEE_UNKNOWN, MAJOR], Outcome.ACTION_REQUIRED, id="worse than missing"),
    ],
)
def test_outcome(findings, outcome):
    assert outcome_of(findings) is outcome


def test_a_verdict_is_in_one_order_with_its_edition_and_set_of_rules():
    facts = facts_of(
        replace(
            IN_ORDER,
            residence="GHA",
            training="GHA",
            source="PHL",
            obligation=True,
            fees=(("fee", 3),),
        ),
        LISTS,
    )

    verdict = judge(facts)

    assert verdict == Verdict(
        Outcome.NON_COMPLIANT,
        (
            CODES["FEE-WORKER"].open(),
            CRITICAL,
            CODES["OBLIG-4.2"].open(),
            CODES["SRC-MISMATCH"].open(),
        ),
        "2023",
    )


def test_the_digest_changes_with_facts_and_with_lists():
    plain, other = facts_digest(PLAIN), facts_digest(some_facts(obligation=True))
    digests = {
        verdict_digest(plain, "a"),
        verdict_digest(plain, "b"),
        verdict_digest(other, "a"),
    }

    assert (len(digests), verdict_digest(plain, "a") in digests) == (3, True)


@QUICKLY
@given(records, lists, agencies)
def test_nationality_never_matters(record, around, agency):
    verdicts = {
        judge(facts_of(replace(record, nationality=nationality), around, agency))
        for nationality in ("GHA", "GBR", None, NOT_ASKED, Unresolved("Congo"))
    }

    assert len(verdicts) == 1


@QUICKLY
@given(records, lists, agencies)
def test_a_missing_answer_is_never_clear(record, around, agency):
    """Taking an answer away may change what is found, and never leaves nothing to say."""
    for name in ("residence", "training", "dest", "qualified", "placed", "mode", "fees"):
        verdict = judge(facts_of(replace(record, **{name: None}), around, agency))

        assert verdict.outcome.rank <= Outcome.INCOMPLETE.rank


@QUICKLY
@given(records, lists, agencies)
def test_without_a_mode_nothing_on_the_mode_stands_open(record, around, agency):
    facts = facts_of(replace(record, mode=None), around, agency)

    findings = judge(facts).findings

    asks_the_mode = {"SSL-ACTIVE", "UK-RED", "UK-AMBER", "DE-38"}
    assert [
        found
        for found in findings
        if found.code in asks_the_mode and found.disposition is Disposition.OPEN
    ] == []


@QUICKLY
@given(records, lists, agencies)
def test_a_day_that_is_not_known_is_never_read_as_early(record, around, agency):
    nameless = replace(
        record, recruited_on=None, offered_on=None, contracted_on=None, started_on=None
    )

    codes = {found.code for found in judge(facts_of(nameless, around, agency)).findings}

    assert codes >= {"DATA-MISSING:recruited", "DATA-MISSING:start"}
    assert "NO-EDITION" not in codes


@QUICKLY
@given(records, lists, agencies)
def test_findings_are_distinct_and_each_has_the_basis_of_its_code(record, around, agency):
    findings = judge(facts_of(record, around, agency)).findings

    assert len({found.code for found in findings}) == len(findings)
    assert [found for found in findings if found.basis is not code_of(found.code).basis] == []
    assert [
        found
        for found in findings
        if found.disposition.is_excepted != bool(found.document) and found.document != ""
    ] == []


def test_a_code_refuses_a_severity_that_is_not_its_own():
    with pytest.raises(ValueError, match="SSL-ACTIVE is never minor"):
        SSL_ACTIVE.open(Severity.MINOR)


def test_every_code_has_one_basis_of_the_six():
    by_basis = {basis: {c.name for c in CODES.values() if c.basis is basis} for basis in Basis}

    assert by_basis[Basis.STATUTE] == {
        "DE-38",
        "LIC-INVALID",
        "LIC-LAPSED",
        "AUTH-SOURCE",
        "AUTH-DEST",
    }
    assert by_basis[Basis.NATIONAL_CODE] == {
        "UK-RED",
        "UK-AMBER",
        "UK-ERL",
        "UK-NATION",
        "REPAY-UNFAIR",
        "NO-UNMET",
        "IE-ALIGN",
    }
    assert by_basis[Basis.CONTRACT] == {"FEE-WORKER", "FEE-UNKNOWN"}
    assert by_basis[Basis.SCHEME] == {"CERT-STATUS", "CERT-PIPELINE"}
    assert by_basis[Basis.DATA] == {"SRC-MISMATCH", "CTRY-UNKNOWN", "DATE-ORDER", "DATA-MISSING"}


@pytest.mark.parametrize(
    ("offered", "contracted", "started", "edition"),
    [
        pytest.param(date(2021, 1, 1), date(2022, 1, 1), date(2024, 1, 1), "2006", id="offer"),
        pytest.param(None, date(2022, 1, 1), date(2024, 1, 1), "2020", id="contract"),
        pytest.param(None, None, date(2024, 1, 1), "2023", id="start"),
        pytest.param(None, None, None, None, id="none: no edition is assumed"),
    ],
)
def test_a_missing_recruitment_date_falls_back_and_says_so(offered, contracted, started, edition):
    facts = facts_of(
        replace(
            IN_ORDER,
            recruited_on=None,
            offered_on=offered,
            contracted_on=contracted,
            started_on=started,
        ),
        LISTS,
    )

    missing = ("recruited",) if started else ("recruited", "start")
    assert (facts.edition, facts.missing) == (edition, missing)


def test_the_start_never_governs_while_the_recruitment_is_known():
    record = replace(
        IN_ORDER,
        residence="ZWE",
        training="ZWE",
        source="ZWE",
        mode=Mode.AGENCY,
        recruited_on=date(2023, 3, 7),
        started_on=date(2023, 6, 1),
    )

    assert facts_of(record, LISTS).edition == "2020"
