"""What an agency's people said of the columns of its files, kept for the next file."""

from django.conf import settings
from django.db import models

from agencies.models import Agency
from agencies.models.agencies import OfAgencyQuerySet


class RememberedColumn(models.Model):
    """What a header of an agency's files stands for, as somebody of it once said."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="remembered_columns")
    header = models.CharField(max_length=200, help_text="The header as `columns.key_of` reads it.")
    name = models.CharField(
        max_length=40, blank=True, help_text="Our name for the column; empty: it is left aside."
    )
    remembered_at = models.DateTimeField()
    remembered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        ordering = ("agency", "header")
        constraints = [
            models.UniqueConstraint(
                fields=("agency", "header"), name="attestations_rememberedcolumn_once"
            ),
        ]

    def __str__(self):
        return f"{self.header}: {self.name or 'left aside'}"
