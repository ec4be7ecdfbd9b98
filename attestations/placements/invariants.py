"""What must never be among placements and their imports; `manage.py fsck` asks all of it."""

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from agencies.invariants import invariant
from agencies.lib import stored_files
from attestations.crosscheck.ruleset import CODE_ADOPTED_ON
from attestations.enums import ImportState
from attestations.placements.models import Placement, PlacementImport, StagedPlacement
from attestations.placements.queries import DAY
from attestations.safeguards.models import Agreement, ListEdition

MOST_NAMED = 100

_NONE = Value("")
COUNTED = (ImportState.PREVIEW, ImportState.APPLIED)


@invariant("Rows new + changed + unchanged + duplicate + refused = rows in the file.")
def every_row_is_counted():
    """The schema refuses it too; this also names an import that was shown without its counts."""
    counts = ("rows_new", "rows_changed", "rows_unchanged", "rows_duplicate", "rows_refused")
    total = sum((Coalesce(F(name), -1) for name in counts[1:]), Coalesce(F(counts[0]), -1))
    wrong = PlacementImport.objects.filter(state__in=COUNTED).exclude(rows_total=total)
    for record in wrong[:MOST_NAMED]:
        parts = " + ".join(str(getattr(record, name)) for name in counts)
        yield f"import {record.public_id}: {parts} is not {record.rows_total}"


@invariant("Rows that wait to be saved are those that the preview counted.")
def what_waits_was_counted():
    previews = PlacementImport.objects.filter(state=ImportState.PREVIEW).annotate(
        waiting=Coalesce(
            Subquery(
                StagedPlacement.objects.filter(placement_import=OuterRef("pk"))
                .order_by()
                .values("placement_import")
                .annotate(many=Count("pk"))
                .values("many")
            ),
            0,
        )
    )
    wrong = previews.exclude(waiting=F("rows_new") + F("rows_changed") + F("rows_unchanged"))
    for record in wrong[:MOST_NAMED]:
        yield f"import {record.public_id}: {record.waiting} rows wait, and others were counted"
    left = StagedPlacement.objects.exclude(
        placement_import__state__in=(ImportState.RUNNING, ImportState.PREVIEW)
    )
    for pk in left.order_by().values_list("placement_import", flat=True).distinct()[:MOST_NAMED]:
        yield f"import {pk}: rows wait although it is over"


@invariant("Every visible placement has a verdict by the edition in force on its day.")
def every_placement_is_judged_by_its_edition():
    unjudged = Placement.objects.filter(verdict=None)
    for reference, number in _named(unjudged):
        yield f"placement {reference} of {number}: not judged"
    in_force = ListEdition.objects.active().filter(valid_from__lte=OuterRef("day"))
    judged = (
        Placement.objects.exclude(verdict=None)
        .filter(withdrawn_at=None)
        .annotate(day=DAY)
        .annotate(
            edition=Coalesce(Subquery(in_force.order_by("-valid_from").values("label")[:1]), _NONE)
        )
    )
    after_the_code = Q(day__gte=CODE_ADOPTED_ON)
    wrong = judged.filter(after_the_code).exclude(verdict__edition_label=F("edition"))
    wrong |= judged.exclude(after_the_code).exclude(verdict__edition_label="")
    for reference, number in _named(wrong):
        yield f"placement {reference} of {number}: judged by an edition not in force on its day"


@invariant("No placement belongs to another agency than the import it came by.")
def placements_belong_to_their_imports_agency():
    foreign = Placement.objects.exclude(placement_import=None).exclude(
        agency=F("placement_import__agency")
    )
    for reference, number in _named(foreign):
        yield f"placement {reference} of {number}: came by an import of another agency"


@invariant("No more placements than an agreement has places are excepted by it.")
def quotas_are_not_exceeded_silently():
    for reference, quota in Agreement.objects.exclude(quota=None).values_list("reference", "quota"):
        citing = Placement.objects.filter(agreement_cited=reference, withdrawn_at=None)
        verdicts = (
            citing.exclude(verdict=None)
            .order_by()
            .values_list("verdict__findings")
            .annotate(many=Count("pk"))
        )
        excepted = sum(
            many
            for findings, many in verdicts
            if any(one["disposition"] == "excepted:agreement" for one in findings)
        )
        if excepted > quota:
            yield f"agreement {reference}: {excepted} placements excepted, with {quota} places"


@invariant("The file of every import that was read lies in the store as it came.")
def files_are_kept():
    digests = (
        PlacementImport.objects.filter(state__in=COUNTED)
        .order_by()
        .values_list("file_digest", flat=True)
        .distinct()
    )
    for digest in digests.iterator():
        condition = stored_files.condition(settings.IMPORT_ROOT, digest)
        if condition is not stored_files.Condition.INTACT:
            yield f"file {digest}: {condition}"


def _named(placements):
    return placements.order_by("pk").values_list("reference", "agency__register_number")[
        :MOST_NAMED
    ]
