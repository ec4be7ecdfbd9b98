"""What the register knows before anybody comes: loaded in one transaction or not at all."""

from django.db import transaction

from agencies.countries.loading import load_countries
from attestations.catalogue_loading import load_catalogue_editions, load_code_versions
from attestations.safeguards.loading import Kept, load_safeguards


@transaction.atomic
def load_reference(*, at) -> list[Kept]:
    """Countries, the Code, the catalogue and the lists; a second time changes nothing."""
    countries = load_countries()
    total = countries.added + countries.changed + countries.unchanged
    return [
        Kept("Countries and territories (ISO 3166-1)", total, total > countries.unchanged),
        *load_code_versions(),
        *load_catalogue_editions(),
        *load_safeguards(at=at),
    ]
