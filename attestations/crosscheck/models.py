from django.db import models


class Verdict(models.Model):
    """What the rules said of one distinct combination of facts: immutable and shared.

    `digest` is over facts, ruleset version and the lists used (design §3).
    """

    digest = models.CharField(max_length=64, unique=True)
    facts_digest = models.CharField(max_length=64)
    ruleset_version = models.CharField(max_length=20)
    lists_digest = models.CharField(max_length=64)
    edition_label = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=20)
    findings = models.JSONField(default=list)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    outcome__in=(
                        "NON_COMPLIANT",
                        "REFER_TO_AUDITOR",
                        "ACTION_REQUIRED",
                        "INCOMPLETE",
                        "MINOR_ACTION",
                        "CLEAR_WITH_NOTES",
                        "CLEAR",
                    )
                ),
                name="attestations_verdict_outcome_known",
            ),
        ]

    def __str__(self):
        return f"{self.outcome} by {self.ruleset_version}"


class CaughtUp(models.Model):
    """The one row that says up to where in the journal changes have been judged again."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "caught up"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="attestations_caughtup_only_one")
        ]

    def __str__(self):
        return f"judged again up to entry {self.position}"
