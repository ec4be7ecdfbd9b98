"""Where a reader is, and where the register is: a page elsewhere can look the same."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from audits.documents.qr import qr_path


@dataclass(frozen=True, slots=True)
class Place:
    """The origin that was asked, the register's own, and the square code that leads there."""

    origin: str
    canonical_origin: str
    qr_width: int
    qr_path: str

    @property
    def is_canonical(self) -> bool:
        return self.origin == self.canonical_origin


def place_of(request, answer):
    """What a page says about itself; None where there is nothing to compare."""
    if "document" not in answer:
        return None
    width, path = _code(answer["address"])
    return Place(
        origin=f"{request.scheme}://{request.get_host()}",
        canonical_origin=settings.CANONICAL_ORIGIN,
        qr_width=width,
        qr_path=path,
    )


# drawing the code takes longer than the rest of the page
_code = lru_cache(maxsize=1024)(qr_path)
