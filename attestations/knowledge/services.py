"""Beginning an attempt, answering it, and ending it."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import journal
from agencies.models import Agency, User
from attestations.knowledge.bank import editions, newest
from attestations.knowledge.models import KnowledgeAttempt
from attestations.knowledge.queries import attempts_of, chance_of, open_attempt
from attestations.knowledge.rules import count_right, draw
from attestations.permissions import check_can_answer


@transaction.atomic
def begin_attempt(*, agency_id, by, at=None) -> KnowledgeAttempt:
    """A new attempt, or the open one where there is one: two windows never begin two."""
    at = at or timezone.now()
    agency = Agency.objects.get(pk=agency_id)
    check_can_answer(by, agency)
    # whoever begins twice at once waits here, and then finds the first
    User.objects.select_for_update().get(pk=by.pk)
    if found := open_attempt(by, agency):
        return found
    chance = chance_of(by, agency, at)
    if not chance.now:
        day = date_format(timezone.localtime(chance.not_before), "j F Y, H:i")
        raise ValidationError(
            _("Three attempts are used. The next one can begin on %(day)s.") % {"day": day}
        )
    before = attempts_of(by, agency).last()
    edition, seed = newest(), secrets.token_hex(16)
    attempt = KnowledgeAttempt.objects.create(
        user=by,
        agency=agency,
        edition=edition.label,
        seed=seed,
        questions=draw(edition.questions, seed, before=before.questions if before else ()),
        started_at=at,
    )
    journal.record(
        "knowledge.begun", attempt, by=by, agency=agency, edition=edition.label, seed=seed
    )
    return attempt


@transaction.atomic
def answer_question(*, attempt_id, question, answer, by) -> None:
    """Keep an answer, or change it; until the attempt is ended nothing is marked."""
    attempt = _own_open(attempt_id, by)
    answers = editions()[attempt.edition].questions[question].answers
    if question not in attempt.questions or not 0 <= answer < len(answers):
        raise ValidationError(_("Choose one of the answers."))
    attempt.answers = {**attempt.answers, question: answer}
    attempt.save(update_fields=["answers"])


@transaction.atomic
def finish_attempt(*, attempt_id, by, at=None) -> KnowledgeAttempt:
    """Mark the answers. What is not answered yet is asked for first."""
    attempt = _own_open(attempt_id, by)
    missing = [
        number
        for number, question in enumerate(attempt.questions, 1)
        if question not in attempt.answers
    ]
    if missing:
        raise ValidationError(
            _("Not answered yet: question %(numbers)s.") % {"numbers": ", ".join(map(str, missing))}
        )
    attempt.right = count_right(attempt.answers[each] for each in attempt.questions)
    attempt.finished_at = at or timezone.now()
    attempt.save(update_fields=["right", "finished_at"])
    journal.record("knowledge.finished", attempt, by=by, agency=attempt.agency, right=attempt.right)
    return attempt


def _own_open(attempt_id, by) -> KnowledgeAttempt:
    attempt = KnowledgeAttempt.objects.select_for_update(of=("self",)).get(pk=attempt_id, user=by)
    check_can_answer(by, attempt.agency)
    if attempt.finished_at:
        raise ValidationError(_("This attempt is ended: its answers stay as they are."))
    return attempt
