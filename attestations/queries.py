"""What is asked of attestations: which one stands, how far one is, and what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

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
    """The requirements in their order with what was answered: two queries, however many."""
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
