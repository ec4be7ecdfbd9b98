"""The log as rows: leaves, the tree over them, what was signed and who outside has seen it.

Triggers refuse UPDATE, DELETE and TRUNCATE on all of them but the openings, which can be erased.
"""

from django.db import models
from django.db.models import Q

from agencies.models import JournalEntry


class LogLeaf(models.Model):
    """A public act as the log holds it for ever: the canonical bytes that were hashed.

    `logged_at` never steps back from one leaf to the next. It is the act's own instant, unless the
    leaf was written later than the act, which its content then says.
    """

    position = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=100)
    content = models.TextField(help_text="Canonical JSON (RFC 8785).")
    logged_at = models.DateTimeField()

    class Meta:
        ordering = ("position",)
        verbose_name_plural = "log leaves"
        indexes = [
            # "at which position stands this certificate", on its page
            models.Index(fields=("about", "kind"), name="audits_logleaf_about"),
            # how large the log was at an instant
            models.Index(fields=("logged_at",), name="audits_logleaf_logged_at"),
        ]

    def __str__(self):
        return f"{self.position} {self.kind} {self.about}"


class LogNode(models.Model):
    """One full node of the tree over the leaves (RFC 6962), by level and place."""

    pk = models.CompositePrimaryKey("level", "place")
    level = models.PositiveSmallIntegerField()
    place = models.PositiveBigIntegerField()
    hash = models.BinaryField(max_length=32)

    def __str__(self):
        return f"node {self.place} of level {self.level}"


class LogOpening(models.Model):
    """What a commitment in a leaf stands for, and its salt; erasing the row closes it for ever."""

    leaf = models.ForeignKey(LogLeaf, on_delete=models.PROTECT, related_name="openings")
    name = models.CharField(max_length=40)
    salt = models.CharField(max_length=64)
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("leaf", "name"), name="audits_logopening_once"),
        ]
        indexes = [
            # erasing everything that was committed to about one person
            models.Index(fields=("name", "value"), name="audits_logopening_value"),
        ]

    def __str__(self):
        return f"{self.name} of leaf {self.leaf_id}"


class LogCheckpoint(models.Model):
    """What the register signed about its log: its size, its root, and the note as it was sent."""

    size = models.PositiveBigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    note = models.TextField()
    key = models.ForeignKey("audits.SigningKey", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ("-size",)

    def __str__(self):
        return f"checkpoint at {self.size}"


class WatchedLog(models.Model):
    """A log of another register that this one witnesses, and the key its checkpoints carry."""

    origin = models.CharField(max_length=200, primary_key=True)
    verifier_key = models.CharField(max_length=300)
    added_at = models.DateTimeField()

    def __str__(self):
        return self.origin


class SeenCheckpoint(models.Model):
    """A checkpoint that somebody outside has seen, ours or another register's.

    Of our own log: where it went, and the cosignature that came back. Of a watched log: what was
    received, found consistent with what was seen before, and cosigned.
    """

    origin = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    witness = models.CharField(max_length=200)
    note = models.TextField()
    cosignature = models.TextField(blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("origin", "-size", "-seen_at")
        constraints = [
            models.CheckConstraint(condition=~Q(witness=""), name="audits_seencheckpoint_by_whom"),
        ]
        indexes = [
            # the largest that was seen of one log
            models.Index(fields=("origin", "-size"), name="audits_seencheckpoint_largest"),
        ]

    def __str__(self):
        return f"{self.origin} at {self.size}, seen by {self.witness}"
