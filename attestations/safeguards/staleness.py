"""Data stewards are told when the List in force has grown old; nobody else has to do anything.

WHO reviews the List every three years. This module is imported in `AppConfig.ready()`.
"""

from datetime import date

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from agencies.desk import Notice, notices_by
from attestations.safeguards.models import ListEdition
from attestations.safeguards.permissions import is_steward

YEARS = 3


def is_old(published_on: date, on: date) -> bool:
    """Whether three years have passed since the day of publication."""
    return (on.year - YEARS, on.month, on.day) >= (
        published_on.year,
        published_on.month,
        published_on.day,
    )


@notices_by
def notices_of_an_old_edition(user, on):
    """Silent as soon as a later edition is active, though its day has not come."""
    edition = ListEdition.objects.in_force(on)
    if edition is None or not is_old(edition.published_on, on) or not is_steward(user):
        return []
    later = ListEdition.objects.filter(valid_from__gt=edition.valid_from)
    if later.active().exists():
        return []
    since = formats.date_format(edition.published_on, "j F Y")
    said = _("“%(title)s” was published on %(since)s, more than three years ago.") % {
        "title": edition.title,
        "since": since,
    }
    waits = later.waiting().order_by("valid_from").first()
    if waits:
        return [
            Notice(
                said + " " + _("A later one is loaded and waits for a second person."),
                _("Compare it with what was published, and activate it"),
                reverse("safeguards:edition", args=(waits.label,)),
            )
        ]
    return [
        Notice(
            said + " " + _("Ask WHO whether a later one has been published, and load it here."),
            _("Load an edition"),
            reverse("safeguards:load"),
        )
    ]
