"""How many places of an agreement are taken: counted by the same test that judges placements."""

from dataclasses import dataclass

from django.db.models import Count, F, TextField
from django.db.models.functions import Cast

from attestations.crosscheck.cover import Cover, terms_cover
from attestations.crosscheck.record import day_of_recruitment
from attestations.crosscheck.stored_lists import agreement_terms
from attestations.crosscheck.values import JUDGED_FIELDS, record_from
from attestations.placements.models import Placement

# all that the test of cover reads of a placement; `unresolved` is text, so that both databases
# group by it
_READ = (
    "residence",
    "destination",
    "placed",
    "agreement_cited",
    "recruited_on",
    "offered_on",
    "contracted_on",
    "started_on",
)


@dataclass(frozen=True, slots=True)
class Places:
    """`beyond` are those that would be covered and came after the last place."""

    quota: int | None
    covered: int

    @property
    def used(self):
        return self.covered if self.quota is None else min(self.covered, self.quota)

    @property
    def left(self):
        return None if self.quota is None else self.quota - self.used

    @property
    def beyond(self):
        return self.covered - self.used


def places_of(agreement) -> Places:
    """One query: placements that say the same are counted together."""
    terms = agreement_terms(agreement)
    combinations = (
        Placement.objects.filter(agreement_cited=agreement.reference, withdrawn_at=None)
        .order_by()
        .values(*_READ, unresolved_text=Cast(F("unresolved"), TextField()))
        .annotate(placements=Count("pk"))
    )
    covered = 0
    for said in combinations:
        said["unresolved"] = said.pop("unresolved_text")
        placements = said.pop("placements")
        record = record_from([said.get(field) for field in JUDGED_FIELDS])
        day, _ = day_of_recruitment(record)
        if terms_cover(record, day, terms).cover is Cover.COVERS:
            covered += placements
    return Places(quota=agreement.quota, covered=covered)
