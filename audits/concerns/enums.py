from django.db import models
from django.utils.translation import gettext_lazy as _


class ConcernKind(models.TextChoices):
    """What somebody saw, in their words; each stands against a commitment."""

    FEES = "fees", _("A worker was asked for fees or costs")
    CONTRACT = "contract", _("The contract or the job was not as promised")
    PAPERS = "papers", _("A passport or other papers were kept")
    PRESSURE = "pressure", _("Threats, debts or bonds to make somebody stay")
    LISTED = "listed", _("People were recruited in a country where that should not happen")
    CLAIM = "claim", _("A certificate or licence was claimed that is not there")
    OTHER = "other", _("Something else")


# the commitment against which a regulator will hold it
COMMITMENTS = {
    ConcernKind.FEES: "REQ-21",
    ConcernKind.CONTRACT: "REQ-28",
    ConcernKind.PAPERS: "REQ-31",
    ConcernKind.PRESSURE: "REQ-32",
    ConcernKind.LISTED: "REQ-11",
    ConcernKind.CLAIM: "REQ-03",
}
