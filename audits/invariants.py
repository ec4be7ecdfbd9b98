"""What must never be in this room: who decided, what a finding rests on, how a sample was drawn."""

from django.db.models import Exists, F, OuterRef, Q

from agencies.invariants import invariant
from agencies.journal import label_of
from agencies.lib.canonical import NotCanonical
from agencies.lib.stored_files import FileUnavailable
from agencies.models import JournalEntry
from attestations.crosscheck.record import day_of_recruitment
from attestations.models import ListEdition
from audits import sampling
from audits.enums import AuditState, CorrectionState, DecisionOutcome, DecisionState, FindingGrade
from audits.models import (
    Appeal,
    AuditUserObjectPermission,
    CorrectiveAction,
    Decision,
    Finding,
    FindingEvidence,
    SampleDraw,
    TeamMember,
)
from audits.populations import kept_population
from audits.sealing import seal_of_decision, seal_of_finding

OVER = (AuditState.CLOSED, AuditState.CANCELLED)


@invariant("Nobody decides on an audit in whose team they were.")
def decisions_of_team_members():
    on_team = TeamMember.objects.filter(audit=OuterRef("audit"), user=OuterRef("decided_by"))
    for decision in Decision.objects.filter(Exists(on_team)).select_related("audit"):
        yield (
            f"{decision.audit}: its decision was taken by user {decision.decided_by_id}, "
            "who was on the team."
        )


@invariant("Nobody decides on an audit whose report they wrote or approved.")
def decisions_of_who_reported():
    reported = Q(decided_by=F("audit__concluded_by")) | Q(decided_by=F("audit__reported_by"))
    for decision in Decision.objects.filter(reported).select_related("audit"):
        yield (
            f"{decision.audit}: its decision was taken by user {decision.decided_by_id}, "
            "who wrote or approved its report."
        )


@invariant("Nobody decides on their own proposal.")
def decisions_by_their_proposers():
    for decision in Decision.objects.filter(decided_by=F("proposed_by")).select_related("audit"):
        yield f"{decision.audit}: user {decision.decided_by_id} proposed the decision and took it."


@invariant("An appeal is heard by nobody of a decision, the report or the team.")
def appeals_heard_by_participants():
    on_team = TeamMember.objects.filter(
        audit=OuterRef("decision__audit"), user=OuterRef("heard_by")
    )
    decided = Decision.objects.filter(
        Q(proposed_by=OuterRef("heard_by")) | Q(decided_by=OuterRef("heard_by")),
        audit=OuterRef("decision__audit"),
        proposed_at__lte=OuterRef("heard_at"),
    )
    took_part = (
        Q(heard_by=F("decision__audit__concluded_by"))
        | Q(heard_by=F("decision__audit__reported_by"))
        | Exists(decided)
        | Exists(on_team)
    )
    for appeal in Appeal.objects.filter(took_part).select_related("decision__audit"):
        yield (
            f"{appeal.decision.audit}: its appeal was heard by user {appeal.heard_by_id}, "
            "who took part in the audit or the decision."
        )


@invariant("Nothing is granted over a critical or major finding whose correction is not verified.")
def grants_over_open_findings():
    verified = CorrectiveAction.objects.filter(
        finding=OuterRef("pk"),
        state=CorrectionState.VERIFIED,
        reviewed_at__lte=OuterRef("audit__decisions__decided_at"),
    )
    open_then = Finding.objects.filter(
        ~Exists(verified),
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=F("audit__decisions__decided_at")),
        grade__in=(FindingGrade.CRITICAL, FindingGrade.MAJOR),
        audit__decisions__state__in=(DecisionState.DECIDED, DecisionState.SET_ASIDE),
        audit__decisions__outcome__in=(
            DecisionOutcome.GRANTED,
            DecisionOutcome.GRANTED_WITH_CONDITIONS,
        ),
    )
    for finding in open_then.select_related("audit").distinct():
        yield f"{finding} ({finding.grade}) was not resolved when the certificate was granted."


