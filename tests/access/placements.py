"""The pages of `placements` × every role."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.table import Row
from tests.access.world import cells
from tests.factories import agencies as make_agencies
from tests.factories import placements as make

READ_ONLY = {"own_agency": 200, "case_staff": 200}
# case staff see the agency and do not act for it
ACT = {"own_agency": 302, "case_staff": 403}
SEES_CORRIDOR = {**READ_ONLY, "corridor_officer": 200}


def build(world):
    for iso3 in ("IRL", "IND", "PHL", "GBR"):
        make_agencies.country(iso3)
    for case in (world, world.suspended):
        name = "harbour" if case is world else "suspended"
        case.placement = make.placement(
            case.agency, reference=f"{name}-ordinary", employer=f"{name} ordinary employer"
        )
        case.corridor_placement = make.placement(
            case.agency, reference=f"{name}-corridor", residence="IND"
        )
        case.placement_import = make.imported(case.agency, [make.row(reference=f"{name}-staged")])
    world.foreign_placement = make.placement(
        world.foreign_agency,
        reference="foreign-ordinary",
        destination="GBR",
        employer="foreign ordinary employer",
    )
    world.canary(
        "harbour ordinary employer",
        seen_by=("agency_people", "case_staff"),
        at="placements:detail",
    )
    world.canary("harbour-ordinary", seen_by=("agency_people", "case_staff"), at="placements:list")
    world.canary("foreign ordinary employer", seen_by=("corridor_officer",), at="placements:detail")


def _agency(world):
    return {"number": world.agency.register_number}


def _import(world):
    return {**_agency(world), "public_id": world.placement_import.public_id}


def _import_row(world):
    return {**_import(world), "row": 2}


def _placement(world):
    return {**_agency(world), "pk": world.placement.pk}


def _corridor_placement(world):
    return {**_agency(world), "pk": world.corridor_placement.pk}


def _foreign_placement(world):
    return {"number": world.foreign_agency.register_number, "pk": world.foreign_placement.pk}


def _file(world):
    return {"file": SimpleUploadedFile("placements.csv", make.csv_file([make.row()]))}


def _columns(world):
    headers = world.placement_import.header["headers"]
    return {f"column_{at}": header for at, header in enumerate(headers)}


PAGES = {
    "placements:ask": Row(expect=cells(anonymous=200, others=200)),
    "placements:template_csv": Row(expect=cells(anonymous=200, others=200)),
    "placements:template_xlsx": Row(expect=cells(anonymous=200, others=200)),
    "placements:list": Row(args=_agency, expect=cells(**SEES_CORRIDOR)),
    "placements:detail": (
        Row(args=_placement, expect=cells(**READ_ONLY)),
        Row(args=_corridor_placement, expect=cells(**SEES_CORRIDOR)),
        Row(args=_foreign_placement, expect=cells(corridor_officer=200)),
    ),
    "placements:correct": (
        Row(args=_placement, expect=cells(own_agency=200, case_staff=403)),
        Row(
            args=_placement,
            method="POST",
            data={"agreement": "MADE UP 2020", "reason": "It was made under it."},
            expect=cells(**ACT),
        ),
    ),
    "placements:import_row": (
        Row(args=_import_row, expect=cells(own_agency=200, case_staff=403)),
        Row(args=_import_row, method="POST", data={"remedy": "leave_out"}, expect=cells(**ACT)),
    ),
    "placements:withdraw": (
        Row(args=_placement, expect=cells(own_agency=200, case_staff=403)),
        Row(
            args=_placement,
            method="POST",
            data={"reason": "The worker did not come."},
            expect=cells(**ACT),
        ),
    ),
    "placements:upload": (
        Row(args=_agency, expect=cells(own_agency=200, case_staff=403)),
        Row(args=_agency, method="POST", data=_file, expect=cells(**ACT)),
    ),
    "placements:import_detail": Row(args=_import, expect=cells(**READ_ONLY)),
    "placements:columns": (
        Row(args=_import, expect=cells(own_agency=200, case_staff=403)),
        Row(args=_import, method="POST", data=_columns, expect=cells(**ACT)),
    ),
    "placements:original": Row(args=_import, expect=cells(**READ_ONLY)),
    "placements:remembered": Row(args=_agency, expect=cells(own_agency=200, case_staff=403)),
    "placements:forget_column": Row(
        args=_agency, method="POST", data={"header": "pays"}, expect=cells(**ACT)
    ),
    "placements:problems": Row(args=_import, expect=cells(**READ_ONLY)),
    "placements:apply": Row(args=_import, method="POST", expect=cells(**ACT)),
    "placements:cancel": Row(args=_import, method="POST", expect=cells(**ACT)),
    "placements:write_instead": Row(
        args=_import,
        method="POST",
        data={"column": "destination", "value": "Irland", "becomes": "Ireland"},
        expect=cells(**ACT),
    ),
    "placements:order_days": Row(
        args=_import,
        method="POST",
        data={"column": "recruited_on", "day_first": "yes"},
        expect=cells(**ACT),
    ),
    "placements:leave_out": Row(
        args=_import, method="POST", data={"problem": "1"}, expect=cells(**ACT)
    ),
    "placements:marked": Row(args=_import, expect=cells(own_agency=200, case_staff=403)),
    "placements:make_marked": Row(args=_import, method="POST", expect=cells(**ACT)),
    "placements:take_back": Row(
        args=_import, method="POST", data={"positions": "0"}, expect=cells(**ACT)
    ),
}
