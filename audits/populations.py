"""The populations that samples were drawn from, kept as they were: each under its digest."""

from pathlib import Path

from django.conf import settings

from agencies.lib import stored_files
from audits.sampling import Member, members_of


def population_root() -> Path:
    return Path(settings.DOCUMENT_ROOT) / "populations"


def kept_population(draw) -> list[Member]:
    """The population that a sample was drawn from; FileUnavailable if it is gone or altered."""
    with stored_files.open_stored(population_root(), draw.population_digest) as file:
        return members_of(file.read())
