from collections import Counter
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from agencies import journal
from agencies.enums import AgencyRole, RegulatorRole
from attestations.crosscheck import catching_up
from attestations.crosscheck.engine import load_lists
from attestations.enums import RevisionKind
from attestations.models import (
    Agreement,
    AuthorizationRequirement,
    CountryCommunication,
    Emergency,
    Placement,
    Revision,
    VerdictChange,
)
from attestations.safeguards.reading import FileRefused
from attestations.safeguards.revisions import queries, services
from attestations.safeguards.revisions.effects import lists_with, placements_touched
from attestations.safeguards.revisions.quotas import Places, places_of
from attestations.safeguards.would_be import Judged, OutcomeChange
from tests.factories import agencies as people
from tests.factories import attestations as make
from tests.factories import placements

pytestmark = pytest.mark.usefixtures("reference")

TODAY = date(2026, 11, 22)
SOON = "2027-01-01"
AGREEMENT = {
    "reference": "KEN-IRL",
    "title": "Example agreement, Kenya and Ireland",
    "source_country_id": "KEN",
    "destination_country_id": "IRL",
    "valid_from": "2024-01-01",
    "valid_until": None,
    "occupations": ["2221"],
    "agencies_may_act": True,
    "health_ministry_takes_part": True,
    "quota": None,
    "document": "invented for a test",
}
WILLING = {
    "country_id": "NGA",
    "kind": "willing",
    "valid_from": "2024-01-01",
    "valid_until": None,
    "occupations": ["2221"],
    "document": "invented for a test",
}
EMERGENCY = {
    "country_id": "PHL",
    "title": "Example storm",
    "valid_from": "2024-01-01",
    "valid_until": "2024-12-31",
    "source": "invented for a test",
}
REQUIREMENT = {
    "country_id": "IRL",
    "side": "destination",
    "valid_from": "2024-01-01",
    "valid_until": None,
    "source": "invented for a test",
}


@pytest.fixture
def steward(db):
    return people.staff(people.regulator(), RegulatorRole.DATA_STEWARD)


@pytest.fixture
def another(db):
    return people.staff(people.regulator(country="IND"), RegulatorRole.DATA_STEWARD)


@pytest.fixture
def agency(db):
    return people.agency()


def recorded(by, row, kind=RevisionKind.AGREEMENT):
    return services.record_rows(kind=kind, rows=[row], by=by, at=make.LOADED_AT)


def from_nigeria(agency, reference="N-1", **stated):
    return placements.placement(
        agency, reference=reference, residence="NGA", training="NGA", source="NGA", **stated
    )


def outcome_of(placement):
    return Placement.objects.get(pk=placement.pk).verdict.outcome


def test_what_waits_is_seen_by_no_rule_and_stored_nowhere_else(steward):
    before = load_lists().digest

    revision = recorded(steward, AGREEMENT)

    assert (revision.waits, revision.effective_on) == (True, date(2024, 1, 1))
    assert (Agreement.objects.count(), load_lists().digest) == (0, before)
    assert [entry.verb for entry in journal.history_of(revision)] == ["revision.recorded"]


@pytest.mark.parametrize(
    ("kind", "row", "model"),
    [
        pytest.param(RevisionKind.AGREEMENT, AGREEMENT, Agreement, id="agreement"),
        pytest.param(RevisionKind.COMMUNICATION, WILLING, CountryCommunication, id="willing"),
        pytest.param(
            RevisionKind.COMMUNICATION,
            WILLING | {"kind": "restricting"},
            CountryCommunication,
            id="restricting",
        ),
        pytest.param(RevisionKind.EMERGENCY, EMERGENCY, Emergency, id="emergency"),
        pytest.param(
            RevisionKind.REQUIREMENT, REQUIREMENT, AuthorizationRequirement, id="requirement"
        ),
    ],
)
def test_a_second_person_confirms_and_the_lists_are_those_that_were_foreseen(
    steward, another, kind, row, model
):
    revision = recorded(steward, row, kind)
    foreseen = lists_with(revision, load_lists()).digest

    services.confirm_revision(revision_id=revision.pk, by=another)

    made = model.objects.confirmed().get()
    assert load_lists().digest == foreseen
    assert (made.recorded_by, made.confirmed_by, made.revision) == (steward, another, revision)
    assert {name: getattr(made, name) for name in row if not name.startswith("valid")} == {
        name: value for name, value in row.items() if not name.startswith("valid")
    }


