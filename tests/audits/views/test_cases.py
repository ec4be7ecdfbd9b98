import re
from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.enums import RegulatorRole
from audits import services
from audits.enums import AuditKind, AuditState, FindingGrade, TeamRole
from audits.models import Audit
from tests.factories import agencies as make_agencies
from tests.factories import audits as make
from tests.factories.attestations import CATALOGUE
from tests.factories.placements import placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make.case(make_agencies.agency("Harbour Example Recruitment"))


def words(response):
    main = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def listed(response):
    return [audit.number for audit in response.context["page"].object_list]


def filled(people, **stated):
    return {
        "kind": "initial",
        "edition": CATALOGUE,
        "period_from": "2024-01-01",
        "period_until": "2025-12-31",
        "planned_for": "2026-03-16",
        "source": "PHL",
        "destination": "IRL",
        "occupation_group": "222",
        "plan": "Files and interviews.",
        "leader": people.leader.pk,
        **stated,
    }


def one_more_case(people):
    audit = make.reported(people, FindingGrade.MINOR)
    services.request_correction(finding_id=audit.findings.get().pk, by=people.leader)
    make.finding(make.opened(people), people)


@pytest.mark.parametrize(
    ("name", "side"),
    [("list", "officer"), ("for_agency", "signer")],
)
def test_a_list_costs_the_same_queries_for_one_audit_and_for_three(client, people, name, side):
    client.force_login(getattr(people, side))
    args = (people.agency.register_number,) if name == "for_agency" else ()
    counts = []
    for _ in range(2):
        one_more_case(people)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"audits:{name}", args=args)).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("page", ["detail", "sample", "checklist", "agency_audit"])
def test_a_case_costs_the_same_queries_for_one_of_each_and_for_three(client, people, page):
    audit = make.opened(people)
    make.sampled(audit, people, placements=12)
    agency_side = page == "agency_audit"
    client.force_login(people.signer if agency_side else people.leader)
    args = (people.agency.register_number, audit.number) if agency_side else (audit.number,)
    counts = []
    for many in (1, 2):
        for _ in range(many):
            make.finding(audit, people)
            services.record_checklist_result(
                audit_id=audit.pk, ref=f"REQ-0{many}", result="conforms", by=people.leader
            )
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"audits:{page}", args=args)).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_the_queue_is_narrowed(client, people):
    planned = make.planned(people)
    special = make.planned(people, kind=AuditKind.SPECIAL, leader=people.auditor)
    services.open_audit(audit_id=special.pk, by=people.officer)
    other = make.case(make_agencies.agency("Otter Example", regulator=people.regulator))
    elsewhere = make.planned(other)
    client.force_login(people.leader)

    found = {
        query: listed(client.get(f"/audits/?{query}"))
        for query in ("", "state=conducting", "kind=special", "agency=otter", "mine=on", "page=99")
    }

    assert found == {
        "": [elsewhere.number, special.number, planned.number],
        "state=conducting": [special.number],
        "kind=special": [special.number],
        "agency=otter": [elsewhere.number],
        "mine=on": [planned.number],
        "page=99": [elsewhere.number, special.number, planned.number],
    }


@pytest.mark.parametrize("query", ["state=%00", "kind=weather", "agency=%27%22--", "page=x"])
def test_the_queue_bears_what_nobody_should_type(client, people, query):
    make.planned(people)
    client.force_login(people.officer)

    assert client.get(f"/audits/?{query}").status_code == 200


def test_a_plan_is_begun_from_a_number(client, people):
    client.force_login(people.officer)
    number = people.agency.register_number

    response = client.get("/audits/plan/", {"number": f" {number.lower()} "})

    assert response.url == reverse("audits:plan", args=(number,))
    assert client.get("/audits/plan/", {"number": "no number"}).url == reverse("audits:list")


def test_the_plan_proposes_the_real_corridors(client, people):
    placement(people.agency)
    placement(people.agency, residence="GHA", source="GHA")
    client.force_login(people.officer)

    page = client.get(reverse("audits:plan", args=(people.agency.register_number,)))

    scopes = page.context["form"]["scopes"]
    assert scopes.value() == ["GHA IRL 222", "PHL IRL 222"]
    assert [words for _, words in scopes.field.choices] == [
        "Ghana to Ireland: Nursing and midwifery professionals",
        "Philippines to Ireland: Nursing and midwifery professionals",
    ]


def test_an_audit_is_planned_by_the_form(client, people):
    outsider = make_agencies.user("outside@auditors.example")
    client.force_login(people.officer)

    response = client.post(
        reverse("audits:plan", args=(people.agency.register_number,)),
        filled(people, auditors=[people.auditor.pk], outside_auditor="Outside@auditors.example"),
    )

    assert response.status_code == 302
    audit = Audit.objects.get()
    assert set(audit.team.values_list("user", "role")) == {
        (people.leader.pk, TeamRole.LEADER),
        (people.auditor.pk, TeamRole.AUDITOR),
        (outsider.pk, TeamRole.AUDITOR),
    }
    assert (audit.period_from, audit.plan) == (date(2024, 1, 1), "Files and interviews.")


