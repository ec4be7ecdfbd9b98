"""What a placement said before: version by version, what changed, and by whom or which file."""

from dataclasses import dataclass

from attestations.placements.explaining import changes_in_words, stated_in_words, values_of
from attestations.placements.models import Placement, PlacementImport, PlacementVersion


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """A version that was replaced; `source`, `sheet` and `row` are where the next one came from."""

    version: PlacementVersion
    stated: list[dict[str, str]]
    changes: list[dict[str, str]]
    source: PlacementImport | None
    sheet: str
    row: int | None

    @property
    def by_hand(self) -> bool:
        return bool(self.version.replaced_reason)


def earlier_versions(placement: Placement) -> list[EarlierVersion]:
    """The latest first."""
    told = []
    next_said, next_one = values_of(placement), placement
    versions = placement.versions.select_related("placement_import", "replaced_by")
    for version in versions.order_by("-version"):
        told.append(
            EarlierVersion(
                version=version,
                stated=stated_in_words(version.values),
                changes=changes_in_words(version.values, next_said),
                source=next_one.placement_import,
                sheet=next_one.sheet,
                row=next_one.row,
            )
        )
        next_said, next_one = version.values, version
    return told
