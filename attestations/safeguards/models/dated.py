"""What holds from a day to a day: agreements, communications, emergencies, requirements."""

import uuid

from django.db import models
from django.db.models import F, Q

from agencies.enums import Side
from agencies.lib.constraints import one_of
from agencies.models import Country
from attestations.enums import CommunicationKind
from attestations.safeguards.models.recording import Recorded, recorded_by_two


class Agreement(Recorded):
    """A government-to-government agreement that may cover managed recruitment (Code 5.2)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    source_country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    destination_country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    occupations = models.JSONField(default=list, help_text="ISCO-08 codes of the posts covered.")
    agencies_may_act = models.BooleanField(default=False)
    health_ministry_takes_part = models.BooleanField(default=False)
    quota = models.PositiveIntegerField(null=True, blank=True)
    document = models.TextField(help_text="Where its text can be read, or the file it came from.")

    class Meta:
        ordering = ("reference",)
        constraints = [
            *recorded_by_two(
                "agreement", two_people_name="attestations_agreement_confirmed_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(source_country=F("destination_country")),
                name="attestations_agreement_between_two_countries",
            ),
        ]

    def __str__(self):
        return f"{self.reference}: {self.title}"


class CountryCommunication(Recorded):
    """What a source country has told of recruitment from it: willing, or restricting (B1.5(c)).

    A willing country stays on the List: there is no opt-out.
    """

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=CommunicationKind.choices)
    occupations = models.JSONField(default=list)
    document = models.TextField()

    class Meta:
        ordering = ("country", "valid_from")
        constraints = [
            one_of("kind", CommunicationKind.values, name="attestations_communication_kind_known"),
            *recorded_by_two("communication"),
            models.UniqueConstraint(
                fields=("country", "kind", "valid_from"),
                name="attestations_communication_once_a_day",
            ),
        ]

    def __str__(self):
        return f"{self.country_id} {self.kind} from {self.valid_from}"


class Emergency(Recorded):
    """An emergency at source or destination, from a day to a day (B1.2)."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    source = models.TextField()

    class Meta:
        ordering = ("country", "valid_from")
        verbose_name_plural = "emergencies"
        constraints = [
            *recorded_by_two("emergency"),
            models.UniqueConstraint(
                fields=("country", "title", "valid_from"), name="attestations_emergency_once"
            ),
        ]

    def __str__(self):
        return self.title


class AuthorizationRequirement(Recorded):
    """That a country, on a side, requires recruiters to be authorized; not recorded is unknown."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=12, choices=Side.choices)
    source = models.TextField()

    class Meta:
        ordering = ("country", "side", "valid_from")
        constraints = [
            one_of(
                "side",
                (Side.SOURCE, Side.DESTINATION),
                name="attestations_authrequirement_side_known",
            ),
            *recorded_by_two("authrequirement"),
            models.UniqueConstraint(
                fields=("country", "side", "valid_from"), name="attestations_authrequirement_once"
            ),
        ]

    def __str__(self):
        return f"{self.country_id} {self.side}"
