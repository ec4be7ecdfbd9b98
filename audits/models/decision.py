import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.lib.constraints import all_or_none, in_order, one_of
from audits.enums import AppealState, DecisionOutcome, DecisionState
from audits.models.audit import Audit

KEPT_FROM_THE_AGENCY = (DecisionState.PROPOSED, DecisionState.DECLINED)


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one door: the case's staff see proposals too, the agency what was decided."""
        return self.filter(
            Q(audit__in=Audit.objects.of_case_staff(user))
            | (Q(audit__in=Audit.objects.of_auditee(user)) & ~Q(state__in=KEPT_FROM_THE_AGENCY))
        )


class AppealQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(decision__audit__in=Audit.objects.visible_to(user))


class Decision(models.Model):
    """What was decided on an audit: proposed by one person, decided by another outside the team."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="decisions")
    state = models.CharField(
        max_length=10, choices=DecisionState.choices, default=DecisionState.PROPOSED
    )
    outcome = models.CharField(max_length=25, choices=DecisionOutcome.choices)
    reasons = models.TextField()
    conditions = models.TextField(blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    appeal_until = models.DateField(null=True, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decline_reason = models.TextField(blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ("-proposed_at",)
        constraints = [
            one_of("state", DecisionState.values, name="audits_decision_state_known"),
            one_of("outcome", DecisionOutcome.values, name="audits_decision_outcome_known"),
            all_or_none("decided_at", "decided_by", name="audits_decision_decided_pair"),
            models.CheckConstraint(
                condition=Q(state=DecisionState.PROPOSED, decided_at=None)
                | (~Q(state=DecisionState.PROPOSED) & Q(decided_at__isnull=False)),
                name="audits_decision_state_fits_dates",
            ),
            models.CheckConstraint(
                condition=Q(state=DecisionState.SET_ASIDE, set_aside_at__isnull=False)
                | (~Q(state=DecisionState.SET_ASIDE) & Q(set_aside_at=None)),
                name="audits_decision_set_aside_dated",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="audits_decision_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=DecisionOutcome.GRANTED_WITH_CONDITIONS) | ~Q(conditions=""),
                name="audits_decision_conditions_said",
            ),
            models.CheckConstraint(
                condition=Q(outcome=DecisionOutcome.REFUSED, valid_from=None, valid_until=None)
                | (
                    ~Q(outcome=DecisionOutcome.REFUSED)
                    & Q(valid_from__isnull=False, valid_until__isnull=False)
                ),
                name="audits_decision_grant_is_dated",
            ),
            in_order("valid_from", "valid_until", name="audits_decision_validity_in_order"),
            models.CheckConstraint(condition=~Q(reasons=""), name="audits_decision_gives_reasons"),
            models.UniqueConstraint(
                fields=("audit",),
                condition=Q(state__in=(DecisionState.PROPOSED, DecisionState.DECIDED)),
                name="audits_decision_one_standing_an_audit",
            ),
        ]

    def __str__(self):
        return f"{self.outcome} on audit {self.audit_id}"


class Appeal(models.Model):
    """An agency's appeal against a decision, answered by somebody who had no part in it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    state = models.CharField(max_length=20, choices=AppealState.choices, default=AppealState.LODGED)
    grounds = models.TextField()
    lodged_at = models.DateTimeField()
    lodged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    heard_at = models.DateTimeField(null=True, blank=True)
    heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reasons = models.TextField(blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ("-lodged_at",)
        constraints = [
            one_of("state", AppealState.values, name="audits_appeal_state_known"),
            all_or_none("heard_at", "heard_by", name="audits_appeal_heard_pair"),
            models.CheckConstraint(
                condition=Q(state=AppealState.LODGED, heard_at=None)
                | (~Q(state=AppealState.LODGED) & Q(heard_at__isnull=False) & ~Q(reasons="")),
                name="audits_appeal_answer_gives_reasons",
            ),
            models.CheckConstraint(condition=~Q(grounds=""), name="audits_appeal_has_grounds"),
        ]

    def __str__(self):
        return f"appeal {self.public_id} ({self.state})"
