"""What an agency does next, as links; pages of other rooms are named, not imported."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.links import link_to


@dataclass(frozen=True)
class Step:
    text: str
    href: str


def next_steps(agency):
    """For an agency of `with_what_is_missing`: first what is missing, then the daily work."""
    number = agency.register_number
    if agency.stage != "live":
        return []
    steps = []
    if agency.lacks_signatory:
        add = reverse("agencies:add_record", args=(number, "officer"))
        steps.append(Step(_("Name who signs for you"), add))
    if agency.lacks_authorization:
        add = reverse("agencies:add_record", args=(number, "authorization"))
        steps.append(Step(_("Record your authorizations, or that you hold none"), add))
    steps += [
        Step(_("Declare how you meet the Code, requirement by requirement"), declarations(number)),
        Step(_("Upload placements and see what is wrong with them"), placements(number)),
        Step(_("Answer the findings of audits"), audits(number)),
    ]
    return [step for step in steps if step.href]


def declarations(number):
    return link_to("attestations:overview", number)


def placements(number):
    return link_to("placements:list", number)


def audits(number):
    return link_to("audits:for_agency", number)


def cases(number):
    """The regulator's own side: its queue, narrowed to this agency."""
    queue = link_to("audits:list")
    return f"{queue}?agency={number}" if queue else ""


def public_page(number):
    return link_to("register:agency", number)
