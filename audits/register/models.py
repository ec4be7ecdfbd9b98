from django.db import models

from agencies.models import Agency


class NameTrigram(models.Model):
    """Three letters of a name of an agency: one own search table, so that both databases agree."""

    trigram = models.CharField(max_length=3)
    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="name_trigrams", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("trigram", "agency"), name="audits_nametrigram_once"),
        ]
        indexes = [
            # rebuilding the trigrams of one agency when it is renamed
            models.Index(fields=("agency",), name="audits_nametrigram_agency"),
        ]

    def __str__(self):
        return self.trigram
