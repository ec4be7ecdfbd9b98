"""The queue and the page of a matter, as the people at the desk use them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.enums import RegulatorRole
from agencies.invariants import run_all
from agencies.models import JournalEntry
from audits.cases import services
from audits.cases.enums import CaseKind, Stage, WaitsOn
from audits.cases.models import NO_DAY, Case, CaseVisit, SavedView
from audits.cases.rebuilding import differences
from audits.cases.risk import Level, Standing, risk_of
from audits.cases.wording import clock_in_words, due_in_words
from audits.enums import FindingGrade
from tests.factories import agencies as make_agencies
from tests.factories import audits as make
from tests.naughty import naughty_texts

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 10)
QUEUE = "/regulator/queue/"


@pytest.fixture
def people():
    return make.case(make_agencies.agency("Harbour Example Recruitment"))


@pytest.fixture
def matter(people):
    return Case.objects.get(audit=make.planned(people))


def assign(matter, person, by, *, held_by="as it is"):
    matter.refresh_from_db()
    services.assign_case(
        case_id=matter.pk,
        to_id=person.pk if person else None,
        held_by_id=matter.assignee_id if held_by == "as it is" else held_by,
        by=by,
    )
    matter.refresh_from_db()


def many(people, count, **stated):
    """Open matters by the thousand, of one desk; in no journal, so only for looking at."""
    now = timezone.now()
    day = timezone.localdate()
    return Case.objects.bulk_create(
        Case(
            kind=CaseKind.CORRECTION,
            subject=f"audits.correctiveaction:{9_000_000 + number}",
            regulator=people.regulator,
            reference=f"AG0000001-{number:08X}",
            stage=Stage.HANDED_IN,
            opened_at=now,
            moved_at=now,
            position=1,
            **{
                "agency": people.agency if number % 2 else None,
                "waits_on": WaitsOn.AGENCY if number % 5 == 0 else WaitsOn.REGULATOR,
                "due_on": day + timedelta(days=number % 60 - 5),
                "rank_on": day + timedelta(days=number % 60 - 5),
                "assignee": people.officer if number % 3 == 0 else None,
            }
            | stated,
        )
        for number in range(count)
    )


# --- whose it is ----------------------------------------------------------------------------------


def test_a_matter_goes_from_hand_to_hand_and_the_journal_says_so(people, matter):
    assign(matter, people.officer, people.decider)
    assert matter.assignee == people.officer
    entry = JournalEntry.objects.filter(verb="case.assigned").latest("position")
    assert (entry.data["matter"], entry.data["to"]) == (matter.subject, people.officer.pk)

    assign(matter, None, people.officer)
    assert matter.assignee is None
    assert list(differences()) == []
    assert [(name, wrong) for name, wrong in run_all() if wrong] == []


def test_whoever_was_quicker_is_not_overruled_unseen(people, matter):
    assign(matter, None, people.officer)
    assign(matter, people.officer, people.officer)

    with pytest.raises(ValidationError, match=str(people.officer)):
        assign(matter, people.decider, people.decider, held_by=None)
    assert matter.assignee == people.officer


def test_control_without_the_check_the_second_takes_it_away(people, matter):
    assign(matter, None, people.officer)
    assign(matter, people.officer, people.officer)

    assign(matter, people.decider, people.decider)
    assert matter.assignee == people.decider


def test_a_matter_goes_to_nobody_who_cannot_see_it(people, matter):
    stranger = make_agencies.staff(make_agencies.regulator("Another"))
    with pytest.raises(ValidationError, match="cannot see"):
        assign(matter, stranger, people.officer)


def test_a_matter_goes_to_nobody_who_was_of_the_agency(people, matter):
    colleague = make_agencies.staff(people.regulator)
    make_agencies.agency_membership(
        colleague, people.agency, ended_at=timezone.now(), ended_by=colleague
    )
    with pytest.raises(ValidationError, match="had a part"):
        assign(matter, colleague, people.officer)


def test_strangers_hand_nothing_on(people, matter):
    steward = make_agencies.staff(people.regulator, RegulatorRole.DATA_STEWARD)
    with pytest.raises(PermissionDenied):
        assign(matter, None, steward)


def test_what_is_closed_is_handed_to_nobody(people, matter):
    Case.objects.filter(pk=matter.pk).update(closed_at=timezone.now(), ending="cancelled")
    with pytest.raises(ValidationError, match="closed"):
        assign(matter, people.decider, people.officer)


# --- the queue ------------------------------------------------------------------------------------


def page(client, person, **query):
    client.force_login(person)
    return client.get(QUEUE, query)


def shown(response):
    return [line["case"].pk for line in response.context["lines"]]


def test_each_tab_shows_its_part_with_what_is_due_first_on_top(client, people):
    day = timezone.localdate()
    late, soon, free, elsewhere = many(people, 4, assignee=None)
    rows = [
        (late, {"due_on": day - timedelta(days=2), "assignee": people.officer}),
        (soon, {"due_on": day + timedelta(days=3), "assignee": people.decider}),
        (free, {"due_on": None, "assignee": None}),
        (
            elsewhere,
            {"due_on": day + timedelta(days=30), "assignee": None, "waits_on": WaitsOn.AGENCY},
        ),
    ]
    for case, stated in rows:
        stated = {"waits_on": WaitsOn.REGULATOR} | stated
        Case.objects.filter(pk=case.pk).update(rank_on=stated["due_on"] or NO_DAY, **stated)

    def of(tab):
        return shown(page(client, people.officer, tab=tab))

    assert of("mine") == [late.pk]
    assert of("team") == [late.pk, soon.pk, elsewhere.pk, free.pk]
    assert of("unassigned") == [elsewhere.pk, free.pk]
    assert of("running-out") == [late.pk, soon.pk]
    assert of("elsewhere") == [elsewhere.pk]
    assert of("closed") == []


def test_filters_stand_in_the_address_and_in_the_saved_view(client, people):
    many(people, 20)
    query = {"tab": "team", "q": "harbour", "due": "over"}

    response = page(client, people.officer, **query)
    assert shown(response)
    assert all(line["case"].agency == people.agency for line in response.context["lines"])

    kept = response.context["view_form"].initial["query"]
    client.post(reverse("cases:save_view"), {"name": "Late at Harbour", "query": kept})
    view = SavedView.objects.get()
    assert shown(client.get(f"{QUEUE}?{view.query}")) == shown(response)
    client.post(reverse("cases:remove_view", args=(view.public_id,)))
    assert not SavedView.objects.exists()


def test_a_number_or_a_reference_finds_its_matters(client, people):
    first, *_rest = many(people, 4, agency=people.agency)
    number = people.agency.register_number
    for text in (number, f"{number[:2].lower()} {number[2:]}"):
        assert len(shown(page(client, people.officer, tab="team", q=text))) == 4
    assert shown(page(client, people.officer, tab="team", q=first.reference)) == [first.pk]


def test_a_filter_that_cannot_be_read_is_said_and_nothing_is_guessed(client, people):
    many(people, 3)
    response = page(client, people.officer, tab="team", kind="banana")
    assert "There is a problem" in response.content.decode()


def test_hostile_texts_break_nothing(client, people):
    many(people, 3)
    for text in naughty_texts(100)[::4]:
        assert page(client, people.officer, tab="team", q=text).status_code == 200
    for text in naughty_texts(60)[: services.MOST_VIEWS]:
        client.post(reverse("cases:save_view"), {"name": text, "query": f"tab=team&q={text}"})
    answer = page(client, people.officer).content.decode()
    assert "<script>alert(" not in answer


def test_views_of_one_person_have_an_end(people):
    for number in range(services.MOST_VIEWS):
        services.save_view(name=f"{number}", query="", at=timezone.now(), by=people.officer)
    with pytest.raises(ValidationError, match="Remove one"):
        services.save_view(name="one more", query="", at=timezone.now(), by=people.officer)
    services.save_view(name="3", query="tab=team", at=timezone.now(), by=people.officer)


@pytest.mark.slow
def test_the_same_number_of_queries_for_one_row_and_for_a_thousand(client, people):
    many(people, 1, agency=people.agency)
    client.force_login(people.officer)
    client.get(QUEUE, {"tab": "team"})

    with CaptureQueriesContext(connection) as few:
        client.get(QUEUE, {"tab": "team"})
    many_more(people, 1000)
    with CaptureQueriesContext(connection) as lots:
        client.get(QUEUE, {"tab": "team"})
    assert len(lots) == len(few)


def many_more(people, count):
    Case.objects.filter(kind=CaseKind.CORRECTION).delete()
    many(people, count)


# --- the page of a matter -------------------------------------------------------------------------


def test_what_came_up_since_the_last_visit_is_told_apart(client, people, matter):
    address = reverse("cases:case", args=(matter.public_id,))
    client.force_login(people.officer)
    first = client.get(address)
    assert first.context["since"]
    assert not CaseVisit.objects.exists(), "looking writes nothing"

    client.post(
        reverse("cases:mark_seen", args=(matter.public_id,)), {"position": first.context["last"]}
    )
    assert client.get(address).context["since"] == []

    make.services.open_audit(audit_id=matter.audit_id, by=people.leader)
    after = client.get(address)
    assert [line.what for line in after.context["since"]] == ["opened the audit"]
    assert after.context["before"]

    client.force_login(people.decider)
    assert len(client.get(address).context["since"]) > 1, "another has seen nothing yet"


def test_nobody_marks_as_seen_what_is_not_there_yet(client, people, matter):
    client.force_login(people.officer)
    where = reverse("cases:mark_seen", args=(matter.public_id,))
    client.post(where, {"position": "999999999"})
    assert CaseVisit.objects.get().position < 999999999


def test_the_page_leads_to_the_work_and_to_the_other_matters(client, people):
    audit = make.opened(people)
    finding = make.finding(audit, people)
    matter = Case.objects.get(kind=CaseKind.AUDIT, audit=audit)
    make.reported(people, audit=audit)
    make.corrected(finding, people) if finding.corrections.exists() else None
    client.force_login(people.officer)

    page = client.get(reverse("cases:case", args=(matter.public_id,)))

    assert page.context["work_page"] == reverse("audits:detail", args=(audit.number,))


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (3, "3 days left"),
        (1, "1 day left"),
        (0, "Due today"),
        (-1, "1 day over"),
        (-9, "9 days over"),
    ],
)
def test_how_long_there_is(days, words):
    assert due_in_words(TODAY + timedelta(days=days), TODAY) == words


def test_a_clock_that_stands_still_says_why_and_what_is_left():
    case = Case(
        stage=Stage.RETURNED, waits_on=WaitsOn.AGENCY, due_on=TODAY, rank_on=TODAY, days_left=4
    )
    assert clock_in_words(case, TODAY) == (
        "Our clock stands still: it waits for the other side (returned for changes). "
        "4 of our days are left."
    )


# --- risk -----------------------------------------------------------------------------------------


def test_risk_is_the_sum_of_its_reasons():
    nothing = risk_of(Standing(earlier_certificates=1))
    assert (nothing.weight, nothing.level, nothing.reasons) == (0, Level.USUAL, ())

    much = risk_of(Standing(critical_findings=1, major_findings=9, suspensions=1))
    assert much.level == Level.HIGH
    assert much.weight == 40 + 30 + 20 + 5
    assert much.reasons[0].code == "critical_findings"


def test_risk_in_words_on_the_queue(client, people):
    audit = make.opened(people)
    make.finding(audit, people, grade=FindingGrade.CRITICAL)
    content = page(client, people.leader, tab="team").content.decode()
    assert "1 critical finding is not corrected." in content
    assert "not a finding about an agency" in content
