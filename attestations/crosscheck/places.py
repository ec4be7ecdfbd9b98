"""Who gets the places of an agreement that has a quota."""

from datetime import date

from attestations.crosscheck.record import day_of_recruitment
from attestations.crosscheck.values import Values, record_from

PlaceInLine = tuple[date, str, str]


def place_in_line(values: Values, agency_number: str, reference: str) -> PlaceInLine:
    """Places go by (day of recruitment, agency number, reference), never by the order of files.

    Who has no day comes after all who have one.
    """
    day, _ = day_of_recruitment(record_from(values))
    return day or date.max, agency_number, reference
