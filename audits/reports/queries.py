"""What a report will state, gathered from everything its audit established."""

from collections import Counter

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from agencies.models import Country
from attestations import occupations
from attestations.contradictions import committed_but_not_aware
from attestations.crosscheck.enums import Basis, Outcome
from attestations.enums import AnswerChoice
from attestations.models import Answer, ListEdition, Requirement
from attestations.placements.queries import corridors, outcomes, outcomes_by_rule
from audits.certificates.statement import Place, ScopeLine
from audits.enums import CheckResult, TeamRole
from audits.models import FindingEvidence, SampledPlacement, SampleDraw
from audits.queries import placements_of
from audits.reports.references import public_code
from audits.reports.statement import (
    ChecklistLine,
    CorrectionLine,
    CorridorLine,
    Counted,
    DatedEdition,
    Declared,
    EvidenceLine,
    FindingLine,
    ReportStatement,
    RuleLine,
    Sample,
    SampledLine,
)

# What a finding rests on, short enough for a column.
BASES = {
    Basis.CODE: "the Code (voluntary)",
    Basis.NATIONAL_CODE: "a country's own code",
    Basis.STATUTE: "a statute",
    Basis.CONTRACT: "fees and costs",
    Basis.SCHEME: "this certificate's terms",
    Basis.DATA: "the record itself",
}


def statement_of(audit, *, number, issued_on):
    """The statement of a concluded audit, as everything stands now."""
    agency, regulator, edition = audit.agency, audit.regulator, audit.edition
    placements = placements_of(audit)
    return ReportStatement(
        number=number,
        audit_number=audit.number,
        kind=audit.get_kind_display(),
        holder_name=agency.legal_name,
        holder_number=agency.register_number,
        holder_country=_place(agency.home_country),
        other_names=tuple(sorted(agency.names.values_list("name", flat=True))),
        regulator_name=regulator.name,
        regulator_country=_place(regulator.country),
        leader=_leader(audit),
        team=_team(audit),
        scope=_scope(audit),
        period_from=audit.period_from,
        period_until=audit.period_until,
        catalogue_edition=edition.title,
        code_version=edition.code_version.title,
        list_editions=_editions(audit),
        plan=audit.plan,
        method=audit.method,
        sample=_sample(audit, agency),
        attestation=_declared(audit.attestation),
        placements=placements.count(),
        corridors=_corridors(placements),
        outcomes=_outcomes(placements),
        rules=_rules(placements),
        checklist=_checklist(audit),
        findings=tuple(_finding(finding, agency) for finding in _standing_findings(audit)),
        conclusion=audit.conclusion,
        issued_on=issued_on,
        address=settings.CANONICAL_ORIGIN + reverse("register:report", args=(number,)),
        time_zone=settings.REGISTRY_TIME_ZONE,
        is_demonstration=settings.SIGNING_KEY_IS_DEMONSTRATION,
    )


def cited_placements(audit):
    """The references of the placements that an audit's report may name: sampled, or evidence."""
    sampled = SampledPlacement.objects.filter(draw__audit=audit)
    cited = FindingEvidence.objects.filter(finding__audit=audit, placement__isnull=False)
    return {
        *sampled.values_list("placement__reference", flat=True),
        *cited.values_list("placement__reference", flat=True),
    }


def _place(country):
    return Place(country.pk, country.name)


def _leader(audit):
    leader = audit.team.filter(role=TeamRole.LEADER, left_at=None).select_related("user").first()
    return leader.user.name if leader else ""


def _team(audit):
    roles = Counter(audit.team.filter(left_at=None).values_list("role", flat=True))
    return tuple(
        Counted(role.value, str(role.label), roles[role]) for role in TeamRole if roles[role]
    )


def _scope(audit):
    scopes = audit.scopes.select_related("source", "destination")
    return tuple(
        ScopeLine(
            source=_place(scope.source),
            destination=_place(scope.destination),
            group=scope.occupation_group,
            group_title=occupations.title(scope.occupation_group),
        )
        for scope in scopes.order_by("destination__name", "source__name", "occupation_group")
    )


def _editions(audit):
    """The editions of the List that governed a day of the period, the oldest first."""
    active = ListEdition.objects.active()
    first = active.in_force(audit.period_from)
    later = active.filter(
        valid_from__gt=audit.period_from, valid_from__lte=audit.period_until
    ).order_by("valid_from")
    return tuple(
        DatedEdition(edition.label, edition.title, edition.valid_from)
        for edition in [*([first] if first else []), *later]
    )


