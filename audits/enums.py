"""The closed sets of words that this room stores."""

from django.db import models


class AuditKind(models.TextChoices):
    INITIAL = "initial", "Initial"
    SURVEILLANCE = "surveillance", "Surveillance"
    RENEWAL = "renewal", "Renewal"
    SPECIAL = "special", "Special"


class AuditState(models.TextChoices):
    PLANNED = "planned", "Planned"
    CONDUCTING = "conducting", "Being conducted"
    REPORTED = "reported", "Reported"
    FOLLOW_UP = "follow_up", "In follow-up"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


class TeamRole(models.TextChoices):
    LEADER = "team_leader", "Team leader"
    AUDITOR = "auditor", "Auditor"
    TECHNICAL_EXPERT = "technical_expert", "Technical expert"
    OBSERVER = "observer", "Observer"


class CheckResult(models.TextChoices):
    CONFORMS = "conforms", "Conforms"
    DOES_NOT = "does_not", "Does not conform"
    NOT_ASSESSED = "not_assessed", "Not assessed"


class FindingGrade(models.TextChoices):
    CRITICAL = "critical", "Critical"
    MAJOR = "major", "Major"
    MINOR = "minor", "Minor"
    OBSERVATION = "observation", "Observation"


class CorrectionState(models.TextChoices):
    REQUESTED = "requested", "Requested"
    SUBMITTED = "submitted", "Submitted"
    VERIFIED = "verified", "Verified"
    REJECTED = "rejected", "Not accepted"


class DecisionOutcome(models.TextChoices):
    GRANTED = "granted", "Granted"
    GRANTED_WITH_CONDITIONS = "granted_with_conditions", "Granted with conditions"
    REFUSED = "refused", "Refused"


class DecisionState(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    DECIDED = "decided", "Decided"
    DECLINED = "declined", "Proposal not followed"
    SET_ASIDE = "set_aside", "Set aside"


class AppealState(models.TextChoices):
    LODGED = "lodged", "Lodged"
    DECISION_UPHELD = "decision_upheld", "Decision upheld"
    DECISION_SET_ASIDE = "decision_set_aside", "Decision set aside"


class DocumentState(models.TextChoices):
    PREPARED = "prepared", "Being prepared"
    ISSUED = "issued", "Issued"
    VOID = "void", "Never issued"


class StatusKind(models.TextChoices):
    SUSPENSION = "suspension", "Suspension"
    RESTORATION = "restoration", "Restoration"
    WITHDRAWAL = "withdrawal", "Withdrawal"


class StatusState(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    CONFIRMED = "confirmed", "Confirmed"
    DECLINED = "declined", "Declined"


class StatusReason(models.TextChoices):
    REQUESTED_BY_AGENCY = "requested_by_agency", "Requested by the agency"
    SUPERSEDED = "superseded", "Replaced by another certificate"
    CEASED_ACTIVITY = "ceased_activity", "The agency has ceased this activity"
    NONCONFORMITY_NOT_CORRECTED = (
        "nonconformity_not_corrected",
        "A nonconformity was not corrected in time",
    )
    MISLEADING_USE = "misleading_use", "Misleading use of the certificate"
    ISSUED_IN_ERROR = "issued_in_error", "Issued in error"
    UNDER_INVESTIGATION = "under_investigation", "Under investigation"
    CORRECTED = "corrected", "The reason for the suspension has been corrected"
    DECISION_SET_ASIDE = "decision_set_aside", "The decision was set aside on appeal"
