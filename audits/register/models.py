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


class NameIndex(models.Model):
    """The one row that says up to which entry of the journal the names are indexed.

    What was written since is searched by name without the index, so a new name is found at once.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "name indexes"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="audits_nameindex_only_one")
        ]

    def __str__(self):
        return f"names indexed up to entry {self.position}"
