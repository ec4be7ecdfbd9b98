"""The countries of ISO 3166-1 with what WHO and the World Bank say of them, from `agencies/data`.

Income groups are the World Bank's for its fiscal year 2025; the year is stored with the group.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from agencies.countries.spellings import default_resolver
from agencies.models import Country

COUNTRIES_FILE = Path(__file__).resolve().parent.parent / "data" / "countries.csv"
INCOME_GROUP_YEAR = "FY2025"


@dataclass(frozen=True)
class Loaded:
    added: int
    changed: int
    unchanged: int


def read_countries() -> Iterator[Country]:
    """The rows of the file as unsaved countries, by the names under which they are shown."""
    shown = default_resolver().name
    with COUNTRIES_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            income_group = row["income_group_fy2025"]
            yield Country(
                iso3=row["iso3"],
                iso2=row["iso2"],
                name=shown(row["iso3"]),
                who_region=row["who_region"],
                is_who_member_state=row["who_member_state"] == "yes",
                income_group=income_group,
                income_group_year=INCOME_GROUP_YEAR if income_group else "",
                is_small_island_developing_state=row["small_island_developing_state"] == "yes",
                is_least_developed=row["least_developed_country"] == "yes",
                status_note="" if row["independent"] == "Yes" else row["independent"],
            )


@transaction.atomic
def load_countries() -> Loaded:
    """Bring the table in line with the file; loading again changes nothing, and removes nothing."""
    stored = {country.pk: country for country in Country.objects.select_for_update()}
    fields = [field.attname for field in Country._meta.concrete_fields if not field.primary_key]
    added, changed, unchanged = [], [], 0
    for country in read_countries():
        known = stored.get(country.pk)
        if known is None:
            added.append(country)
        elif any(getattr(known, field) != getattr(country, field) for field in fields):
            changed.append(country)
        else:
            unchanged += 1
    Country.objects.bulk_create(added)
    if changed:
        Country.objects.bulk_update(changed, fields)
    return Loaded(len(added), len(changed), unchanged)
