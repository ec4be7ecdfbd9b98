"""Placements outside their agency: by a code that only the key leads back to the reference.

A reference is chosen by the agency and may say more than it should, so a public document never
carries it (design.md §3).
"""

import hmac

from django.conf import settings

LENGTH = 12


def public_code(agency_number, reference):
    """`P-` and twelve characters; the same for the same placement as long as the key stays."""
    message = f"{agency_number}\0{reference}".encode()
    digest = hmac.digest(settings.REFERENCE_HASH_KEY.encode(), message, "sha256")
    return f"P-{digest.hex()[:LENGTH].upper()}"
