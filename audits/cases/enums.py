"""The closed sets of words of the desk: what waits, how far it is, for whom, and how it ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseKind(models.TextChoices):
    ATTESTATION = "attestation", _("Attestation")
    CLAIM = "claim", _("Claim to act for an agency")
    AUDIT = "audit", _("Audit")
    CORRECTION = "correction", _("Corrective action")
    DECISION = "decision", _("Proposed decision")
    APPEAL = "appeal", _("Appeal")
    STATUS_CHANGE = "status_change", _("Proposed change of status")
    CONCERN = "concern", _("Concern")


class Stage(models.TextChoices):
    HANDED_IN = "handed_in", _("Handed in")
    RETURNED = "returned", _("Returned for changes")
    QUESTION_ASKED = "question_asked", _("Question asked")
    ANSWERED = "answered", _("Question answered")
    PLANNED = "planned", _("Planned")
    CONDUCTING = "conducting", _("Being conducted")
    CONCLUDED = "concluded", _("Concluded, report not issued")
    REPORTED = "reported", _("Reported")
    FOLLOW_UP = "follow_up", _("In follow-up")
    REQUESTED = "requested", _("Asked for")
    PROPOSED = "proposed", _("Proposed")
    LODGED = "lodged", _("Lodged")
    RECEIVED = "received", _("Received")


class WaitsOn(models.TextChoices):
    """`AGENCY` is the other side, whoever it is: of a concern it is the person who raised it."""

    REGULATOR = "regulator", _("Us")
    AGENCY = "agency", _("The other side")


class Ending(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    VERIFIED = "verified", _("Verified")
    NOT_ACCEPTED = "not_accepted", _("Not accepted, asked for again")
    TAKEN = "taken", _("Decided")
    DECLINED = "declined", _("Proposal not followed")
    HEARD = "heard", _("Heard")
    CONFIRMED = "confirmed", _("Confirmed")
    WITH_AUDIT = "with_audit", _("Ended with its audit")
