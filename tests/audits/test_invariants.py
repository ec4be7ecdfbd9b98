"""Each invariant holds over a whole case, and names the violation that is planted by raw SQL."""

from datetime import timedelta

import pytest
from django.db import connection

from agencies.lib import stored_files
from audits import invariants
from audits.enums import DecisionOutcome, FindingGrade, TeamRole
from audits.models import Audit, SampleDraw
from audits.populations import population_root
from audits.services import Evidence
from tests.factories import agencies as make_agencies
from tests.factories import audits as make
from tests.factories.attestations import LOADED_AT
from tests.factories.keys import set_triggers_aside
from tests.factories.placements import placement

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CHECKS = (
    invariants.decisions_of_team_members,
    invariants.decisions_by_their_proposers,
    invariants.appeals_heard_by_participants,
    invariants.grants_over_open_findings,
    invariants.findings_under_another_edition,
    invariants.findings_on_another_day,
    invariants.findings_after_the_report,
    invariants.findings_with_other_words,
    invariants.decisions_with_other_words,
    invariants.samples_that_cannot_be_drawn_again,
    invariants.delegations_without_a_place_in_the_team,
)


AFTER_THE_EDITIONS_WERE_LOADED = LOADED_AT + timedelta(days=1)


@pytest.fixture
def people():
    return make.case()


def run(sql, *values):
    """Past every rule of ours: as somebody with a database client would."""
    for table in ("decision", "appeal"):
        set_triggers_aside(f"audits_{table}")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute(sql, values)
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def violations(check):
    return list(check())


def the_violation(check):
    (named,) = check()
    return named


def test_a_whole_case_violates_nothing(people):
    outsider = make_agencies.user()
    audit = make.opened(people, team=[(outsider, TeamRole.AUDITOR)])
    make.sampled(audit, people, placements=12)
    cited = placement(people.agency, residence="ZWE", source="ZWE")
    make.finding(audit, people, evidence=[Evidence(placement=cited, rule_code="SSL-ACTIVE")])
    make.reported(people, audit=audit)
    make.corrected(audit.findings.get(), people)
    decision = make.decided(people, Audit.objects.get())
    make.heard(people, make.appealed(people, decision))

    assert {check.__name__: violations(check) for check in CHECKS} == {
        check.__name__: [] for check in CHECKS
    }


def test_a_decision_by_a_team_member_is_named(people):
    decision = make.decided(people, outcome=DecisionOutcome.REFUSED)
    run("UPDATE audits_decision SET decided_by_id = %s", people.leader.pk)

    assert the_violation(invariants.decisions_of_team_members) == (
        f"Audit {decision.audit.number}: its decision was taken by user {people.leader.pk}, "
        "who was on the team."
    )


def test_a_decision_by_who_approved_the_report_is_named(people):
    decision = make.decided(people, outcome=DecisionOutcome.REFUSED, by=people.leader)
    run("UPDATE audits_decision SET decided_by_id = %s", people.officer.pk)

    assert the_violation(invariants.decisions_of_who_reported) == (
        f"Audit {decision.audit.number}: its decision was taken by user {people.officer.pk}, "
        "who wrote or approved its report."
    )


def test_a_decision_on_ones_own_proposal_is_named(people):
    decision = make.decided(people, outcome=DecisionOutcome.REFUSED)
    without_check("audits_decision", "audits_decision_two_people")
    run("UPDATE audits_decision SET decided_by_id = proposed_by_id")

    assert the_violation(invariants.decisions_by_their_proposers) == (
        f"Audit {decision.audit.number}: user {people.officer.pk} proposed the decision "
        "and took it."
    )


def without_check(table, name):
    """PostgreSQL keeps checks whatever one asks; the test's own database may lose one for now."""
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


@pytest.mark.parametrize("who", ["leader", "officer", "decider"])
def test_an_appeal_heard_by_a_participant_is_named(people, who):
    decision = make.decided(people, outcome=DecisionOutcome.REFUSED)
    make.heard(people, make.appealed(people, decision), outcome="decision_upheld")
    person = getattr(people, who)
    run("UPDATE audits_appeal SET heard_by_id = %s", person.pk)

    assert the_violation(invariants.appeals_heard_by_participants) == (
        f"Audit {decision.audit.number}: its appeal was heard by user {person.pk}, "
        "who took part in the audit or the decision."
    )


def test_a_grant_over_an_open_finding_is_named(people):
    audit = make.reported(people, FindingGrade.MAJOR)
    make.corrected(audit.findings.get(), people)
    make.decided(people, audit)
    run("UPDATE audits_correctiveaction SET reviewed_at = '2026-06-30 09:00:00+00:00'")

    assert the_violation(invariants.grants_over_open_findings) == (
        f"Finding 1 of Audit {audit.number} (major) was not resolved when the certificate "
        "was granted."
    )


def cited_finding(people, *, at=AFTER_THE_EDITIONS_WERE_LOADED):
    audit = make.opened(people)
    cited = placement(people.agency, residence="ZWE", source="ZWE", reference="P-1")
    evidence = [Evidence(placement=cited, rule_code="SSL-ACTIVE")]
    make.finding(audit, people, evidence=evidence, at=at)
    return audit


@pytest.mark.parametrize("edition", ["2020", None])
def test_a_finding_under_another_edition_is_named(people, edition):
    audit = cited_finding(people)
    run("UPDATE audits_findingevidence SET list_edition_id = %s", edition)

    assert the_violation(invariants.findings_under_another_edition) == (
        f"Finding 1 of Audit {audit.number}: cites the edition {edition} for placement P-1, "
        "judged as of 2024-05-10; in force was 2023."
    )


