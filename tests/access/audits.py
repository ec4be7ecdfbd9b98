"""The pages of `audits` × every role."""

from audits import services
from audits.enums import DecisionOutcome, FindingGrade
from tests.access.table import Row
from tests.access.world import cells
from tests.factories import audits as make
from tests.factories.attestations import CATALOGUE, reference
from tests.factories.placements import placement

SCOPE = ("IND", "IRL", "222")
EMPTY_SCOPE = ("NPL", "DEU", "222")

# case staff who may look and not act
LOOKING = dict.fromkeys(("case_officer", "decider", "regulator_admin", "appeal_panel"), 403)
DESK = ("case_officer", "regulator_admin")


def build(world):
    reference()
    for case in (world, world.suspended):
        _build_cases(world, case)
    _plant_canaries(world)


def _people(world, case):
    own = case is world
    return make.Case(
        agency=case.agency,
        regulator=world.regulator,
        officer=world.people["case_officer"],
        leader=world.people["auditor"],
        auditor=world.people["auditor"],
        decider=world.people["decider"],
        panel=world.people["appeal_panel"],
        signer=world.people["signing_officer" if own else "suspended_agency_admin"],
        member=world.people["agency_member" if own else "suspended_agency_admin"],
    )


def _build_cases(world, case):
    people = _people(world, case)
    name = case.agency.legal_name
    case.team_leader, case.observer = people.leader, people.panel
    case.sampled = placement(case.agency, residence="IND", source="IND", training="IND")
    case.planned = make.planned(people, scopes=[SCOPE], plan=f"Canary plan for {name}")
    case.fresh = make.opened(people, scopes=[SCOPE])
    case.conducting = make.opened(people, scopes=[SCOPE])
    services.draw_sample(audit_id=case.conducting.pk, by=people.leader, seed="a seed")
    case.finding = make.finding(case.conducting, people, statement=f"Canary statement about {name}")
    services.record_checklist_result(
        audit_id=case.conducting.pk,
        ref="REQ-01",
        result="conforms",
        note=f"Canary checklist note on {name}",
        by=people.leader,
    )
    services.record_sample_result(
        audit_id=case.conducting.pk,
        position=1,
        result="conforms",
        note=f"Canary sample note on {name}",
        by=people.leader,
    )
    case.concluded = make.concluded(make.opened(people, scopes=[EMPTY_SCOPE]), people)
    case.reported = _reported(people, FindingGrade.MAJOR)
    case.addendum = services.propose_addendum(
        audit_id=case.reported.pk, text="Twelve.", reason="Miscounted.", by=people.leader
    )
    case.asked = _asked(people)
    case.submitted = make.submitted(_asked(people), people)
    case.proposed = make.proposed(
        people,
        _reported(people),
        outcome=DecisionOutcome.REFUSED,
        reasons=f"Canary proposal about {name}",
    )
    case.decided = _decided(people)
    case.appeal = services.lodge_appeal(
        decision_id=_decided(people).pk, grounds="Unfounded.", by=people.signer
    )


def _reported(people, *grades):
    return make.reported(people, *grades, scopes=[EMPTY_SCOPE])


def _asked(people):
    finding = _reported(people, FindingGrade.MAJOR).findings.get()
    return services.request_correction(finding_id=finding.pk, by=people.leader)


def _decided(people):
    decision = make.proposed(people, _reported(people), outcome=DecisionOutcome.REFUSED)
    return services.decide(decision_id=decision.pk, by=people.decider)


def _plant_canaries(world):
    own = {
        world: ("agency_people",),
        world.suspended: ("suspended_agency_admin",),
    }
    for case, sides in own.items():
        name = case.agency.legal_name
        staff = ("case_staff",)
        world.canary(f"Canary statement about {name}", seen_by=(*staff, *sides), at=FINDING)
        if case is world:
            world.canary(f"Canary plan for {name}", seen_by=staff, at="audits:detail")
            world.canary(f"Canary checklist note on {name}", seen_by=staff, at="audits:checklist")
            world.canary(f"Canary sample note on {name}", seen_by=staff, at="audits:sample")
            world.canary(f"Canary proposal about {name}", seen_by=staff, at="audits:decision")


FINDING = "audits:finding"


def of(name):
    def args(world):
        return {"number": getattr(world, name).number}

    return args


def finding_of(name):
    def args(world):
        return {"number": getattr(world, name).number, "position": 1}

    return args


def public(name):
    def args(world):
        return {"public_id": getattr(world, name).public_id}

    return args


def agency(world):
    return {"number": world.agency.register_number}


def plan_data(world):
    return {
        "kind": "initial",
        "edition": CATALOGUE,
        "period_from": "2024-01-01",
        "period_until": "2025-12-31",
        "planned_for": "2026-03-16",
        "scopes": [" ".join(SCOPE)],
        "plan": "Files and interviews.",
        "leader": world.team_leader.pk,
    }


def team_data(world):
    return {
        "leader": world.team_leader.pk,
        "observers": [world.observer.pk],
    }


def finding_data(world):
    return {
        "requirement": "REQ-11",
        "grade": "minor",
        "statement": "Not checked.",
        "description": "Interview of 3 May",
    }


