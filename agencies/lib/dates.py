"""Dates from other people's files: read strictly, and never guessed.

A day decides which edition of the List a recruitment is judged by, so 03/04/2024 is not read as
either of its days: it is refused, and the refusal offers both.
"""

import datetime as dt
import re

EARLIEST = dt.date(2000, 1, 1)
YEARS_AHEAD = 2

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_AND_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ T][0-9]{2}:[0-9]{2}.*")
_THREE_NUMBERS = re.compile(
    r"([0-9]{1,4})\s*[-./ ]\s*([0-9]{1,2})\s*[-./ ]\s*([0-9]{1,4})(?:[ T].*)?"
)
_EIGHT_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"[0-9]{5}(?:\.0*)?")
_WITH_MONTH_NAME = re.compile(
    r"(?:(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[-. ]*(?:of )?)?(?P<month>[A-Za-z]{3,9})[-., ]*"
    r"(?:(?P<day_after>[0-9]{1,2})(?:st|nd|rd|th)?[-., ]+)?(?P<year>[0-9]{4})"
)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_SPREADSHEET_EPOCH = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}


class DateRefused(ValueError):
    """The value is not a date that can be taken; `readings` are the days it could have meant."""

    def __init__(self, message: str, readings: tuple[dt.date, ...] = ()) -> None:
        super().__init__(message)
        self.readings = readings


def parse_date(
    value: object, *, today: dt.date, epoch_1904: bool = False, day_first: bool | None = None
) -> dt.date:
    """The day that `value` says without doubt: text `YYYY-MM-DD`, or a spreadsheet's own date.

    A spreadsheet's date arrives as a date, as a datetime at midnight, or as a serial number;
    `epoch_1904` says that the workbook counts from 1904. `day_first` is what somebody said of the
    whole column: then a text is taken that has one reading in that order. Days before 2000, and
    days more than two years after `today`, are refused.
    """
    if isinstance(value, str):
        return _in_range(_from_text(value.strip(), today, day_first), today)
    if isinstance(value, dt.datetime):
        if value.time() != dt.time():
            raise DateRefused(
                f"This cell holds a time of day as well ({value:%Y-%m-%d %H:%M}). "
                f"Type {value.date()}.",
                (value.date(),),
            )
        return _in_range(value.date(), today)
    if isinstance(value, dt.date):
        return _in_range(value, today)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _in_range(_from_serial(value, epoch_1904=epoch_1904), today)
    raise DateRefused("This is not a date. Type it as YYYY-MM-DD.")


def latest(today: dt.date) -> dt.date:
    """The last day that is taken on `today`."""
    try:
        return today.replace(year=today.year + YEARS_AHEAD)
    except ValueError:  # 29 February
        return dt.date(today.year + YEARS_AHEAD, 3, 1)


def _from_text(text: str, today: dt.date, day_first: bool | None) -> dt.date:
    if _ISO.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError as impossible:
            raise DateRefused(
                f"There is no day {text} in the calendar. Look it up and type it as YYYY-MM-DD."
            ) from impossible
    if not text:
        raise DateRefused("No date was given. Type it as YYYY-MM-DD.")
    if day_first is not None:
        ordered = _within(_readings(text, day_first), today)
        if len(ordered) == 1:
            return ordered[0]
    readings = _within(_readings(text), today)
    shown = text if len(text) <= 30 else f"{text[:29]}…"
    match readings:
        case ():
            raise DateRefused(f"“{shown}” is not a date we can read. Type it as YYYY-MM-DD.")
        case (only,):
            raise DateRefused(f"Type {only} instead of “{shown}”.", readings)
        case _:
            offered = " or ".join(
                f"{day} ({day.day} {_MONTHS[day.month - 1].capitalize()})" for day in readings
            )
            raise DateRefused(f"“{shown}” can be read in more than one way: {offered}.", readings)


def _within(days: list[dt.date], today: dt.date) -> tuple[dt.date, ...]:
    return tuple(day for day in days if EARLIEST <= day <= latest(today))


def _readings(text: str, day_first: bool | None = None) -> list[dt.date]:
    """Every day that people write like this somewhere, or with the day or the month first."""
    if match := _ISO_AND_TIME.fullmatch(text):
        orders = [(match[1], match[2], match[3])]
    elif match := _THREE_NUMBERS.fullmatch(text):
        a, b, c = match.groups()
        if len(a) == 4:
            orders = [(a, b, c), (a, c, b)] if len(c) < 3 else []
        elif len(c) == 4:
            orders = _in_order([(c, b, a)], [(c, a, b)], day_first)
        else:
            year_first = [(f"20{a}", b, c)] if len(a) == 2 and day_first is None else []
            by_day, by_month = [(f"20{c:0>2}", b, a)], [(f"20{c:0>2}", a, b)]
            orders = _in_order(by_day, by_month, day_first) + year_first
    elif match := _EIGHT_DIGITS.fullmatch(text):
        orders = [(match[1], match[2], match[3])]
    elif _SERIAL.fullmatch(text):
        return [_SPREADSHEET_EPOCH[False] + dt.timedelta(days=int(float(text)))]
    elif match := _WITH_MONTH_NAME.fullmatch(text):
        orders = _with_month_name(match)
    else:
        orders = []
    days = []
    for year, month, day in orders:
        try:
            days.append(dt.date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return sorted(set(days))


def _in_order(
    by_day: list[tuple[str, str, str]], by_month: list[tuple[str, str, str]], day_first: bool | None
) -> list[tuple[str, str, str]]:
    if day_first is None:
        return by_day + by_month
    return by_day if day_first else by_month


def _with_month_name(match: re.Match[str]) -> list[tuple[str, str, str]]:
    day = match["day"] or match["day_after"]
    named = match["month"].lower()
    months = [at for at, name in enumerate(_MONTHS, start=1) if name.startswith(named)]
    return [(match["year"], str(months[0]), day)] if day and len(months) == 1 else []


def _from_serial(number: float, *, epoch_1904: bool) -> dt.date:
    if number != number or number in (float("inf"), float("-inf")) or abs(number) > 2_900_000:
        raise DateRefused("This number is not a spreadsheet's date. Type it as YYYY-MM-DD.")
    day = _SPREADSHEET_EPOCH[epoch_1904] + dt.timedelta(days=int(number)) if number >= 0 else None
    if day is None:
        raise DateRefused("This number is not a spreadsheet's date. Type it as YYYY-MM-DD.")
    if number != int(number):
        raise DateRefused(f"This cell holds a time of day as well. Type {day}.", (day,))
    return day


def _in_range(day: dt.date, today: dt.date) -> dt.date:
    if day < EARLIEST:
        raise DateRefused(f"{day} is before {EARLIEST}, the first day we take. Is the year right?")
    if day > (last := latest(today)):
        raise DateRefused(
            f"{day} is after {last}, more than {YEARS_AHEAD} years ahead. Is the year right?"
        )
    return day
