from django.db import models


class Country(models.Model):
    """A country or territory with its own ISO 3166-1 code; facts carry their year."""

    iso3 = models.CharField(max_length=3, primary_key=True)
    iso2 = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=120, unique=True)
    who_region = models.CharField(max_length=40, blank=True)
    is_who_member_state = models.BooleanField()
    income_group = models.CharField(max_length=40, blank=True)
    income_group_year = models.CharField(max_length=10, blank=True)
    is_small_island_developing_state = models.BooleanField()
    is_least_developed = models.BooleanField()
    status_note = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "countries"

    def __str__(self):
        return self.name