def form(args, cells_of, data):
    """A page with a form, and its act: who sees the one does the other."""
    return (
        Row(args=args, expect=cells_of(200)),
        Row(args=args, expect=cells_of(302), method="POST", data=data),
    )


def button(args, cells_of):
    return Row(args=args, expect=cells_of(302), method="POST")


def by_desk(allowed):
    return cells(case_staff=403, **dict.fromkeys(DESK, allowed))


def by_leader_or_desk(allowed):
    return cells(case_staff=403, auditor=allowed, **dict.fromkeys(DESK, allowed))


def by_team(allowed):
    return cells(auditor=allowed, **LOOKING)


def by_team_on_what_both_see(allowed):
    return cells(own_agency=403, auditor=allowed, **LOOKING)


def by_agency(allowed):
    return cells(case_staff=403, own_agency=allowed)


def by_who_binds_the_agency(allowed):
    return cells(case_staff=403, own_agency=allowed, agency_member=403)


def by_decider(allowed):
    return cells(case_staff=403, decider=allowed)


def by_panel(allowed):
    return cells(case_staff=403, own_agency=403, appeal_panel=allowed)


STAFF = cells(case_staff=200)
BOTH = cells(case_staff=200, own_agency=200)

PAGES = {
    "audits:list": Row(expect=cells(case_staff=200, corridor_officer=200)),
    "audits:plan_start": Row(
        query=agency, expect=cells(corridor_officer=302, **dict.fromkeys(DESK, 302))
    ),
    "audits:plan": (
        Row(
            args=agency,
            expect=cells(
                case_staff=403, own_agency=403, corridor_officer=200, **dict.fromkeys(DESK, 200)
            ),
        ),
        Row(
            args=agency,
            method="POST",
            data=plan_data,
            # the corridor's own auditors are others, so that its officer gets the form back
            expect=cells(
                case_staff=403, own_agency=403, corridor_officer=200, **dict.fromkeys(DESK, 302)
            ),
        ),
    ),
    "audits:detail": (
        Row(args=of("planned"), expect=STAFF),
        Row(args=of("reported"), expect=STAFF),
    ),
    "audits:change_team": form(of("planned"), by_desk, team_data),
    "audits:open": button(of("planned"), by_leader_or_desk),
    "audits:cancel": form(of("planned"), by_desk, {"reason": "Planned by mistake."}),
    "audits:close": form(
        lambda world: {"number": world.decided.audit.number}, by_leader_or_desk, {"note": ""}
    ),
    "audits:draw_sample": form(of("fresh"), by_team, {"size": 1}),
    "audits:sample": Row(args=of("conducting"), expect=STAFF),
    "audits:sampled": form(
        finding_of("conducting"), by_team, {"result": "conforms", "note": "Seen."}
    ),
    "audits:population": Row(args=of("conducting"), expect=BOTH),
    "audits:checklist": Row(args=of("conducting"), expect=STAFF),
    "audits:checklist_item": form(
        lambda world: {"number": world.conducting.number, "ref": "REQ-02"},
        by_team,
        {"result": "conforms", "note": ""},
    ),
    "audits:raise_finding": form(of("conducting"), by_team, finding_data),
    FINDING: Row(args=finding_of("conducting"), expect=BOTH),
    "audits:reply": form(finding_of("conducting"), by_agency, {"reply": "We agree."}),
    "audits:withdraw": form(
        finding_of("conducting"), by_team_on_what_both_see, {"reason": "An error."}
    ),
    "audits:request_correction": button(finding_of("reported"), by_team_on_what_both_see),
    "audits:submit_correction": form(
        public("asked"),
        by_agency,
        {"root_cause": "None looked.", "correction": "Stopped.", "prevention": "We look."},
    ),
    "audits:verify_correction": form(
        public("submitted"), by_team_on_what_both_see, {"note": "Seen."}
    ),
    "audits:reject_correction": form(
        public("submitted"), by_team_on_what_both_see, {"note": "Not enough."}
    ),
    "audits:conclude": form(
        of("concluded"), by_team, {"method": "Read.", "conclusion": "In order."}
    ),
    "audits:issue_report": button(of("concluded"), by_desk),
    "audits:addendum": form(
        of("reported"), by_leader_or_desk, {"text": "Twelve.", "reason": "Miscounted."}
    ),
    "audits:issue_addendum": button(finding_of("reported"), by_desk),
    "audits:propose": form(
        of("reported"), by_leader_or_desk, {"outcome": "refused", "reasons": "Open findings."}
    ),
    "audits:decision": (
        Row(args=public("proposed"), expect=STAFF),
        Row(args=public("decided"), expect=BOTH),
    ),
    "audits:decide": button(public("proposed"), by_decider),
    "audits:decline": form(public("proposed"), by_decider, {"reason": "Too harsh."}),
    "audits:lodge_appeal": form(
        public("decided"), by_who_binds_the_agency, {"grounds": "Unfounded."}
    ),
    "audits:hear_appeal": form(
        public("appeal"), by_panel, {"outcome": "decision_upheld", "reasons": "It stands."}
    ),
    "audits:for_agency": Row(args=agency, expect=cells(own_agency=200)),
    "audits:agency_audit": Row(
        args=lambda world: agency(world) | {"audit_number": world.conducting.number},
        expect=cells(own_agency=200),
    ),
}
