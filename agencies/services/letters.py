"""What a message of the outbox says: its subject and its text, as they go out.

A template in `templates/email/` extends `base.txt` (or `to_staff.txt`) and fills the parts that a
reader looks for: subject, happened, why, when, next. It is given the context of the delivery, in
which days and moments are written out, and besides:

* `link`: the page to go to, under the canonical origin;
* `agency`, `agency_number`: where the entry is about one, its name with its number, and the number;
* `asked`, `asked_address`: who answers questions: the agency's regulator, or whoever runs this,
  unless the context names another;
* `zone`: the register's time zone.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _

from agencies.models import Agency

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}\S*")
DAY_FORMAT = "j F Y"
MOMENT_FORMAT = "j F Y, H:i"

_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


@dataclass(frozen=True, slots=True)
class Letter:
    """`answers_to` is who reads what is answered; empty where that is the sender."""

    subject: str
    body: str
    answers_to: str


def letter(delivery, path):
    """The letter of a delivery; `path` is where its link leads."""
    recipient, agency = delivery.recipient, _agency_of(delivery.entry)
    context = {
        **_asked_about(agency),
        **{name: _said(value) for name, value in delivery.context.items()},
        **({"agency": str(agency), "agency_number": agency.register_number} if agency else {}),
        "product_name": settings.PRODUCT_NAME,
        "origin": settings.CANONICAL_ORIGIN,
        "zone": settings.REGISTRY_TIME_ZONE,
        "link": settings.CANONICAL_ORIGIN + path if path else "",
        "recipient_name": recipient.name if recipient else "",
    }
    # plain text: an apostrophe in a name is no markup
    text = get_template(f"{delivery.template}.txt").template.render(
        Context(context, autoescape=False)
    )
    subject, body = text.strip().split("\n", 1)
    return Letter(
        subject=" ".join(subject.split()),
        body=_BLANK_LINES.sub("\n\n", body.strip()) + "\n",
        answers_to=context["asked_address"] if agency else "",
    )


def _agency_of(entry):
    agencies = Agency.objects.select_related("regulator")
    return agencies.filter(register_number=entry.agency_number).first()


def _asked_about(agency):
    """Who answers questions, unless the context names somebody else."""
    if agency is None:
        address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        return {"asked": _("whoever runs this register"), "asked_address": address}
    return {"asked": agency.regulator.name, "asked_address": agency.regulator.contact_email}


def _said(value):
    """A day or a moment of the outbox in words; whatever else as it is."""
    if isinstance(value, list):
        return [_said(one) for one in value]
    if isinstance(value, str) and DAY.fullmatch(value):
        return written(date.fromisoformat(value), DAY_FORMAT)
    if isinstance(value, str) and MOMENT.fullmatch(value):
        moment = timezone.localtime(datetime.fromisoformat(value))
        return f"{written(moment, MOMENT_FORMAT)} ({settings.REGISTRY_TIME_ZONE})"
    return value