def test_nobody_confirms_alone_and_nobody_but_a_steward(steward):
    revision = recorded(steward, AGREEMENT)
    nobody = [
        steward,
        people.staff(people.regulator(), RegulatorRole.ADMIN),
        people.agency_person(people.agency(), AgencyRole.ADMIN),
        people.user(is_operator=True),
    ]

    for person in nobody:
        with pytest.raises(PermissionDenied):
            services.confirm_revision(revision_id=revision.pk, by=person)
    with pytest.raises(PermissionDenied):
        recorded(nobody[1], AGREEMENT)
    with pytest.raises(PermissionDenied):
        services.discard_revision(revision_id=revision.pk, by=nobody[1])
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    "row_of",
    [
        pytest.param(lambda by: Revision.objects.get(), id="revision"),
        pytest.param(lambda by: make.agreement(), id="agreement"),
        pytest.param(lambda by: make.communication(), id="communication"),
        pytest.param(lambda by: make.emergency(), id="emergency"),
        pytest.param(lambda by: make.authorization_requirement(), id="requirement"),
    ],
)
def test_the_database_refuses_one_person_twice(steward, row_of):
    recorded(steward, AGREEMENT)
    row = row_of(steward)

    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(
            recorded_by=steward, confirmed_by=steward, confirmed_at=make.LOADED_AT
        )


def test_confirming_judges_whom_it_touches_and_no_others(
    steward, another, agency, django_capture_on_commit_callbacks
):
    willing = from_nigeria(agency)
    elsewhere = placements.placement(agency, reference="P-1")
    before = outcome_of(willing)
    revision = recorded(steward, WILLING, RevisionKind.COMMUNICATION)
    impact = queries.impact_of(revision)

    with django_capture_on_commit_callbacks(execute=True):
        services.confirm_revision(revision_id=revision.pk, by=another)

    after = outcome_of(willing)
    assert (before, before != after) == ("NON_COMPLIANT", True)
    assert impact.judged == Judged(other_findings=1, outcomes=(OutcomeChange(before, after, 1),))
    assert (impact.placements, impact.agencies) == (1, 1)
    assert list(VerdictChange.objects.values_list("placement", "reason")) == [
        (willing.pk, f"revision {revision.public_id}")
    ]
    assert elsewhere.pk not in placements_touched(revision).values_list("pk", flat=True)
    assert Revision.objects.get().judged_at is not None


def test_a_lost_task_is_sent_again_and_the_sweep_of_the_journal_judges_nothing_more(
    steward, another, agency, monkeypatch
):
    willing = from_nigeria(agency)
    catching_up.catch_up()
    revision = recorded(steward, WILLING, RevisionKind.COMMUNICATION)
    services.confirm_revision(revision_id=revision.pk, by=another)
    assert Revision.objects.unjudged().count() == 1

    services.send_waiting_revisions()

    assert Revision.objects.unjudged().count() == 0
    assert outcome_of(willing) != "NON_COMPLIANT"
    assert services.judge_revision(revision_id=revision.pk) == 0
    # the sweep looks at verbs of other beginnings: it has nothing to judge
    monkeypatch.setattr(catching_up, "rejudge_all", lambda **said: pytest.fail("judged again"))
    assert catching_up.catch_up() == 0


def test_what_waits_is_discarded_and_confirmed_no_more(steward, another):
    revision = recorded(steward, AGREEMENT)

    services.discard_revision(revision_id=revision.pk, by=steward)

    with pytest.raises(ValidationError, match="confirmed or discarded"):
        services.confirm_revision(revision_id=revision.pk, by=another)
    with pytest.raises(ValidationError, match="discarded or rolled back already"):
        services.discard_revision(revision_id=revision.pk, by=steward)
    assert Revision.objects.unjudged().count() == 0


