"""The words: every finding of every case explained, calmly, with what would change it."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from attestations.crosscheck import changes, sentences, wording
from attestations.crosscheck.codes import CODES, MISSING_FIELDS
from attestations.crosscheck.enums import Basis, Disposition, Mode, Outcome
from attestations.crosscheck.explain import explain
from attestations.crosscheck.facts import facts_of
from attestations.crosscheck.lists import NOTHING_ASKED_OF_THE_AGENCY, AgreementTerms
from attestations.crosscheck.verdict import judge
from tests.attestations.crosscheck.examples import IN_ORDER, LISTS, parsed, table
from tests.attestations.crosscheck.strategies import agencies, lists, records

# what no word of ours may say of anything; a statute may "reserve"
HARSH = re.compile(r"illegal|\bban(s|ned|ning)?\b|unlawful|violat|breach of (the )?law", re.I)
NAMES = {"GHA": "Ghana", "IRL": "Ireland", "NPL": "Nepal", "PHL": "Philippines"}


def name(code):
    return NAMES.get(code, code)


def explained(record, around=LISTS, agency=NOTHING_ASKED_OF_THE_AGENCY, quota_exceeded=False):
    facts = facts_of(record, around, agency, quota_exceeded)
    return {
        finding.code: explain(finding, record, facts, around, agency, name)
        for finding in judge(facts).findings
    }


def test_active_recruitment_in_words():
    record = replace(IN_ORDER, residence="GHA", training="GHA", source="GHA", dest="IRL", months=24)

    words = explained(record)["SSL-ACTIVE"]

    assert words.as_data() == {
        "code": "SSL-ACTIVE",
        "title": "Active recruitment from a country on the Safeguards List",
        "severity": "critical",
        "disposition": "open",
        "disposition_words": "open",
        "sentence": "Ghana was on the Safeguards List, edition 2023, in force on 1 May 2024; "
        "the recruitment: the agency approached the worker.",
        "basis": "code",
        "basis_words": "the WHO Global Code of Practice, which is voluntary, and the Safeguards "
        "List, which asks for care and closes no door",
        "citation": "WHO Global Code of Practice, Article 5.1; Safeguards List edition in force",
        "requirements": ["REQ-11", "REQ-12"],
        "edition": "2023",
        "document": None,
        "facts_used": [
            {"fact": "residence", "value": "Ghana"},
            {"fact": "day", "value": "1 May 2024 (the recruitment date)"},
            {"fact": "edition", "value": "2023, in force since 8 March 2023"},
            {"fact": "mode", "value": "the agency approached the worker"},
            {"fact": "scope", "value": "a health occupation"},
            {"fact": "agreement", "value": "none cited"},
        ],
        "would_change": [
            (
                "An agreement between Ghana and Ireland that covers the day, the post and the "
                "agency's role, cited on the placement, would except it."
            ),
            (
                "A communication by Ghana of its willingness, for this post and day, would except "
                "it; the country stays on the List."
            ),
            (
                "If the worker applied alone to an advertised post, the record should say so, with "
                "the proof."
            ),
        ],
    }


def test_an_agreement_that_would_cover_is_named():
    terms = AgreementTerms(reference="MoU 7", source="GHA", dest="IRL")
    record = replace(IN_ORDER, residence="GHA", training="GHA", source="GHA", dest="IRL")

    uncited = explained(record, replace(LISTS, agreements=(terms,)))["SSL-ACTIVE"]
    cited = explained(
        replace(record, agreement_cited="MoU 7"), replace(LISTS, agreements=(terms,))
    )["SSL-ACTIVE"]

    assert uncited.would_change[0] == (
        "The agreement MoU 7 is on file and would cover this placement; it is not cited, and only "
        "a cited agreement excepts."
    )
    assert (cited.disposition, cited.document) == ("excepted:agreement", "MoU 7")
    assert cited.sentence.endswith("The agreement MoU 7 excepts it; the finding stays on show.")


@pytest.mark.parametrize(
    ("changes", "code", "reason"),
    [
        pytest.param(
            {"residence": "GHA", "mode": None},
            "SSL-ACTIVE",
            "It cannot be determined here: it is not known how recruiter and worker came together.",
            id="mode unknown",
        ),
        pytest.param(
            {"residence": "GHA", "recruited_on": None, "started_on": None},
            "SSL-ACTIVE",
            "It cannot be determined here: no date of the placement is known.",
            id="no date",
        ),
        pytest.param(
            {"residence": "NPL", "dest": "DEU", "mode": Mode.FACILITATED},
            "DE-38",
            "It cannot be determined here: whether the statute reaches help after an own "
            "application is a question of law.",
            id="help after an own application to Germany",
        ),
        pytest.param(
            {"training": "GHA", "months": None},
            "SSL-TRANSIT",
            "It cannot be determined here: the months of residence are not answered.",
            id="months missing",
        ),
    ],
)
def test_what_is_left_open_says_why(changes, code, reason):
    words = explained(replace(IN_ORDER, **changes))[code]

    assert words.sentence.endswith(reason)


ALL_ROWS = [*table("cases.csv"), *table("more_cases.csv")]


def test_every_finding_of_every_case_is_explained_as_data():
    for row in ALL_ROWS:
        case = parsed(row)
        for words in explained(case.record, case.over(LISTS), case.agency).values():
            data = words.as_data()

            assert json.loads(json.dumps(data)) == data
            assert data["sentence"]
            assert data["citation"]
            assert data["basis_words"]
            assert data["would_change"], (row["id"], words.code)


def test_no_word_of_ours_is_harsher_than_its_basis():
    for row in ALL_ROWS:
        case = parsed(row)
        for words in explained(case.record, case.over(LISTS), case.agency).values():
            said = json.dumps(words.as_data())

            assert HARSH.search(said) is None, (row["id"], said)


@settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(records, lists, agencies)
def test_whatever_is_found_can_be_said(record, around, agency):
    for words in explained(record, around, agency, quota_exceeded=True).values():
        assert HARSH.search(json.dumps(words.as_data())) is None


def test_labels_promise_nothing_and_accuse_nobody():
    labels = [
        text for kind in (Outcome, Disposition, Mode) for text in (member.label for member in kind)
    ]
    labels += [basis.words for basis in Basis]
    labels += [code.title for code in CODES.values()]

    assert Outcome.NON_COMPLIANT.label == "not in line with the safeguards"
    assert [text for text in labels if HARSH.search(text)] == []
    assert [text for text in labels if re.search(r"complian|\bclear\b", text, re.I)] == []


def test_every_code_has_a_sentence_facts_and_a_change():
    names = set(CODES) - {"DATA-MISSING"}
    many = {"SIDS-CONC"}

    assert set(sentences._SENTENCES) == names
    assert set(wording.FACTS_BY_CODE) == names - many
    assert names - set(changes._CHANGES) == changes.EXCEPTED_BY_AGREEMENT
    assert set(sentences.MISSING_IN_WORDS) == set(MISSING_FIELDS)


def test_every_requirement_named_is_one_of_the_thirty_eight():
    known = {f"REQ-{number:02d}" for number in range(1, 39)}

    assert {one for code in CODES.values() for one in code.requirements} <= known


def test_a_finding_over_many_placements_can_be_said():
    facts = facts_of(IN_ORDER, LISTS)

    words = explain(
        CODES["SIDS-CONC"].open(), IN_ORDER, facts, LISTS, NOTHING_ASKED_OF_THE_AGENCY, name
    )

    assert words.sentence == (
        "Many workers of one occupation were placed from Philippines, a small island state, "
        "within twelve months."
    )
