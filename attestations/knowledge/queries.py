"""Where a person stands with the knowledge check, and who of an agency has passed."""

from datetime import timedelta

from django.conf import settings

from attestations.knowledge.bank import editions
from attestations.knowledge.models import KnowledgeAttempt
from attestations.knowledge.rules import TO_PASS, Tried, may_begin, order_of_answers


def attempts_of(user, agency):
    return KnowledgeAttempt.objects.filter(user=user, agency=agency).order_by("started_at")


def open_attempt(user, agency):
    return attempts_of(user, agency).filter(finished_at=None).first()


def chance_of(user, agency, at):
    """Whether the person may begin now, and if not, from when."""
    tried = [
        Tried(attempt.started_at, attempt.finished_at, attempt.right)
        for attempt in attempts_of(user, agency)
    ]
    return may_begin(tried, at, timedelta(days=settings.KNOWLEDGE_WAIT_DAYS))


def passes_of(agency, at):
    """The passed attempts that still count, the newest first."""
    since = at - timedelta(days=settings.KNOWLEDGE_VALID_DAYS)
    return (
        KnowledgeAttempt.objects.filter(agency=agency, right__gte=TO_PASS, finished_at__gt=since)
        .select_related("user")
        .order_by("-finished_at")
    )


def shown(attempt, question_id):
    """A question, and its answers in the order of this attempt: (place in the file, words)."""
    question = editions()[attempt.edition].questions[question_id]
    places = order_of_answers(attempt.seed, question_id, len(question.answers))
    return question, [(place, question.answers[place]) for place in places]


def marked(attempt):
    """Each question of a finished attempt, what was chosen, what is right, and why."""
    questions = editions()[attempt.edition].questions
    for number, each in enumerate(attempt.questions, 1):
        question, chosen = questions[each], attempt.answers.get(each)
        yield {
            "number": number,
            "question": question,
            "is_right": chosen == 0,
            "chosen": question.answers[chosen] if chosen is not None else "",
            "right": question.answers[0],
        }
