"""What is asked of attestations: which one stands, how far one is, and what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from attestations.contradictions import Contradiction, committed_but_not_aware
from attestations.enums import AnswerChoice, AttestationState, TaskStatus
from attestations.models import Answer, Attestation, Requirement


def valid_until(attestation) -> date:
    """The last day on which a submitted attestation counts, included; from its signature on."""
    days = timedelta(days=settings.ATTESTATION_VALID_DAYS)
    return timezone.localdate(attestation.submitted_at) + days


def accepted_until(agency, on: date):
    """The agency's attestations that had been accepted by the end of a day, newest first."""
    return agency.attestations.filter(
        state=AttestationState.ACCEPTED, reviewed_at__date__lte=on
    ).order_by("-reviewed_at", "-pk")


def standing_attestation(agency, on: date) -> Attestation | None:
    """The one that counts on a day: the last accepted until then, unless it lapsed. It is the
    agency's own word, and never a certificate."""
    newest = accepted_until(agency, on).first()
    return newest if newest and on <= valid_until(newest) else None


def is_superseded(attestation, on: date) -> bool:
    """Whether a later one of the same agency had been accepted by that day."""
    newest = accepted_until(attestation.agency, on).first()
    return (
        attestation.state == AttestationState.ACCEPTED
        and newest is not None
        and newest.reviewed_at > attestation.reviewed_at
    )


def has_lapsed(attestation, on: date) -> bool:
    """Whether an accepted one has run out by that day."""
    return attestation.state == AttestationState.ACCEPTED and on > valid_until(attestation)


def open_attestation(agency) -> Attestation | None:
    """The one draft or submitted one that an agency can have."""
    return agency.attestations.open().first()


@dataclass(frozen=True)
class Task:
    """One requirement on the task list."""

    requirement: Requirement
    answer: Answer | None
    status: TaskStatus
    reason: str = ""


@dataclass(frozen=True)
class Theme:
    letter: str
    title: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Progress:
    """How far an attestation is; it can be declared when nothing is left and nothing is amiss."""

    themes: tuple[Theme, ...]
    contradictions: tuple[Contradiction, ...]

    @property
    def tasks(self) -> list[Task]:
        return [task for theme in self.themes for task in theme.tasks]

    @property
    def done(self) -> int:
        return sum(task.status == TaskStatus.DONE for task in self.tasks)

    @property
    def total(self) -> int:
        return len(self.tasks)

    @property
    def is_ready(self) -> bool:
        return self.done == self.total

    @property
    def obstacles(self) -> list[str]:
        """Why it cannot be declared yet, one sentence each."""
        return [
            f"{task.requirement.ref}: {task.reason or 'not answered yet'}."
            for task in self.tasks
            if task.status != TaskStatus.DONE
        ]


def progress_of(attestation) -> Progress:
    """The requirements in their order with what was answered; queries do not grow with them."""
    requirements = list(attestation.edition.requirements.order_by("position"))
    answers = {
        answer.requirement_id: answer
        for answer in attestation.answers.annotate(files=Count("evidence"))
    }
    tasks = [_task(requirement, answers.get(requirement.pk)) for requirement in requirements]
    choices = {task.requirement.ref: task.answer.choice for task in tasks if task.answer}
    return Progress(
        themes=tuple(_themes(tasks)),
        contradictions=tuple(committed_but_not_aware(requirements, choices)),
    )


def _task(requirement, answer) -> Task:
    if answer is None:
        return Task(requirement, None, TaskStatus.NOT_STARTED)
    if (
        requirement.evidence_required
        and answer.choice == AnswerChoice.COMPLIES
        and not answer.files
    ):
        return Task(
            requirement, answer, TaskStatus.PROBLEM, "this answer needs a file that bears it out"
        )
    return Task(requirement, answer, TaskStatus.DONE)


def _themes(tasks) -> Iterator[Theme]:
    def theme_of(task):
        return task.requirement.theme, task.requirement.theme_title

    for (letter, title), grouped in groupby(tasks, theme_of):
        yield Theme(letter, title, tuple(grouped))


@dataclass(frozen=True)
class Described:
    """An attestation with its state in a word, as it is on a day."""

    attestation: Attestation
    word: str
    tone: str


def described(attestations, on: date) -> list[Described]:
    """All attestations of one agency, given newest first; what is not current is never green."""
    newest = max(
        (each for each in attestations if each.state == AttestationState.ACCEPTED),
        key=lambda each: each.reviewed_at,
        default=None,
    )
    return [Described(each, *_word(each, newest, on)) for each in attestations]


def _word(attestation, newest, on) -> tuple[str, str]:
    if attestation.state != AttestationState.ACCEPTED:
        return attestation.get_state_display(), _TONES[attestation.state]
    if attestation != newest:
        return gettext("Superseded"), "grey"
    if has_lapsed(attestation, on):
        return gettext("Lapsed"), "grey"
    return attestation.get_state_display(), "green"


_TONES = {
    AttestationState.DRAFT: "blue",
    AttestationState.SUBMITTED: "yellow",
    AttestationState.RETURNED: "orange",
    AttestationState.WITHDRAWN: "grey",
}


def next_step(attestation, on: date) -> str:
    """Who has to do what next, in a sentence."""
    regulator = attestation.agency.regulator
    match attestation.state:
        case AttestationState.DRAFT:
            progress = progress_of(attestation)
            if progress.is_ready:
                return gettext("A signing officer of the agency declares and sends it.")
            left = progress.total - progress.done
            return ngettext(
                "The agency: %(left)d requirement is left.",
                "The agency: %(left)d requirements are left.",
                left,
            ) % {"left": left}
        case AttestationState.SUBMITTED:
            return gettext("%(regulator)s reads it, and accepts or returns it.") % {
                "regulator": regulator
            }
        case AttestationState.RETURNED:
            if attestation.continuations.exclude(state=AttestationState.WITHDRAWN).exists():
                return gettext("Nothing here: the agency goes on with a copy.")
            return gettext("The agency reads what has to change, and goes on with a copy.")
        case AttestationState.ACCEPTED if has_lapsed(attestation, on):
            return gettext("The agency attests again: this one has lapsed.")
        case AttestationState.ACCEPTED:
            return gettext(
                "The agency corrects it when an answer is no longer true, and attests again before "
                "it lapses on %(day)s."
            ) % {"day": date_format(valid_until(attestation) + timedelta(days=1), "j F Y")}
        case _:
            return gettext("Nothing: it was withdrawn.")
