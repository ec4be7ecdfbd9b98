"""The agency's people see all of their attestations, its regulator what was handed in."""

from attestations.models import Answer
from tests.access.table import Row
from tests.access.world import cells
from tests.factories import agencies as people
from tests.factories import attestations as make

DRAFT = "Canary of a draft: our policy is not signed yet."
HANDED_IN = "Canary of what was handed in: we place nobody there."


def build(world):
    make.reference()
    _build_for(world, world.people["signing_officer"])
    _build_for(world.suspended, world.people["suspended_agency_admin"])
    other = people.agency("Quay Example Recruitment", regulator=world.regulator)
    world.handed_in = make.submitted_attestation(other)
    world.foreign_attestation = make.submitted_attestation(world.foreign_agency)
    world.canary(DRAFT, seen_by=("own_agency",), at="attestations:requirement")
    world.canary(HANDED_IN, seen_by=("own_agency", "case_staff"), at="attestations:detail")


def _build_for(case, signer):
    agency = case.agency
    officer = people.officer(agency, user=signer, name="Ciara Example")
    case.returned = make.returned_attestation(agency, officer=officer)
    case.accepted = make.accepted_attestation(
        agency,
        officer=officer,
        choices={"REQ-09": "not_applicable"},
        explanations={"REQ-09": HANDED_IN},
    )
    case.draft = make.complete_draft(agency, by=signer)
    case.evidence = agency.evidence_files.get()
    case.draft_evidence = make.evidence_file(agency, content=b"Not used in any answer yet.")
    Answer.objects.filter(attestation=case.draft, requirement__ref="REQ-02").update(
        explanation=DRAFT
    )


def of(name, **more):
    def args(world):
        attestation = getattr(world, name)
        return {
            "number": attestation.agency.register_number,
            "public_id": attestation.public_id,
            **{key: value(world) if callable(value) else value for key, value in more.items()},
        }

    return args


def number(world):
    return {"number": world.agency.register_number}


OWN = cells(own_agency=200)
ACT = cells(own_agency=302)
REVIEW = cells(case_staff=403, case_officer=302, decider=302)

PAGES = {
    "attestations:overview": Row(args=number, expect=cells(own_agency=200, case_staff=200)),
    "attestations:start": Row(args=number, method="POST", expect=ACT),
    "attestations:detail": (
        Row(args=of("accepted"), expect=cells(own_agency=200, case_staff=200)),
        Row(args=of("draft"), expect=OWN),
        Row(args=of("handed_in"), expect=cells(case_staff=200)),
        Row(args=of("foreign_attestation"), expect=cells(corridor_officer=200)),
    ),
    "attestations:tasks": Row(args=of("draft"), expect=OWN),
    "attestations:requirement": (
        Row(args=of("draft", ref="REQ-02"), expect=OWN),
        Row(
            args=of("draft", ref="REQ-02"),
            method="POST",
            data={"choice": "does_not", "explanation": "By May."},
            expect=ACT,
        ),
    ),
    "attestations:detach": Row(
        args=of("draft", ref="REQ-07", evidence=lambda world: world.evidence.public_id),
        method="POST",
        expect=ACT,
    ),
    "attestations:check_answers": Row(args=of("draft"), expect=OWN),
    "attestations:declare": (
        Row(args=of("draft"), expect=OWN),
        Row(
            args=of("draft"),
            method="POST",
            data=lambda world: {
                "officer": world.draft.agency.officers.get(name="Ciara Example").public_id,
                "declaration": "Whatever.",
                "read": "on",
            },
            # refused to who does not sign; the signing officer reads that the words are others
            expect=cells(own_agency=403, signing_officer=302),
        ),
    ),
    "attestations:sent": Row(args=of("accepted"), expect=ACT),
    "attestations:withdraw": Row(
        args=of("draft"), method="POST", expect=cells(own_agency=302, agency_member=403)
    ),
    "attestations:continue_returned": Row(args=of("returned"), method="POST", expect=ACT),
    "attestations:correct": Row(args=of("accepted"), method="POST", expect=ACT),
    "attestations:accept": (
        Row(args=of("handed_in"), method="POST", expect=REVIEW),
        Row(
            args=of("accepted"),
            method="POST",
            expect=cells(own_agency=403, case_staff=403, case_officer=302, decider=302),
        ),
    ),
    "attestations:return_for_changes": (
        Row(
            args=of("handed_in"),
            expect=cells(case_staff=403, case_officer=200, decider=200),
        ),
        Row(args=of("handed_in"), method="POST", data={"note": "Say more."}, expect=REVIEW),
    ),
    "attestations:submitted": Row(expect=cells(case_staff=200, corridor_officer=200)),
    "attestations:evidence": (
        Row(
            args=lambda world: {"public_id": world.evidence.public_id},
            expect=cells(own_agency=200, case_staff=200),
        ),
        Row(args=lambda world: {"public_id": world.draft_evidence.public_id}, expect=OWN),
        Row(
            args=lambda world: {
                "public_id": world.foreign_attestation.agency.evidence_files.get().public_id
            },
            expect=cells(corridor_officer=200),
        ),
    ),
}
