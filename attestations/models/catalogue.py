from django.db import models

from agencies.lib.constraints import one_of
from attestations.enums import BreachSeverity


class CodeVersion(models.Model):
    """A version of the WHO Global Code of Practice; an unverified one is marked so (Code 9.5)."""

    label = models.CharField(max_length=20, primary_key=True)
    title = models.CharField(max_length=200)
    adopted_on = models.DateField()
    resolution = models.CharField(max_length=60, blank=True)
    is_verified = models.BooleanField(default=False)
    source = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("adopted_on",)

    def __str__(self):
        return self.title


class CodeArticle(models.Model):
    """One article in our own words, with how its text was checked; OWN is never printed as fact."""

    version = models.ForeignKey(CodeVersion, on_delete=models.PROTECT, related_name="articles")
    number = models.CharField(max_length=10)
    paraphrase = models.TextField()
    addressed_to = models.CharField(max_length=80)
    checked_how = models.TextField()
    is_verified = models.BooleanField()

    class Meta:
        ordering = ("version", "number")
        constraints = [
            models.UniqueConstraint(
                fields=("version", "number"), name="attestations_codearticle_number_once"
            ),
        ]

    def __str__(self):
        return f"Article {self.number}"


class CatalogueEditionQuerySet(models.QuerySet):
    def newest(self, on):
        """The edition that was the newest published one on `on`; None before the first."""
        return self.filter(published_on__lte=on).order_by("-published_on", "-label").first()


class CatalogueEdition(models.Model):
    """An edition of the commitments that agencies attest to; published, it never changes."""

    label = models.CharField(max_length=20, primary_key=True)
    urn = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    published_on = models.DateField()
    code_version = models.ForeignKey(CodeVersion, on_delete=models.PROTECT, related_name="+")
    source = models.TextField()
    digest = models.CharField(max_length=64)

    objects = CatalogueEditionQuerySet.as_manager()

    class Meta:
        ordering = ("-published_on",)

    def __str__(self):
        return self.title


class Requirement(models.Model):
    """One sentence an agency attests to, and what an auditor asks for.

    `sources` holds what was read and may be printed; `sources_unverified` never is. A "we do this"
    here stands on the same answer to each requirement in `presupposes`.
    """

    edition = models.ForeignKey(
        CatalogueEdition, on_delete=models.PROTECT, related_name="requirements"
    )
    ref = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField()
    theme = models.CharField(max_length=2)
    theme_title = models.CharField(max_length=80)
    wording = models.TextField()
    articles = models.JSONField(default=list, help_text="Articles of the Code that bear on it.")
    sources = models.TextField()
    sources_unverified = models.TextField(blank=True)
    presupposes = models.JSONField(default=list)
    evidence_expected = models.TextField()
    evidence_required = models.BooleanField(default=False)
    breach_severity = models.CharField(max_length=12, choices=BreachSeverity.choices)
    breach_note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("edition", "position")
        constraints = [
            models.UniqueConstraint(
                fields=("edition", "ref"), name="attestations_requirement_ref_once"
            ),
            models.UniqueConstraint(
                fields=("edition", "position"), name="attestations_requirement_position_once"
            ),
            one_of(
                "breach_severity",
                BreachSeverity.values,
                name="attestations_requirement_severity_known",
            ),
        ]

    def __str__(self):
        return f"{self.ref} {self.wording}"
