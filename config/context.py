"""What every page is given: who runs it, and where its reader may go."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from agencies.enums import CASE_ROLES
from agencies.models import AgencyMembership, RegulatorMembership, User


@dataclass(frozen=True)
class Entry:
    """One line of the menu; one that acts is a form that posts."""

    text: str
    href: str
    current: bool
    acts: bool = False


def site(request: HttpRequest) -> dict[str, Any]:
    """The frame of a page. Costs no query for a reader who has not signed in."""
    return {
        "product_name": settings.PRODUCT_NAME,
        "canonical_origin": settings.CANONICAL_ORIGIN,
        "register_time_zone": settings.REGISTRY_TIME_ZONE,
        "is_demonstration": settings.SIGNING_KEY_IS_DEMONSTRATION,
        "navigation": partial(_navigation, request),
    }


def _navigation(request: HttpRequest) -> list[Entry]:
    entries = []
    # a request whose Host is refused was stopped before anybody asked who sends it
    user = getattr(request, "user", AnonymousUser())
    for text, name, acts in _places(user):
        try:
            href = reverse(name)
        except NoReverseMatch:
            continue
        current = not acts and request.path.startswith(href)
        entries.append(Entry(text, href, current, acts))
    return entries


def _places(user: Any) -> Iterator[tuple[str, str, bool]]:
    yield gettext("Register"), "register:search", False
    yield gettext("Check a certificate"), "register:verify_start", False
    yield gettext("Ask before you recruit"), "placements:ask", False
    if not user.is_authenticated:
        yield gettext("Sign in"), "agencies:sign_in", False
        return
    at_agency, at_regulator, at_desk = _bodies(user)
    if at_agency:
        yield gettext("My agency"), "agencies:home", False
    if at_regulator:
        yield gettext("Regulator"), "agencies:regulator_home", False
    if at_desk:
        yield gettext("Queue"), "cases:queue", False
    yield gettext("Sign out"), "agencies:sign_out", True


def _bodies(user: User) -> tuple[bool, bool, bool]:
    """Whether the person holds a live role at an agency, at a regulator, and one that sees cases
    there: one query."""
    at_agency, at_regulator = (
        model.objects.filter(user=OuterRef("pk"), ended_at=None)
        for model in (AgencyMembership, RegulatorMembership)
    )
    live = (at_agency, at_regulator, at_regulator.filter(role__in=CASE_ROLES))
    return User.objects.filter(pk=user.pk).values_list(*map(Exists, live)).get()
