"""What a revision says, and what stands beside it now, as a reader sees it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext

from agencies.models import Country
from attestations.crosscheck.stored_lists import load_lists
from attestations.enums import Grade, RevisionKind
from attestations.occupations import title
from attestations.safeguards.models import ListEdition, Revision
from attestations.safeguards.revisions.contents import (
    MODELS,
    begins_of,
    ends_of,
    is_ending,
    is_national,
    rows_of,
    target_of,
)
from attestations.safeguards.revisions.effects import lists_with, placements_touched
from attestations.safeguards.revisions.national import changes_by_day
from attestations.safeguards.would_be import Judged, Question, answer_at_once


def waiting():
    """For a second person: to be confirmed, or to be rolled back before its day."""
    asked_back = Q(rollback_asked_at__isnull=False, undone_at=None)
    waits = Q(confirmed_at=None, undone_at=None)
    return Revision.objects.filter(waits | asked_back).select_related("recorded_by")


def editions_waiting():
    """The same of editions of the List."""
    asked_back = Q(rollback_asked_at__isnull=False, rolled_back_at=None)
    return ListEdition.objects.filter(Q(activated_at=None) | asked_back)


def decided():
    return Revision.objects.exclude(confirmed_at=None, undone_at=None).select_related(
        "recorded_by", "confirmed_by", "undone_by"
    )


@dataclass(frozen=True, slots=True)
class Impact:
    """Whom confirming a revision would touch. `judged` is None where they are too many."""

    placements: int
    agencies: int
    judged: Judged | None


def question_of(revision) -> Question:
    """Whom it touches may be more than differ: those that stay as they are change nothing."""
    return Question(placements_touched(revision), lists_with(revision, load_lists()))


def impact_of(revision) -> Impact:
    question = question_of(revision)
    return Impact(
        placements=question.placements.count(),
        agencies=question.placements.order_by().values("agency").distinct().count(),
        judged=answer_at_once(question),
    )


def said_by(revision):
    """The rows of a recording revision, or what an ending ends, each as keys and values."""
    if is_national(revision):
        return []
    names = _country_names()
    if is_ending(revision):
        row = target_of(revision)
        return [in_words(row, names)] if row else []
    return [in_words(row, names) for row in rows_of(revision)]


def in_words(row, names):
    """A dated row as keys and values; `names` are the countries'."""
    lines = [
        (gettext("Reference"), getattr(row, "reference", "")),
        (gettext("Title"), getattr(row, "title", "")),
        (gettext("Country"), names.get(getattr(row, "country_id", ""), "")),
        (gettext("From"), names.get(getattr(row, "source_country_id", ""), "")),
        (gettext("To"), names.get(getattr(row, "destination_country_id", ""), "")),
        (gettext("What it says"), row.get_kind_display() if hasattr(row, "kind") else ""),
        (gettext("Side"), row.get_side_display() if hasattr(row, "side") else ""),
        (gettext("First day"), day_in_words(row.valid_from)),
        (
            gettext("Last day"),
            day_in_words(row.valid_until) if row.valid_until else gettext("Open"),
        ),
        (gettext("Posts"), posts_in_words(getattr(row, "occupations", []))),
    ]
    if hasattr(row, "quota"):
        lines += [
            (gettext("Agencies may act"), _yes_or_no(row.agencies_may_act)),
            (gettext("A health ministry takes part"), _yes_or_no(row.health_ministry_takes_part)),
            (gettext("Largest number of people"), row.quota or gettext("None is named")),
        ]
    lines.append((gettext("Document"), getattr(row, "document", "") or getattr(row, "source", "")))
    return [{"key": key, "value": value} for key, value in lines if value]


def posts_in_words(codes):
    return "; ".join(f"{code} {title(code)}" for code in codes)


def ending_in_words(revision):
    """Until when it held, until when it would, and by which document."""
    said = revision.content
    dated = said["document_dated_on"]
    lines = [
        (
            gettext("Last day until now"),
            _said_day(said["held_until"]) if said["held_until"] else gettext("Open"),
        ),
        (gettext("Last day by this"), _said_day(said["ends_on"])),
        (gettext("Document"), said["document"]),
        (gettext("Day of the document"), _said_day(dated) if dated else ""),
    ]
    return [{"key": key, "value": value} for key, value in lines if value]


def recorded_beside(revision):
    """What is confirmed of the same countries now: a new row stands beside it, and ends none."""
    if is_national(revision) or is_ending(revision):
        return MODELS[RevisionKind.AGREEMENT].objects.none()
    same = Q(pk__in=())
    for row in rows_of(revision):
        if revision.kind == RevisionKind.AGREEMENT:
            same |= Q(
                source_country=row.source_country_id, destination_country=row.destination_country_id
            )
        elif revision.kind == RevisionKind.REQUIREMENT:
            same |= Q(country=row.country_id, side=row.side)
        else:
            same |= Q(country=row.country_id)
    rows = MODELS[revision.kind].objects.confirmed().filter(same)
    return rows.exclude(revision=revision) if revision.pk else rows


def versions_in_words(national_list):
    """What its confirmed versions changed, newest first; what the register began with has none."""
    names = _country_names()
    versions = Revision.objects.confirmed().filter(
        kind=RevisionKind.NATIONAL_LIST, content__list=national_list.pk
    )
    return [{"revision": each, "changes": _grade_changes(each, names)} for each in versions]


def grade_changes(revision):
    """By day and country, in words: how a new version differs from the list as it was kept."""
    return _grade_changes(revision, _country_names())


def _grade_changes(revision, names):
    grades = dict(Grade.choices)
    return [
        {
            "day": change.day,
            "earliest_possible": change.earliest_possible,
            "country": names[change.country],
            "before": grades.get(change.before, ""),
            "after": grades.get(change.after, ""),
            "until": change.until,
        }
        for change in changes_by_day(begins_of(revision), ends_of(revision))
    ]


def _country_names():
    return dict(Country.objects.values_list("pk", "name"))


def day_in_words(day):
    return date_format(day, "j F Y")


def _said_day(text):
    return day_in_words(date.fromisoformat(text))


def _yes_or_no(answer):
    return gettext("Yes") if answer else gettext("No")
