"""What a draft would change, as its page shows it: judged for the page, or by a worker."""

from dataclasses import dataclass

from attestations.safeguards import reckoning
from attestations.safeguards.models import Reckoning
from attestations.safeguards.would_be import Judged


@dataclass(frozen=True, slots=True)
class Reckoned:
    """`judged` is None until all of it is known; `by_worker` says how far a worker is."""

    judged: Judged | None
    by_worker: Reckoning | None = None

    @property
    def is_being_made(self):
        return self.by_worker is not None and self.by_worker.finished_at is None

    @property
    def as_of(self):
        return self.by_worker.as_of if self.judged and self.by_worker else None


def reckoned_for(draft, judged: Judged | None) -> Reckoned:
    """What was judged for the page, where that could be; else what a worker has found."""
    if judged is not None:
        return Reckoned(judged)
    found = reckoning.of_draft(draft)
    if found is None or found.finished_at is None:
        return Reckoned(None, found)
    return Reckoned(reckoning.found_by(found), found)