def _sample(audit, agency):
    draw = SampleDraw.objects.filter(audit=audit).first()
    if draw is None:
        return None
    results = dict(CheckResult.choices)
    drawn = draw.placements.order_by("position")
    return Sample(
        population_digest=draw.population_digest,
        population_size=draw.population_size,
        seed=draw.seed,
        size=draw.size,
        drawn_on=timezone.localdate(draw.drawn_at),
        lines=tuple(
            SampledLine(
                position, public_code(agency.register_number, reference), str(results[result])
            )
            for position, reference, result in drawn.values_list(
                "position", "placement__reference", "result"
            )
        ),
    )


def _declared(attestation):
    if attestation is None or attestation.submitted_at is None:
        return None
    answers = Answer.objects.filter(attestation=attestation)
    choices = dict(answers.values_list("requirement__ref", "choice"))
    requirements = list(Requirement.objects.filter(edition=attestation.edition))
    counted = Counter(choices.values())
    return Declared(
        submitted_on=timezone.localdate(attestation.submitted_at),
        answers=tuple(
            Counted(value, str(label), counted[value]) for value, label in AnswerChoice.choices
        ),
        contradictions=tuple(
            str(contradiction) for contradiction in committed_but_not_aware(requirements, choices)
        ),
    )


def _corridors(placements):
    """How many placements each corridor had, the largest first."""
    counted = Counter()
    for corridor in corridors(placements):
        counted[corridor.source, corridor.destination] += corridor.placements
    names = Country.objects.in_bulk({code for pair in counted for code in pair})
    lines = [
        CorridorLine(_place(names[source]), _place(names[destination]), count)
        for (source, destination), count in counted.items()
    ]
    return tuple(
        sorted(lines, key=lambda line: (-line.count, line.source.name, line.destination.name))
    )


def _outcomes(placements):
    return tuple(
        Counted(code, Outcome(code).label if code else "not judged yet", count)
        for code, count in outcomes(placements).items()
        if count
    )


def _rules(placements):
    """What the cross-check found, by code: open, excepted by a document, undecided."""
    found = {}
    for made in outcomes_by_rule(placements):
        key = (made["code"], made["title"], made["severity"], BASES[Basis(made["basis"])])
        kinds = found.setdefault(key, Counter())
        kinds[made["disposition"].partition(":")[0]] += made["placements"]
    return tuple(
        RuleLine(
            *key,
            open=kinds["open"],
            excepted=kinds["excepted"],
            indeterminate=kinds["indeterminate"],
        )
        for key, kinds in found.items()
    )


def _checklist(audit):
    items = audit.checklist.select_related("requirement").order_by("requirement__position")
    return tuple(
        ChecklistLine(item.requirement.ref, item.requirement.wording, item.get_result_display())
        for item in items
    )


def _standing_findings(audit):
    return (
        audit.findings.filter(withdrawn_at=None)
        .select_related("requirement")
        .prefetch_related(
            "evidence__file", "evidence__placement", "evidence__list_edition", "corrections"
        )
        .order_by("position")
    )


def _finding(finding, agency):
    return FindingLine(
        position=finding.position,
        ref=finding.requirement.ref,
        wording=finding.requirement.wording,
        grade=finding.get_grade_display(),
        statement=finding.statement,
        raised_on=timezone.localdate(finding.raised_at),
        evidence=tuple(_evidence(item, agency) for item in finding.evidence.all()),
        reply=finding.agency_reply,
        corrections=tuple(
            CorrectionLine(
                state=action.get_state_display(),
                due_on=action.due_on,
                root_cause=action.root_cause,
                correction=action.correction,
                prevention=action.prevention,
            )
            for action in finding.corrections.all()
        ),
    )


def _evidence(item, agency):
    edition = item.list_edition.title if item.list_edition else ""
    if item.placement:
        kind, text = "placement", public_code(agency.register_number, item.placement.reference)
    elif item.file:
        # by its digest: what somebody called the file may say too much
        kind, text = "file", f"SHA-256 {item.file.digest[:16]}…"
    else:
        kind, text = "document", item.description
    if item.description and kind != "document":
        text = f"{text}: {item.description}"
    return EvidenceLine(kind=kind, text=text, rule=item.rule_code, edition=edition)