@pytest.mark.parametrize(
    ("stated", "error"),
    [
        ({"destination": ""}, "A further corridor has a source, a destination and"),
        ({"period_until": "2023-01-01"}, "The period cannot end before it begins."),
        ({"outside_auditor": "nobody@nowhere.example"}, "Nobody with this address has"),
        ({"period_from": "01/02/2024"}, "Enter a valid date."),
        ({"source": "", "destination": "", "occupation_group": ""}, "Name at least one corridor"),
        ({"plan": "\u0000"}, "Null characters are not allowed."),
    ],
)
def test_a_plan_that_is_refused_keeps_what_was_typed(client, people, stated, error):
    client.force_login(people.officer)

    page = client.post(
        reverse("audits:plan", args=(people.agency.register_number,)),
        filled(people, **stated),
    )

    assert page.status_code == 200
    assert error in words(page)
    assert page.context["form"]["planned_for"].value() == "2026-03-16"
    assert not Audit.objects.exists()


def test_a_team_of_one_person_twice_is_refused_on_the_page(client, people):
    audit = make.planned(people)
    client.force_login(people.officer)

    page = client.post(
        reverse("audits:change_team", args=(audit.number,)),
        {"leader": people.leader.pk, "auditors": [people.leader.pk]},
    )

    assert "A person has one role in the team." in words(page)


def test_two_of_one_name_are_told_apart(client, people):
    audit = make.planned(people)
    client.force_login(people.officer)

    page = client.get(reverse("audits:change_team", args=(audit.number,)))

    named = [label for _, label in page.context["form"].fields["auditors"].choices]
    assert f"Aoife Example ({people.decider.email})" in named
    assert "Leader Example" in named


def test_what_is_not_possible_now_is_said_in_words(client, people):
    audit = make.opened(people)
    client.force_login(people.leader)

    response = client.post(reverse("audits:open", args=(audit.number,)))

    assert response.url == reverse("audits:detail", args=(audit.number,))
    (message,) = said(response)
    assert message.startswith("“open” is not possible while this is being conducted.")


def test_a_form_for_what_is_not_possible_leads_back_with_the_reason(client, people):
    audit = make.planned(people)
    client.force_login(people.leader)

    response = client.post(reverse("audits:close", args=(audit.number,)), {"note": ""})

    assert response.url == reverse("audits:detail", args=(audit.number,))
    assert len(said(response)) == 1


OFFERED = {
    AuditState.PLANNED: {
        "officer": ["Open the audit", "Change the team", "Cancel the audit"],
        "leader": ["Open the audit"],
        "decider": [],
    },
    AuditState.CONDUCTING: {
        "officer": ["Change the team", "Cancel the audit"],
        "leader": ["Draw the sample", "Raise a finding", "Write the conclusion"],
        "decider": [],
    },
    AuditState.REPORTED: {
        "officer": [
            "Change the team",
            "Propose a decision",
            "Write an addendum",
            "Close the audit",
        ],
        "leader": ["Propose a decision", "Write an addendum", "Close the audit"],
        "decider": [],
    },
}


@pytest.mark.parametrize("state", OFFERED)
def test_a_case_offers_what_this_person_can_do_now(client, people, state):
    builders = {
        AuditState.PLANNED: make.planned,
        AuditState.CONDUCTING: make.opened,
        AuditState.REPORTED: make.reported,
    }
    audit = builders[state](people)
    offered = {}
    for who in OFFERED[state]:
        client.force_login(getattr(people, who))
        page = client.get(reverse("audits:detail", args=(audit.number,)))
        offered[who] = [offer["text"] for offer in page.context["offers"]]

    assert offered == OFFERED[state]


def test_the_history_is_told_in_words(client, people):
    audit = make.opened(people)
    make.sampled(audit, people)
    make.finding(audit, people)
    services.record_checklist_result(
        audit_id=audit.pk, ref="REQ-01", result="does_not", note="No log.", by=people.leader
    )
    client.force_login(people.leader)

    page = client.get(reverse("audits:detail", args=(audit.number,)))

    assert [(line.who, line.what) for line in page.context["history"]] == [
        ("Aoife Example", "planned the audit"),
        ("Leader Example", "opened the audit"),
        ("Leader Example", "drew a sample of 3 from 3 placements"),
        ("Leader Example", "raised finding 1 (major) against REQ-11"),
        ("Leader Example", "recorded a result for REQ-01: does not conform"),
    ]


def test_the_population_is_handed_out_as_it_was_drawn_from(client, people):
    audit = make.opened(people)
    draw = make.sampled(audit, people)
    client.force_login(people.signer)

    response = client.get(reverse("audits:population", args=(audit.number,)))

    content = b"".join(response.streaming_content)
    references = re.findall(rb"P-\d", content)
    assert references == [b"P-1", b"P-2", b"P-3"]
    assert draw.population_size == 3


def test_a_regulator_elsewhere_on_the_corridor_plans_a_special_audit(client, people):
    placement(people.agency, residence="PHL")
    other = make_agencies.regulator(country="PHL")
    leader = make_agencies.staff(other, RegulatorRole.AUDITOR)
    client.force_login(make_agencies.staff(other))
    address = reverse("audits:plan", args=(people.agency.register_number,))
    assert client.get(address).context["form"].fields["kind"].choices == [("special", "Special")]

    client.post(address, filled(people, kind="special", leader=leader.pk))

    assert Audit.objects.get().regulator == other
