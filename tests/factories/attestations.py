"""Records of the rooms `attestations` and `safeguards`, made plainly: fixed days, no surprises."""

import copy
from datetime import UTC, date, datetime
from functools import cache

from django.db import transaction

from agencies.models import Country
from attestations.models import (
    Agreement,
    AuthorizationRequirement,
    CatalogueEdition,
    CodeArticle,
    CodeVersion,
    CountryCommunication,
    Emergency,
    ListEdition,
    ListEntry,
    NationalGrade,
    NationalList,
    Requirement,
)
from attestations.reference import load_reference
from tests.factories.agencies import country

LOADED_AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CATALOGUE = "2026-1"

_REFERENCE = (
    CodeVersion,
    CodeArticle,
    CatalogueEdition,
    Requirement,
    ListEdition,
    ListEntry,
    NationalList,
    NationalGrade,
)


def reference():
    """What `load_reference` loads, without its journal entries; a second call changes nothing.

    Read from the files once a process, then copied in: about a thousand rows in a few statements.
    """
    if ListEdition.objects.exists():
        return
    countries, tables = _reference_rows()
    Country.objects.bulk_create(map(copy.copy, countries), ignore_conflicts=True)
    for rows in tables:
        rows[0]._meta.model.objects.bulk_create(map(copy.copy, rows))
    ListEdition.objects.update(activated_at=LOADED_AT, applied_at=LOADED_AT)


@cache
def _reference_rows():
    with transaction.atomic():
        load_reference(at=LOADED_AT)
        countries = list(Country.objects.all())
        tables = [list(model.objects.order_by("pk")) for model in _REFERENCE]
        transaction.set_rollback(True)
    for row in (row for rows in tables for row in rows):
        if row._meta.pk.get_internal_type() == "BigAutoField":
            row.pk = None
        if isinstance(row, ListEdition):
            row.activated_at = row.applied_at = None
    return countries, tables


def requirement(ref="REQ-01"):
    """A requirement of the catalogue that `reference` brings."""
    return Requirement.objects.get(edition=CATALOGUE, ref=ref)


def list_edition(
    label="2027",
    *,
    countries=("GHA", "ZWE"),
    valid_from=date(2027, 3, 1),
    loaded_by=None,
    activated_by=None,
    is_active=True,
):
    """An invented edition of the List, made without files."""
    edition = ListEdition.objects.create(
        label=label,
        urn=f"urn:recruitment-code-registry:safeguards-list:{label}",
        title=f"Example list {label}",
        published_on=valid_from,
        valid_from=valid_from,
        source="invented for a test",
        digest="0" * 64,
        loaded_at=LOADED_AT,
        loaded_by=loaded_by,
    )
    ListEntry.objects.bulk_create(
        ListEntry(edition=edition, country=country(iso3), printed_name=country(iso3).name)
        for iso3 in countries
    )
    if is_active:
        edition.activated_at, edition.activated_by = LOADED_AT, activated_by
        edition.save(update_fields=["activated_at", "activated_by"])
    return edition


def agreement(
    reference="EX-1",
    *,
    source="BGD",
    destination="SAU",
    valid_from=date(2020, 1, 1),
    valid_until=None,
    occupations=("2221",),
    agencies_may_act=True,
    health_ministry_takes_part=True,
    quota=None,
    is_confirmed=True,
):
    """An invented agreement between two governments."""
    return Agreement.objects.create(
        reference=reference,
        title=f"Example agreement {reference}",
        source_country=country(source),
        destination_country=country(destination),
        valid_from=valid_from,
        valid_until=valid_until,
        occupations=list(occupations),
        agencies_may_act=agencies_may_act,
        health_ministry_takes_part=health_ministry_takes_part,
        quota=quota,
        document="invented for a test",
        is_invented=True,
        recorded_at=LOADED_AT,
        confirmed_at=LOADED_AT if is_confirmed else None,
    )


def communication(
    iso3="ETH",
    *,
    kind="willing",
    valid_from=date(2026, 6, 1),
    valid_until=None,
    occupations=("2221",),
    is_confirmed=True,
):
    """What an invented letter of a country said of recruitment from it."""
    return CountryCommunication.objects.create(
        country=country(iso3),
        kind=kind,
        valid_from=valid_from,
        valid_until=valid_until,
        occupations=list(occupations),
        document="invented for a test",
        is_invented=True,
        recorded_at=LOADED_AT,
        confirmed_at=LOADED_AT if is_confirmed else None,
    )


def emergency(iso3="LKA", *, title="Example crisis", valid_from=date(2022, 4, 1), valid_until=None):
    return Emergency.objects.create(
        country=country(iso3),
        title=title,
        valid_from=valid_from,
        valid_until=valid_until,
        source="invented for a test",
        is_invented=True,
        recorded_at=LOADED_AT,
    )


def authorization_requirement(
    iso3="PHL", *, side="source", valid_from=date(2015, 1, 1), valid_until=None
):
    return AuthorizationRequirement.objects.create(
        country=country(iso3),
        side=side,
        valid_from=valid_from,
        valid_until=valid_until,
        source="invented for a test",
        is_invented=True,
        recorded_at=LOADED_AT,
    )