@invariant("A finding cites the edition of the List in force on the day that governed.")
def findings_under_another_edition():
    """As it is known now, or as it was when the finding was raised: an edition may come late."""
    editions = list(ListEdition.objects.published().order_by("-valid_from"))
    cited = FindingEvidence.objects.filter(judged_on__isnull=False)
    for evidence in cited.select_related("finding__audit", "placement").iterator():
        begun = [one for one in editions if one.valid_from <= evidence.judged_on]
        now = [one for one in begun if one.rolled_back_at is None]
        known = [one for one in begun if _was_active(one, evidence.finding.raised_at)]
        in_force = {next((one.pk for one in some), None) for some in (now, known)}
        if evidence.list_edition_id not in in_force:
            yield (
                f"{evidence.finding}: cites the edition {evidence.list_edition_id} for placement "
                f"{evidence.placement}, judged as of {evidence.judged_on}; "
                f"in force was {' or '.join(sorted(map(str, in_force)))}."
            )


def _was_active(edition, at):
    return edition.activated_at <= at and (
        edition.rolled_back_at is None or at < edition.rolled_back_at
    )


@invariant("A finding cites a placement as of the day that governs it.")
def findings_on_another_day():
    cited = FindingEvidence.objects.filter(
        placement__isnull=False, placement__version=F("placement_version")
    )
    for evidence in cited.select_related("finding__audit", "placement").iterator():
        governs, _ = day_of_recruitment(evidence.placement)
        if governs != evidence.judged_on:
            yield (
                f"{evidence.finding}: cites placement {evidence.placement} as of "
                f"{evidence.judged_on}, and {governs} governs."
            )


@invariant("No finding is raised on an audit that is reported.")
def findings_after_the_report():
    late = Finding.objects.filter(raised_at__gt=F("audit__reported_at"))
    for finding in late.select_related("audit"):
        yield f"{finding} was raised after the report."


@invariant("A finding says what it said when it was raised.")
def findings_with_other_words():
    yield from _broken_seals(
        "finding.raised",
        Finding.objects.select_related("audit", "requirement"),
        seal_of_finding,
    )


@invariant("A decision says what was decided.")
def decisions_with_other_words():
    taken = Decision.objects.filter(state__in=(DecisionState.DECIDED, DecisionState.SET_ASIDE))
    yield from _broken_seals("decision.taken", taken.select_related("audit"), seal_of_decision)


def _broken_seals(verb, records, seal_of):
    """Each record beside the seal that its journal entry holds."""
    entries = JournalEntry.objects.filter(verb=verb).values_list("subject", "data")
    seals = {subject: data.get("seal") for subject, data in entries}
    for record in records.iterator():
        sealed = seals.get(label_of(record))
        if sealed is None:
            yield f"{record}: the journal does not say how it came about."
        elif sealed != seal_of(record):
            yield f"{record}: it no longer says what the journal sealed."


@invariant("Every sample can be drawn again from its population and seed.")
def samples_that_cannot_be_drawn_again():
    for draw in SampleDraw.objects.select_related("audit").iterator():
        drawn = list(
            draw.placements.order_by("position").values_list("placement__reference", flat=True)
        )
        try:
            population = kept_population(draw)
        except (FileUnavailable, NotCanonical) as unavailable:
            yield f"{draw.audit}: its sample cannot be drawn again. {unavailable}"
            continue
        if len(population) != draw.population_size:
            yield (
                f"{draw.audit}: its sample names a population of {draw.population_size}, "
                f"and {len(population)} are on file."
            )
        if sampling.draw(population, seed=draw.seed, size=draw.size) != drawn:
            yield f"{draw.audit}: another sample is drawn from its population and seed."


@invariant("Whoever is named on an audit from outside is on its team, until it is over.")
def delegations_without_a_place_in_the_team():
    on_team = TeamMember.objects.filter(
        audit=OuterRef("content_object"), user=OuterRef("user"), left_at=None
    )
    named = AuditUserObjectPermission.objects.filter(
        ~Exists(on_team) | Q(content_object__state__in=OVER)
    )
    for row in named.select_related("content_object"):
        yield f"{row.content_object}: user {row.user_id} is named on it and not on its team."
