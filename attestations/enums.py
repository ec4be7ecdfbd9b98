"""The closed sets of words that this room stores."""

from django.db import models


class AttestationState(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    ACCEPTED = "accepted", "Accepted"
    RETURNED = "returned", "Returned for changes"
    WITHDRAWN = "withdrawn", "Withdrawn"


class AnswerChoice(models.TextChoices):
    COMPLIES = "complies", "We do this"
    DOES_NOT = "does_not", "We do not do this yet"
    NOT_APPLICABLE = "not_applicable", "Does not apply to us"


class TaskStatus(models.TextChoices):
    """How a task stands on the task list; never stored."""

    NOT_STARTED = "not_started", "Not started"
    DONE = "done", "Done"
    PROBLEM = "problem", "There is a problem"
    CANNOT_START = "cannot_start", "Cannot start yet"


class BreachSeverity(models.TextChoices):
    CRITICAL = "critical", "Critical"
    MAJOR = "major", "Major"
    MINOR = "minor", "Minor"


class NationalListCode(models.TextChoices):
    ENGLAND = "england", "England's red and amber list"
    GERMANY = "germany", "Germany's annex to section 38 of the Employment Ordinance"


class Grade(models.TextChoices):
    RED = "red", "Red"
    AMBER = "amber", "Amber"
    ANNEX = "annex", "In the annex"


class CommunicationKind(models.TextChoices):
    WILLING = "willing", "Willing to have recruitment"
    RESTRICTING = "restricting", "Restricting recruitment"


class RevisionKind(models.TextChoices):
    AGREEMENT = "agreement", "Agreement between governments"
    COMMUNICATION = "communication", "Communication of a country"
    EMERGENCY = "emergency", "Emergency"
    REQUIREMENT = "requirement", "Authorization requirement"
    NATIONAL_LIST = "national_list", "List of a destination"


class RevisionAct(models.TextChoices):
    RECORD = "record", "Recorded"
    END = "end", "Ended"


class ImportState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Being read"
    PREVIEW = "preview", "Ready to look at"
    APPLIED = "applied", "Saved"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class FileKind(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
