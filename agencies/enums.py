"""The closed sets of words that this room stores."""

from django.db import models


class AgencyRole(models.TextChoices):
    MEMBER = "member", "Member"
    SIGNING_OFFICER = "signing_officer", "Signing officer"
    ADMIN = "admin", "Administrator"


class RegulatorRole(models.TextChoices):
    CASE_OFFICER = "case_officer", "Case officer"
    AUDITOR = "auditor", "Auditor"
    DECIDER = "decider", "Decider"
    DATA_STEWARD = "data_steward", "Data steward"
    ADMIN = "admin", "Administrator"
    APPEAL_PANEL = "appeal_panel", "Appeal panel"
    NATIONAL_AUTHORITY = "national_authority", "National authority (aggregates only)"


# Who at a regulator sees cases. A data steward keeps lists, a national authority reads aggregates.
CASE_ROLES = (
    RegulatorRole.CASE_OFFICER,
    RegulatorRole.AUDITOR,
    RegulatorRole.DECIDER,
    RegulatorRole.ADMIN,
    RegulatorRole.APPEAL_PANEL,
)


class NameKind(models.TextChoices):
    TRADING = "trading", "Trading name"
    FORMER = "former", "Former legal name"


class EndReason(models.TextChoices):
    ENDED_VOLUNTARILY = "ended_voluntarily", "Ended voluntarily"
    MERGED = "merged", "Merged into another agency"


class Side(models.TextChoices):
    HOME = "home", "Home jurisdiction"
    SOURCE = "source", "Source country"
    DESTINATION = "destination", "Destination country"


class Scheme(models.TextChoices):
    ENGLAND_ERL = "england_erl", "Ethical Recruiters List (England)"
    GERMAN_SEAL = "german_seal", "German seal 'Faire Anwerbung Pflege Deutschland'"
    IRIS = "iris", "IRIS certification (IOM)"
    CGFNS = "cgfns", "CGFNS Alliance Certified Ethical Recruiter"


class RestrictionKind(models.TextChoices):
    SUSPENSION = "suspension", "Suspension"
    WITHDRAWAL = "withdrawal", "Withdrawal"


class PartnerKind(models.TextChoices):
    SUB_AGENT = "sub_agent", "Sub-agent"
    SOURCE_PARTNER = "source_partner", "Partner in the source country"
    DESTINATION_PARTNER = "destination_partner", "Partner in the destination country"
    TRAINING_PARTNER = "training_partner", "Training partner"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
