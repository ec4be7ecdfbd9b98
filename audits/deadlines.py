"""By when: the days that a grade, or an appeal, leaves (domain/roles.md; our choice, settings)."""

from datetime import date, timedelta

from audits.enums import FindingGrade

SATURDAY = 5


def add_working_days(day: date, count: int) -> date:
    """The day that is `count` working days after `day`: Monday to Friday.

    Public holidays differ by country and are not known here, so they count as working days.
    """
    while count:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            count -= 1
    return day


def correction_due_on(
    grade: str, requested_on: date, *, critical_working_days: int, major_days: int, minor_days: int
) -> date | None:
    """The last day for a corrective action; an observation asks for none."""
    match grade:
        case FindingGrade.CRITICAL:
            return add_working_days(requested_on, critical_working_days)
        case FindingGrade.MAJOR:
            return requested_on + timedelta(days=major_days)
        case FindingGrade.MINOR:
            return requested_on + timedelta(days=minor_days)
        case _:
            return None


def appeal_until(decided_on: date, *, days: int) -> date:
    """The last day on which an appeal may be lodged, itself included."""
    return decided_on + timedelta(days=days)


def years_before(day: date, years: int) -> date:
    """The same day `years` earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
