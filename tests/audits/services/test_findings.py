from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.lib.transitions import IllegalTransition
from agencies.models import Delivery
from audits import services
from audits.enums import FindingGrade
from audits.models import Audit, Finding
from audits.services import Evidence
from tests.factories import agencies as make_agencies
from tests.factories import audits as make
from tests.factories.attestations import evidence_file
from tests.factories.placements import placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make.case()


@pytest.fixture
def audit(people):
    return make.opened(people)


def test_a_finding_pins_the_edition_in_force_on_the_day_that_governed(audit, people):
    cited = placement(people.agency, residence="ZWE", source="ZWE", recruited_on=date(2023, 3, 8))

    finding = make.finding(
        audit, people, evidence=[Evidence(placement=cited, rule_code="SSL-ACTIVE")]
    )

    evidence = finding.evidence.get()
    assert (evidence.placement_version, evidence.judged_on, evidence.list_edition_id) == (
        1,
        date(2023, 3, 8),
        "2023",
    )


@pytest.mark.parametrize(
    ("days", "judged_on", "edition"),
    [
        pytest.param({"recruited_on": date(2023, 3, 7)}, date(2023, 3, 7), "2020", id="day before"),
        pytest.param(
            {"recruited_on": None, "offered_on": date(2024, 1, 2)},
            date(2024, 1, 2),
            "2023",
            id="the offer, where no recruitment is known",
        ),
        pytest.param({"recruited_on": None, "started_on": None}, None, None, id="no day is known"),
        pytest.param(
            {"recruited_on": date(2009, 5, 1)}, date(2009, 5, 1), None, id="before any edition"
        ),
    ],
)
def test_the_day_that_governs(audit, people, days, judged_on, edition):
    cited = placement(people.agency, **days)

    finding = make.finding(audit, people, evidence=[Evidence(placement=cited)])

    evidence = finding.evidence.get()
    assert (evidence.judged_on, evidence.list_edition_id) == (judged_on, edition)


def test_a_rule_that_did_not_fire_is_not_cited(audit, people):
    cited = placement(people.agency, reference="P-7")

    with pytest.raises(ValidationError, match="no finding SSL-ACTIVE on placement P-7"):
        make.finding(audit, people, evidence=[Evidence(placement=cited, rule_code="SSL-ACTIVE")])


def test_a_finding_may_rest_on_a_file(audit, people):
    file = evidence_file(people.agency)

    finding = make.finding(audit, people, evidence=[Evidence(file=file)])

    assert finding.evidence.get().file == file


def foreign_file():
    return Evidence(file=evidence_file(make_agencies.agency()))


def foreign_placement():
    return Evidence(placement=placement(make_agencies.agency()))


@pytest.mark.parametrize("foreign", [foreign_file, foreign_placement])
def test_evidence_comes_from_the_agency_that_is_audited(audit, people, foreign):
    with pytest.raises(ValidationError, match="from the agency that is audited"):
        make.finding(audit, people, evidence=[foreign()])


@pytest.mark.parametrize(
    ("stated", "refusal"),
    [
        ({"evidence": []}, "Name what the finding rests on"),
        ({"evidence": [Evidence(description=" ")]}, "Name what the finding rests on"),
        ({"evidence": [Evidence(description="x", rule_code="SSL-ACTIVE")]}, "cited together"),
        ({"statement": "  "}, "Say what was found"),
        ({"ref": "REQ-99"}, "no requirement of the edition"),
        ({"grade": "awful"}, "Grade the finding"),
    ],
)
def test_a_finding_is_whole(audit, people, stated, refusal):
    with pytest.raises(ValidationError, match=refusal):
        make.finding(audit, people, **stated)

    assert not Finding.objects.exists()


def test_findings_are_counted_and_told(audit, people):
    make.finding(audit, people)
    second = make.finding(audit, people, grade=FindingGrade.OBSERVATION, ref="REQ-01")

    assert (second.position, second.grade) == (2, FindingGrade.OBSERVATION)
    told = Delivery.objects.filter(template="email/finding_raised").values_list(
        "context__position", "context__grade", "context__path"
    )
    assert list(told) == [
        (1, "major", f"/audits/{audit.number}/findings/1/"),
        (2, "observation", f"/audits/{audit.number}/findings/2/"),
    ]


def test_nobody_but_the_team_raises(audit, people):
    with pytest.raises(PermissionDenied):
        make.finding(audit, people, by=people.officer)


def test_nothing_is_raised_once_reported(people):
    audit = make.reported(people)

    with pytest.raises(IllegalTransition):
        make.finding(audit, people)


def test_a_finding_takes_the_conclusion_back(audit, people):
    make.concluded(audit, people)

    make.finding(audit, people)

    assert Audit.objects.get().concluded_at is None


def test_a_finding_is_withdrawn_with_its_reason(audit, people):
    finding = make.finding(audit, people)

    services.withdraw_finding(
        finding_id=finding.pk, reason="It was another agency's.", by=people.leader
    )

    finding.refresh_from_db()
    assert finding.withdrawn_reason == "It was another agency's."
    assert list(audit.findings.standing()) == []


def test_a_reported_finding_is_withdrawn_only_beside_an_addendum(people):
    audit = make.reported(people, FindingGrade.MAJOR)
    finding = audit.findings.get()
    withdraw = {"finding_id": finding.pk, "reason": "An error.", "by": people.leader}
    with pytest.raises(ValidationError, match="Issue an addendum"):
        services.withdraw_finding(**withdraw)
    addendum = services.propose_addendum(
        audit_id=audit.pk, text="Finding 1 falls away.", reason="An error.", by=people.leader
    )
    services.issue_addendum(addendum_id=addendum.pk, by=people.officer)

    services.withdraw_finding(**withdraw)

    assert list(audit.findings.standing()) == []


def test_the_agency_replies_until_the_report(audit, people):
    finding = make.finding(audit, people)
    services.reply_to_finding(finding_id=finding.pk, reply="No.", by=people.member)
    services.reply_to_finding(finding_id=finding.pk, reply="Yes, we agree.", by=people.member)
    make.reported(people, audit=audit)

    with pytest.raises(IllegalTransition):
        services.reply_to_finding(finding_id=finding.pk, reply="No!", by=people.member)

    finding.refresh_from_db()
    assert (finding.agency_reply, finding.replied_by) == ("Yes, we agree.", people.member)


def test_nobody_else_replies(audit, people):
    finding = make.finding(audit, people)

    with pytest.raises(PermissionDenied):
        services.reply_to_finding(finding_id=finding.pk, reply="Yes.", by=people.leader)
