import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from attestations.crosscheck.questions import (
    NothingToAnswerBy,
    QuestionRefused,
    answer_question,
    read_question,
)
from attestations.placements.explaining import edition_in_data


class Command(BaseCommand):
    help = (
        "Answers a question about one recruitment, on what you tell: the verdict, each finding "
        "with its basis, citation and edition, what was not asked, and what would change it."
    )

    def add_arguments(self, parser):
        say = parser.add_argument
        say("--source", required=True, help="where the worker lives: a country or its code")
        say("--destination", required=True, help="where the post is")
        say("--occupation", required=True, help="ISCO-08 code or title of the qualification")
        say("--on", required=True, help="day of recruitment, YYYY-MM-DD")
        say("--mode", help="agency, employer, referral, online ad, g2g, direct, facilitated, …")
        say("--placed", help="occupation of the post, if it is another")
        say("--training", help="country of training")
        say("--nationality", help="decides nothing")
        say("--months", help="whole months lived in the source country")
        say("--agreement", help="reference of an agreement in the register")
        say("--evidence", choices=("yes", "no"), help="proof of an independent application")
        say("--start", help="day of the start, YYYY-MM-DD")
        say("--json", action="store_true", help="the same as data")

    def handle(self, *args, **options):
        stated = {name: text for name, text in options.items() if isinstance(text, str)}
        try:
            question = read_question(stated, today=timezone.localdate())
        except QuestionRefused as refused:
            if options["json"]:
                self._tell_as_data({"state": "refused", "problems": refused.problems})
            raise CommandError("\n".join(refused.problems.values()), returncode=2) from refused
        try:
            answer = answer_question(question)
        except NothingToAnswerBy as silent:
            if options["json"]:
                self._tell_as_data({"state": "no answer", "message": str(silent)})
            raise CommandError(str(silent), returncode=3) from silent
        if options["json"]:
            asked = dict(question.in_words)
            edition = edition_in_data(answer.verdict.edition)
            self._tell_as_data({"asked": asked, **answer.as_data(), "edition_in_force": edition})
            return
        for line in _lines(question, answer):
            self.stdout.write(line)

    def _tell_as_data(self, told):
        self.stdout.write(json.dumps(told, indent=2, ensure_ascii=False))


def _lines(question, answer):
    yield answer.sentence
    yield f"Verdict: {answer.verdict.outcome.value} ({answer.verdict.outcome.label})"
    yield f"Edition of the Safeguards List: {answer.verdict.edition or 'none in force'}"
    for name, value in question.in_words:
        yield f"  {name}: {value}"
    for found in answer.explanations:
        yield ""
        yield f"{found.code}, {found.severity}, {found.disposition}: {found.title}"
        yield f"  {found.sentence}"
        yield f"  Basis: {found.basis.value}, {found.basis_words}"
        yield f"  Source: {found.citation}"
        if found.edition:
            yield f"  Edition: {found.edition}"
        for change in found.would_change:
            yield f"  What would change it: {change}"
    for heading, points in (
        ("Not asked", answer.not_asked),
        ("Not recorded in the register", answer.not_recorded),
    ):
        if points:
            yield ""
            yield f"{heading}:"
            yield from (f"  - {point}" for point in points)