def test_a_name_is_taken_once_even_if_two_were_waiting(steward, another):
    first, second = recorded(steward, AGREEMENT), recorded(steward, AGREEMENT)
    services.confirm_revision(revision_id=first.pk, by=another)

    with pytest.raises(ValidationError, match="already exists"):
        services.confirm_revision(revision_id=second.pk, by=another)
    with pytest.raises(ValidationError, match="already exists"):
        recorded(steward, AGREEMENT)

    second.refresh_from_db()
    assert second.waits


def test_the_places_of_an_agreement_are_counted_as_they_are_given_out(agency):
    row = make.agreement("Q-1", source="PHL", destination="IRL", quota=2)
    for number in range(3):
        placements.placement(agency, reference=f"A-{number}", agreement_cited="Q-1")
    placements.placement(agency, reference="B", agreement_cited="Q-1", placed="2211")
    placements.placement(
        agency,
        reference="C",
        agreement_cited="Q-1",
        withdrawn_at=make.LOADED_AT,
        withdrawn_by=people.user(),
        withdrawn_reason="invented",
    )

    places = places_of(row)

    assert places == Places(quota=2, covered=3)
    assert (places.used, places.left, places.beyond) == (2, 0, 1)


@pytest.mark.parametrize("quota", [0, 1])
def test_the_preview_gives_out_the_places_as_judging_does(
    steward, another, agency, django_capture_on_commit_callbacks, quota
):
    made = [from_nigeria(agency, f"N-{number}", agreement_cited="NGA-IRL") for number in range(3)]
    row = AGREEMENT | {"reference": "NGA-IRL", "source_country_id": "NGA", "quota": quota}
    revision = recorded(steward, row)
    before = [outcome_of(each) for each in made]
    impact = queries.impact_of(revision)

    with django_capture_on_commit_callbacks(execute=True):
        services.confirm_revision(revision_id=revision.pk, by=another)

    after = [outcome_of(each) for each in made]
    changed = Counter((b, a) for b, a in zip(before, after, strict=True) if b != a)
    assert {(one.before, one.after): one.placements for one in impact.judged.outcomes} == changed
    assert [outcome != after[2] for outcome in after] == [quota == 1, False, False]


def test_a_file_is_recorded_whole_and_refused_whole(steward):
    header = "country,title,valid_from,valid_until,source\n"
    good = (
        header
        + "Philippines,Example storm,2027-01-01,,invented\n"
        + "KEN,Example flood,2027-02-01,2027-03-01,invented\n"
    )

    revision = services.record_file(
        kind=RevisionKind.EMERGENCY, content=good.encode(), name="e.csv", by=steward
    )
    with pytest.raises(FileRefused) as refused:
        services.record_file(
            kind=RevisionKind.EMERGENCY,
            content=(good + "Atlantis,,2027-02-30,,x\n").encode(),
            name="e.csv",
            by=steward,
        )

    assert [row["country_id"] for row in revision.content["rows"]] == ["PHL", "KEN"]
    assert [problem.partition(":")[0] for problem in refused.value.problems] == [
        "Row 4, country",
        "Row 4, title",
        "Row 4, valid_from",
    ]
    assert Revision.objects.count() == 1


def test_a_yaml_file_says_the_same_as_a_csv_file(steward):
    text = """
- reference: KEN-IRL
  title: Example agreement, Kenya and Ireland
  source: Kenya
  destination: IRL
  valid_from: 2024-01-01
  occupations: [Nursing professionals]
  agencies_may_act: yes
  health_ministry_takes_part: yes
  document: invented for a test
"""

    revision = services.record_file(
        kind=RevisionKind.AGREEMENT, content=text.encode(), name="a.yaml", by=steward
    )

    assert revision.content["rows"] == [AGREEMENT]
