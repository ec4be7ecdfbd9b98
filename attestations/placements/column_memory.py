"""What an agency once said of the headers of its files, so that it is asked only once."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from agencies import journal
from agencies.models import Agency
from attestations.enums import ImportState
from attestations.placements.columns import column_called, key_of
from attestations.placements.models import PlacementImport
from attestations.placements.permissions import check_can_import_placements
from attestations.placements.remembered import RememberedColumn

LONGEST_HEADER = 200
# how long the first rows of a file are kept beside an import whose columns nobody has named
SAMPLES_KEPT = timedelta(days=30)


def remembered_by(agency: Agency) -> dict[str, str | None]:
    """Our column (None: leave it aside) by the key of a header, as the agency last said it."""
    said = RememberedColumn.objects.filter(agency=agency).order_by("header")
    return {header: name or None for header, name in said.values_list("header", "name")}


def remember(*, agency: Agency, mapping: Mapping[str, str | None], by, at) -> None:
    """Keep what was said of each header; one that we know by that name anyway needs no memory."""
    said = {key_of(header): name for header, name in mapping.items()}
    ours = {
        key for key, name in said.items() if (known := column_called(key)) and known.name == name
    }
    RememberedColumn.objects.filter(agency=agency, header__in=ours).delete()
    RememberedColumn.objects.bulk_create(
        [
            RememberedColumn(
                agency=agency, header=key, name=name or "", remembered_at=at, remembered_by=by
            )
            for key, name in said.items()
            if key and key not in ours and len(key) <= LONGEST_HEADER
        ],
        update_conflicts=True,
        unique_fields=("agency", "header"),
        update_fields=("name", "remembered_at", "remembered_by"),
    )


@transaction.atomic
def forget_column(*, agency_id: int, header: str, by) -> bool:
    """Ask again about a header in the next file; False where nothing was remembered of it."""
    agency = Agency.objects.select_for_update(of=("self",)).get(pk=agency_id)
    check_can_import_placements(by, agency)
    forgotten, _ = RememberedColumn.objects.filter(agency=agency, header=header).delete()
    if forgotten:
        journal.record("import.column_forgotten", agency, by=by)
    return bool(forgotten)


def forget_samples(*, at) -> int:
    """Drop the first rows of files once nobody needs them to say what their columns are."""
    over = Q(state__in=(ImportState.APPLIED, ImportState.CANCELLED))
    late = Q(created_at__lt=at - SAMPLES_KEPT)
    return PlacementImport.objects.filter(over | late).exclude(header={}).update(header={})
