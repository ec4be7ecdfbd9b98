"""What the pages of the desk show: the tabs of the queue, and what came up in a matter."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.journal import label_of
from agencies.links import link_to
from agencies.models import Country, JournalEntry, User
from attestations.crosscheck.enums import Outcome
from attestations.models import Attestation, Placement
from audits.cases.enums import CaseKind, WaitsOn
from audits.cases.models import Case, CaseVisit
from audits.certificates.models import StatusChange
from audits.models.decision import Appeal, Decision
from audits.queries import history_of_case

# beyond this many a count says "more than"
COUNTED = 1000
A_WEEK = timedelta(days=7)


class Tab(StrEnum):
    MINE = "mine"
    TEAM = "team"
    UNASSIGNED = "unassigned"
    RUNNING_OUT = "running-out"
    ELSEWHERE = "elsewhere"
    CLOSED = "closed"


TITLES = {
    Tab.MINE: _("Mine"),
    Tab.TEAM: _("Team"),
    Tab.UNASSIGNED: _("Unassigned"),
    Tab.RUNNING_OUT: _("Clock running out"),
    Tab.ELSEWHERE: _("Waiting for others"),
    Tab.CLOSED: _("Closed"),
}


def queue_of(user, tab, today):
    """The part of the queue under a tab, what is due first on top; of what is closed, the last."""
    seen = Case.objects.visible_to(user)
    match tab:
        case Tab.MINE:
            return seen.open().filter(assignee=user)
        case Tab.UNASSIGNED:
            return seen.open().filter(assignee=None)
        case Tab.RUNNING_OUT:
            return seen.running_out(today + A_WEEK)
        case Tab.ELSEWHERE:
            return seen.open().filter(waits_on=WaitsOn.AGENCY)
        case Tab.CLOSED:
            return seen.closed().order_by("-closed_at", "-id")
    return seen.open()


def counts_of(user, today) -> dict[str, int]:
    """How many stand under each tab, counted as far as `COUNTED` and one; closed ones are not."""
    return {
        tab: queue_of(user, tab, today).order_by()[: COUNTED + 1].count()
        for tab in Tab
        if tab != Tab.CLOSED
    }


def colleagues(regulator, roles):
    """Who may hold matters of a regulator, by name."""
    live = regulator.memberships.filter(ended_at=None, role__in=roles)
    return User.objects.filter(is_active=True, pk__in=live.values("user")).order_by("name")


@dataclass(frozen=True, slots=True)
class News:
    """What a person has and has not seen of a matter; `last` is where reading would bring them."""

    before: list[JournalEntry]
    since: list[JournalEntry]
    last: int
    seen_at: object


def history_of(case):
    """Every entry about the matter, under each label it went by, oldest first.

    An audit's matter shows what hangs on the audit too.
    """
    if case.kind == CaseKind.AUDIT and case.audit:
        return history_of_case(case.audit)
    return JournalEntry.objects.filter(subject__in=[*case.subjects, label_of(case)]).order_by(
        "position"
    )


def news_of(case, user) -> News:
    visit = CaseVisit.objects.filter(user=user, matter=case.public_id).first()
    entries = list(history_of(case))
    upto = visit.position if visit else 0
    return News(
        before=[entry for entry in entries if entry.position <= upto],
        since=[entry for entry in entries if entry.position > upto],
        last=entries[-1].position if entries else 0,
        seen_at=visit.seen_at if visit else None,
    )


def page_of(case) -> str:
    """Where the work on the matter is done; nothing where this process does not serve it."""
    key = case.subject.partition(":")[2]
    match case.kind:
        case CaseKind.ATTESTATION:
            attestation = Attestation.objects.get(pk=key)
            number = case.agency.register_number
            return reverse("attestations:detail", args=(number, attestation.public_id))
        case CaseKind.AUDIT:
            return reverse("audits:detail", args=(case.audit.number,))
        case CaseKind.CORRECTION:
            return reverse("audits:finding", args=(case.audit.number, case.facts["finding"]))
        case CaseKind.DECISION:
            decision = Decision.objects.get(pk=key)
            return reverse("audits:decision", args=(decision.public_id,))
        case CaseKind.APPEAL:
            appeal = Appeal.objects.get(pk=key)
            return reverse("audits:hear_appeal", args=(appeal.public_id,))
        case CaseKind.STATUS_CHANGE:
            change = StatusChange.objects.select_related("certificate").get(pk=key)
            return reverse("certificates:detail", args=(change.certificate.number,))
        case CaseKind.CLAIM:
            return link_to("claims:matter", key)
        case CaseKind.CONCERN:
            return link_to("concerns:matter", key)
    raise ValueError(f"No page for a matter of kind {case.kind!r}.")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Placements of a corridor under one edition of the List, and how many want looking at."""

    corridor: str
    edition: str
    placements: int
    open: int


# the outcomes in which something stands open
STANDS_OPEN = (
    Outcome.NON_COMPLIANT,
    Outcome.REFER_TO_AUDITOR,
    Outcome.ACTION_REQUIRED,
    Outcome.INCOMPLETE,
)
MOST_CORRIDORS = 30


def verdicts_of(agency) -> list[Verdicts]:
    """The corridors in which most stands open, each edition apart; at most `MOST_CORRIDORS`."""
    counted = (
        Placement.objects.filter(agency=agency, withdrawn_at=None)
        .exclude(Q(residence=None) | Q(destination=None))
        .order_by()
        .values_list("residence", "destination", "verdict__edition_label")
        .annotate(
            placements=Count("pk"), open=Count("pk", filter=Q(verdict__outcome__in=STANDS_OPEN))
        )
        .order_by("-open", "-placements", "residence", "destination")
    )
    names = dict(Country.objects.values_list("iso3", "name"))
    return [
        Verdicts(f"{names[source]} → {names[destination]}", edition or "", placements, still_open)
        for source, destination, edition, placements, still_open in counted[:MOST_CORRIDORS]
    ]


def others_of(case, user):
    """Open matters of the same agency that this person may see."""
    if case.agency_id is None:
        return Case.objects.none()
    seen = Case.objects.visible_to(user).open().filter(agency=case.agency_id)
    return seen.exclude(pk=case.pk).select_related("assignee")
