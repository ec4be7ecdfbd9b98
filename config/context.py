"""What every page is given: who runs it, and where its reader may go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The frame of a page. Costs no query for a reader who has not signed in."""
    return {
        "product_name": settings.PRODUCT_NAME,
        "canonical_origin": settings.CANONICAL_ORIGIN,
        "register_time_zone": settings.REGISTRY_TIME_ZONE,
        "is_demonstration": settings.SIGNING_KEY_IS_DEMONSTRATION,
    }