def test_an_edition_that_came_late_leaves_what_was_cited_before_it(people):
    cited_finding(people, at=LOADED_AT - timedelta(days=1))
    run("UPDATE audits_findingevidence SET list_edition_id = NULL")

    assert violations(invariants.findings_under_another_edition) == []


def test_a_finding_as_of_another_day_is_named(people):
    audit = cited_finding(people)
    run("UPDATE audits_findingevidence SET judged_on = '2024-05-11'")

    assert the_violation(invariants.findings_on_another_day) == (
        f"Finding 1 of Audit {audit.number}: cites placement P-1 as of 2024-05-11, "
        "and 2024-05-10 governs."
    )


def test_a_placement_that_is_corrected_later_is_no_violation(people):
    cited_finding(people)
    run("UPDATE attestations_placement SET version = 2, recruited_on = '2024-06-01'")

    assert violations(invariants.findings_on_another_day) == []


def test_a_finding_after_the_report_is_named(people):
    audit = make.reported(people, FindingGrade.MINOR)
    run("UPDATE audits_finding SET raised_at = '2026-04-02 09:00:00+00:00'")

    assert the_violation(invariants.findings_after_the_report) == (
        f"Finding 1 of Audit {audit.number} was raised after the report."
    )


@pytest.mark.parametrize("change", ["statement = 'Nothing was found.'", "grade = 'observation'"])
def test_a_finding_with_other_words_is_named(people, change):
    audit = make.reported(people, FindingGrade.MINOR)
    run(f"UPDATE audits_finding SET {change}")

    assert the_violation(invariants.findings_with_other_words) == (
        f"Finding 1 of Audit {audit.number}: it no longer says what the journal sealed."
    )


@pytest.mark.parametrize(
    "change",
    [
        "reasons = 'Other reasons.'",
        "outcome = 'granted', valid_from = '2026-05-11', valid_until = '2028-05-10'",
        "appeal_until = '2026-12-31'",
    ],
)
def test_a_decision_with_other_words_is_named(people, change):
    decision = make.decided(people, outcome=DecisionOutcome.REFUSED)
    run(f"UPDATE audits_decision SET {change}")

    decision.refresh_from_db()
    assert the_violation(invariants.decisions_with_other_words) == (
        f"{decision}: it no longer says what the journal sealed."
    )


def test_a_decision_that_the_journal_knows_nothing_of_is_named(people):
    decision = make.proposed(people, outcome=DecisionOutcome.REFUSED)
    run(
        "UPDATE audits_decision SET state = 'decided', decided_at = proposed_at, "
        "decided_by_id = %s",
        people.decider.pk,
    )

    assert the_violation(invariants.decisions_with_other_words) == (
        f"{decision}: the journal does not say how it came about."
    )


def sampled_audit(people):
    audit = make.opened(people)
    make.sampled(audit, people, placements=12)
    return audit


def test_a_sample_by_another_seed_is_named(people):
    audit = sampled_audit(people)
    run("UPDATE audits_sampledraw SET seed = 'a better seed'")

    assert the_violation(invariants.samples_that_cannot_be_drawn_again) == (
        f"Audit {audit.number}: another sample is drawn from its population and seed."
    )


def test_an_exchanged_placement_is_named(people):
    audit = sampled_audit(people)
    left_out = people.agency.placements.exclude(
        pk__in=audit.sample.placements.values("placement")
    ).first()
    run("UPDATE audits_sampledplacement SET placement_id = %s WHERE position = 1", left_out.pk)

    assert the_violation(invariants.samples_that_cannot_be_drawn_again) == (
        f"Audit {audit.number}: another sample is drawn from its population and seed."
    )


def test_a_population_of_another_size_is_named(people):
    audit = sampled_audit(people)
    run("UPDATE audits_sampledraw SET population_size = 99")

    assert the_violation(invariants.samples_that_cannot_be_drawn_again) == (
        f"Audit {audit.number}: its sample names a population of 99, and 12 are on file."
    )


def test_an_altered_population_is_named(people):
    audit = sampled_audit(people)
    digest = SampleDraw.objects.get().population_digest
    stored_files.path_of(population_root(), digest).write_bytes(b"[]")

    assert the_violation(invariants.samples_that_cannot_be_drawn_again) == (
        f"Audit {audit.number}: its sample cannot be drawn again. "
        f"The file {digest} is altered in the store."
    )


def test_a_delegation_that_outlived_the_team_is_named(people):
    outsider = make_agencies.user()
    audit = make.opened(people, team=[(outsider, TeamRole.AUDITOR)])
    run("UPDATE audits_teammember SET left_at = joined_at WHERE user_id = %s", outsider.pk)

    assert the_violation(invariants.delegations_without_a_place_in_the_team) == (
        f"Audit {audit.number}: user {outsider.pk} is named on it and not on its team."
    )


def test_a_delegation_that_outlived_the_audit_is_named(people):
    outsider = make_agencies.user()
    audit = make.opened(people, team=[(outsider, TeamRole.AUDITOR)])
    run(
        "UPDATE audits_audit SET state = 'cancelled', closed_at = opened_at, "
        "closed_by_id = opened_by_id"
    )

    assert the_violation(invariants.delegations_without_a_place_in_the_team) == (
        f"Audit {audit.number}: user {outsider.pk} is named on it and not on its team."
    )
