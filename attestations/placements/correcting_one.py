"""One stored placement put right by hand: what it said before is kept, and it is judged anew."""

from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from agencies import journal
from agencies.models import Agency
from attestations.crosscheck.enums import Mode
from attestations.crosscheck.services import judge, settle_quotas
from attestations.placements.columns import COLUMNS, Kind
from attestations.placements.models import Placement, PlacementColumns, PlacementVersion
from attestations.placements.permissions import check_can_import_placements
from attestations.placements.services import PlacementAlreadyWithdrawn

JUDGED_AFTER_CORRECTION = "corrected by hand"

# what is stated of a placement; its reference is its identity and stays
CORRECTABLE = frozenset(column.field for column in COLUMNS if column.kind is not Kind.REFERENCE)
OWN_APPLICATIONS = (Mode.DIRECT, Mode.FACILITATED)


class CorrectionRefused(ValueError):
    """It changes nothing, or states what cannot be stated so; the message says which."""


@transaction.atomic
def correct_placement(
    *, placement_id: int, changes: Mapping[str, Any], reason: str, by
) -> Placement:
    """State other facts of a placement: a new version, judged in the same transaction.

    `changes` are values by field, as they are stored. An own application is taken with its proof
    only. Both agreements, the one cited before and the one cited now, give out their places anew.
    """
    placement = Placement.objects.get(pk=placement_id)
    # whoever saves a file of the agency holds this lock: versions follow each other without gaps
    agency = Agency.objects.select_for_update(of=("self",)).get(pk=placement.agency_id)
    placement = Placement.objects.select_for_update(of=("self",)).get(pk=placement_id)
    check_can_import_placements(by, agency)
    if placement.withdrawn_at is not None:
        raise PlacementAlreadyWithdrawn("This placement was withdrawn; it stays as it was.")
    changed = _checked(placement, changes)
    now = timezone.now()
    PlacementVersion.objects.create(
        placement=placement,
        version=placement.version,
        values=_values_of(placement),
        placement_import_id=placement.placement_import_id,
        sheet=placement.sheet,
        row=placement.row,
        replaced_at=now,
        replaced_by=by,
        replaced_reason=reason,
    )
    cited = {placement.agreement_cited, changed.get("agreement_cited", "")} - {""}
    named = set(changed) & set(placement.unresolved or ())
    if named:
        # a spelling that named no country is over when the country is stated
        left = {name: said for name, said in placement.unresolved.items() if name not in named}
        changed["unresolved"] = left or None
    for name, value in changed.items():
        setattr(placement, name, value)
    placement.version += 1
    placement.recorded_at = now
    placement.save(update_fields=[*changed, "version", "recorded_at"])
    journal.record(
        "placement.corrected",
        placement,
        by=by,
        agency=agency,
        version=placement.version,
        columns=sorted(CORRECTABLE & set(changed)),
    )
    judge(Placement.objects.filter(pk=placement.pk), reason=JUDGED_AFTER_CORRECTION)
    if cited:
        # its day decides who comes first, and its facts whether it takes a place at all
        settle_quotas(references=cited, reason=JUDGED_AFTER_CORRECTION)
    placement.refresh_from_db()
    return placement


def _checked(placement: Placement, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What would differ from what is stored."""
    if strange := set(changes) - set(CORRECTABLE):
        raise CorrectionRefused(f"These are not corrected by hand: {', '.join(sorted(strange))}.")
    changed = {name: value for name, value in changes.items() if getattr(placement, name) != value}
    if not changed:
        raise CorrectionRefused("The placement says this already: nothing would change.")
    states_own_application = changed.get("mode") in OWN_APPLICATIONS or changed.get(
        "independent_application"
    )
    proof = changed.get("evidence_reference", placement.evidence_reference)
    if states_own_application and not proof:
        raise CorrectionRefused("Name the proof of the worker's own application.")
    return changed


def _values_of(placement: Placement) -> dict[str, Any]:
    """What a placement says, as a version keeps it: days and such as texts."""
    encoder = DjangoJSONEncoder()
    return {
        field.column: value
        if isinstance(value := getattr(placement, field.name), str | int | list | dict | None)
        else encoder.default(value)
        for field in PlacementColumns._meta.get_fields()
    }
