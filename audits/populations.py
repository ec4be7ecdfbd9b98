"""The population of an audit's sample: read from the register, and kept as it was drawn from."""

from pathlib import Path

from attestations.placements.queries import population
from django.conf import settings

from agencies.lib import stored_files
from audits.sampling import Member, members_of


def population_root() -> Path:
    """Where populations lie, each under its digest."""
    return Path(settings.DOCUMENT_ROOT) / "populations"


def placements_of(audit):
    """The agency's placements in the period and scope of the audit."""
    scopes = list(audit.scopes.values_list("source", "destination", "occupation_group"))
    return population(audit.agency, audit.period_from, audit.period_until, scopes)


def population_of(audit) -> dict[int, Member]:
    """Each placement of the population by its key, as it stands now."""
    rows = placements_of(audit).values_list(
        "pk", "reference", "version", "verdict__digest", "verdict__outcome"
    )
    return {
        key: Member(reference, version, verdict or "", outcome or "")
        for key, reference, version, verdict, outcome in rows.iterator()
    }


def kept_population(draw) -> list[Member]:
    """The population that a sample was drawn from; FileUnavailable if it is gone or altered."""
    with stored_files.open_stored(population_root(), draw.population_digest) as file:
        return members_of(file.read())


def scopes_of_placements(agency, frm, until) -> list[tuple[str, str, str]]:
    """The corridors and occupation groups of the agency's placements in a period, in order."""
    placements = population(agency, frm, until, None)
    return sorted(
        {(row.source, row.destination, row.occupation_group) for row in corridors(placements)}
    )
