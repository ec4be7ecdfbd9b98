"""Public numbers: a locked series, a prefix and a check character (ISO 7064 MOD 37,36).

A number is never given twice and never reused; those that a slip of the pen could turn into
another valid number, or that hold a letter read as a digit, are passed over.
"""

from django.db import transaction
from django.db.models import F

from agencies.lib.check_characters import is_issuable, with_check
from agencies.models import NumberSeries

AGENCY = "AG"
AUDIT = "AU"
REPORT = "AR"
CERTIFICATE = "CE"
STATUS_INDEX = "status_index"


@transaction.atomic
def next_in(series):
    """The next whole number of a series, starting at 1; concurrent callers wait in line."""
    NumberSeries.objects.get_or_create(name=series)
    NumberSeries.objects.filter(name=series).update(last=F("last") + 1)
    return NumberSeries.objects.get(name=series).last


def next_number(prefix):
    """The next public number with `prefix`, six digits and a check character: `AG000017K`."""
    while True:
        number = with_check(f"{prefix}{next_in(prefix):06d}")
        if is_issuable(number):
            return number
