import uuid

from django.conf import settings
from django.db import models

from agencies.enums import Scheme, Side
from agencies.lib.constraints import all_or_none, in_order, one_of
from agencies.models.agencies import Agency, OfAgencyQuerySet, Partner
from agencies.models.countries import Country


class Authorization(models.Model):
    """A licence or authorization of an agency, inclusive at both ends; its number is free text.

    `held` false records the agency's own word that it holds none.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="authorizations")
    side = models.CharField(max_length=12, choices=Side.choices)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    held = models.BooleanField(default=True)
    issuer = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=120, blank=True)
    partner = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="authorizations"
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ("agency", "side", "country", "-valid_from")
        constraints = [
            one_of("side", Side.values, name="agencies_authorization_side_known"),
            in_order(
                "valid_from",
                "valid_until",
                name="agencies_authorization_dates_in_order",
                message="An authorization cannot end before it begins.",
            ),
            all_or_none("checked_at", "checked_by", name="agencies_authorization_checked_pair"),
        ]

    def __str__(self):
        return f"{self.get_side_display()} {self.country_id} {self.number}".strip()


class SchemeMembership(models.Model):
    """An agency's place in a scheme of others, with its dates; absent on a day is not in it."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="scheme_memberships")
    scheme = models.CharField(max_length=20, choices=Scheme.choices)
    reference = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ("agency", "scheme", "-valid_from")
        constraints = [
            one_of("scheme", Scheme.values, name="agencies_schememembership_scheme_known"),
            in_order("valid_from", "valid_until", name="agencies_schememembership_in_order"),
        ]

    def __str__(self):
        return self.get_scheme_display()
