"""What the lists say of a country on a day, and how editions follow one another."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from agencies.models import Country
from attestations.safeguards.editions import Difference, difference
from attestations.safeguards.models import (
    Agreement,
    AuthorizationRequirement,
    CountryCommunication,
    Emergency,
    ListEdition,
    ListEntry,
    NationalGrade,
    NationalList,
)


def edition_before(edition) -> ListEdition | None:
    """The active edition that held until this one."""
    return ListEdition.objects.in_force(edition.valid_from - timedelta(days=1))


def edition_after(edition) -> ListEdition | None:
    """The active edition that ends this one."""
    later = ListEdition.objects.active().filter(valid_from__gt=edition.valid_from)
    return later.order_by("valid_from").first()


def countries_of(edition) -> frozenset[str]:
    if edition is None:
        return frozenset()
    return frozenset(edition.entries.values_list("country", flat=True))


def difference_between(earlier, later) -> Difference:
    """By country; no edition at all lists none."""
    return difference(countries_of(earlier), countries_of(later))


@dataclass(frozen=True)
class NationalAnswer:
    """What a national list says of a country on a day: a grade, none, or that it is not certain."""

    national_list: NationalList
    grade: NationalGrade | None
    uncertain: NationalGrade | None


@dataclass(frozen=True)
class CountryOnADay:
    """Everything recorded about recruitment from, or to, a country on one day."""

    country: Country
    on: date
    edition: ListEdition | None
    entry: ListEntry | None
    national: tuple[NationalAnswer, ...]
    agreements: tuple[Agreement, ...]
    communications: tuple[CountryCommunication, ...]
    emergencies: tuple[Emergency, ...]
    requirements: tuple[AuthorizationRequirement, ...]


def country_on(country, on: date) -> CountryOnADay:
    """In force on that day, both ends included; what is not recorded is not known."""
    edition = ListEdition.objects.in_force(on)
    entry = edition.entries.filter(country=country).first() if edition else None
    return CountryOnADay(
        country=country,
        on=on,
        edition=edition,
        entry=entry,
        national=tuple(_national_answers(country, on)),
        agreements=tuple(
            Agreement.objects.in_force(on)
            .filter(Q(source_country=country) | Q(destination_country=country))
            .select_related("source_country", "destination_country")
        ),
        communications=tuple(
            CountryCommunication.objects.in_force(on)
            .filter(country=country)
            .select_related("country")
        ),
        emergencies=tuple(
            Emergency.objects.in_force(on).filter(country=country).select_related("country")
        ),
        requirements=tuple(
            AuthorizationRequirement.objects.in_force(on)
            .filter(country=country)
            .select_related("country")
        ),
    )


def _national_answers(country, on):
    rows = list(NationalGrade.objects.around(on).filter(country=country).order_by("-valid_from"))
    for national_list in NationalList.objects.select_related("country"):
        of_list = [row for row in rows if row.national_list_id == national_list.pk]
        certain = next((row for row in of_list if row.valid_from <= on), None)
        # a certain row of the same country settles a day that another leaves open
        uncertain = None if certain else next(iter(of_list), None)
        yield NationalAnswer(national_list, certain, uncertain)
