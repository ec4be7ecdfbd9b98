"""The lists are open to every reader; an edition that waits is seen by data stewards alone."""

from datetime import date

from attestations.models import Agreement
from attestations.safeguards.revisions import services
from tests.access.table import Row
from tests.access.world import cells
from tests.factories import agencies as people
from tests.factories import attestations as make

OPEN = cells(anonymous=200, others=200)
WAITS = "Example list that waits"
WAITING_AGREEMENT = "Example agreement that waits"
REVISION = "6f6f0c0e-3d0b-4c70-9c5e-1f1f1f1f1f1f"
AGREEMENT = "6f6f0c0e-3d0b-4c70-9c5e-2f2f2f2f2f2f"
FOR_STEWARDS = cells(others=403, data_steward=200)


def build(world):
    make.reference()
    loader = people.staff(world.other_regulator, "data_steward")
    edition = make.list_edition("2031", valid_from=date(2031, 1, 1), is_active=False)
    type(edition).objects.filter(pk="2031").update(title=WAITS, loaded_by=loader)
    make.list_edition("2033", valid_from=date(2033, 1, 1))
    type(edition).objects.filter(pk="2033").update(applied_at=make.LOADED_AT)
    agreement = make.agreement("EX-990", source="IND", destination="GBR")
    type(agreement).objects.filter(pk=agreement.pk).update(public_id=AGREEMENT)
    revision = services.record_rows(
        kind="agreement",
        rows=[
            {
                "reference": "EX-991",
                "title": WAITING_AGREEMENT,
                "source_country_id": "KEN",
                "destination_country_id": "IRL",
                "valid_from": "2027-01-01",
                "occupations": ["2221"],
                "document": "invented for a test",
            }
        ],
        by=loader,
        at=make.LOADED_AT,
    )
    type(revision).objects.filter(pk=revision.pk).update(public_id=REVISION)
    world.canary(WAITING_AGREEMENT, seen_by=("data_steward",), at="safeguards:revision")
    world.canary(WAITS, seen_by=("data_steward",), at="safeguards:edition")


def the_agreement(world):
    return {"kind": "agreement", "pk": Agreement.objects.get(public_id=AGREEMENT).pk}


PAGES = {
    "safeguards:index": Row(expect=OPEN),
    "safeguards:difference": Row(query={"earlier": "2020", "later": "2023"}, expect=OPEN),
    "safeguards:agreements": Row(expect=OPEN),
    "safeguards:commitments": Row(expect=OPEN),
    "safeguards:country": Row(args={"iso3": "ZWE"}, query={"on": "2024-01-05"}, expect=OPEN),
    "safeguards:national_list": Row(args={"code": "germany"}, expect=OPEN),
    "safeguards:edition": (
        Row(
            args={"label": "2031"},
            expect=cells(anonymous=404, others=404, data_steward=200),
        ),
        Row(args={"label": "2023"}, expect=OPEN),
    ),
    "safeguards:agreement": Row(args={"public_id": AGREEMENT}, expect=OPEN),
    "safeguards:national_file": Row(args={"code": "germany"}, expect=OPEN),
    "safeguards:waiting": Row(expect=FOR_STEWARDS),
    "safeguards:record": (
        Row(args={"kind": "agreement"}, expect=FOR_STEWARDS),
        Row(args={"kind": "emergency"}, method="POST", data={"title": ""}, expect=FOR_STEWARDS),
    ),
    "safeguards:record_file": (
        Row(args={"kind": "communication"}, expect=FOR_STEWARDS),
        Row(args={"kind": "requirement"}, method="POST", data={}, expect=FOR_STEWARDS),
    ),
    "safeguards:revise": (
        Row(args={"code": "germany"}, expect=FOR_STEWARDS),
        Row(args={"code": "england"}, method="POST", data={}, expect=FOR_STEWARDS),
    ),
    "safeguards:end": (
        Row(args=the_agreement, expect=FOR_STEWARDS),
        Row(
            args=the_agreement,
            method="POST",
            data={"ends_on": ""},
            expect=FOR_STEWARDS,
        ),
    ),
    "safeguards:revision": Row(
        args={"public_id": REVISION}, expect=cells(others=404, data_steward=200)
    ),
    "safeguards:confirm": Row(
        args={"public_id": REVISION}, method="POST", expect=cells(others=404, data_steward=302)
    ),
    "safeguards:discard_revision": Row(
        args={"public_id": REVISION}, method="POST", expect=cells(others=404, data_steward=302)
    ),
    "safeguards:reckon_revision": Row(
        args={"public_id": REVISION}, method="POST", expect=cells(others=404, data_steward=302)
    ),
    "safeguards:reckon_edition": Row(
        args={"label": "2031"}, method="POST", expect=cells(others=404, data_steward=302)
    ),
    "safeguards:roll_back_revision": (
        Row(args={"public_id": REVISION}, expect=cells(others=404, data_steward=200)),
        Row(
            args={"public_id": REVISION},
            method="POST",
            data={"reason": ""},
            expect=cells(others=404, data_steward=200),
        ),
    ),
    "safeguards:confirm_revision_rollback": Row(
        args={"public_id": REVISION}, method="POST", expect=cells(others=404, data_steward=302)
    ),
    "safeguards:drop_revision_rollback": Row(
        args={"public_id": REVISION}, method="POST", expect=cells(others=404, data_steward=302)
    ),
    "safeguards:load": (
        Row(expect=cells(others=403, data_steward=200)),
        Row(method="POST", data={"label": "2032"}, expect=cells(others=403, data_steward=200)),
    ),
    "safeguards:activate": Row(
        args={"label": "2031"}, method="POST", expect=cells(others=404, data_steward=302)
    ),
    "safeguards:roll_back": (
        Row(args={"label": "2033"}, expect=cells(others=404, data_steward=200)),
        Row(
            args={"label": "2033"},
            method="POST",
            data={"reason": "invented for a test"},
            expect=cells(others=404, data_steward=302),
        ),
    ),
    "safeguards:confirm_rollback": Row(
        args={"label": "2033"}, method="POST", expect=cells(others=404, data_steward=302)
    ),
    "safeguards:drop_rollback": Row(
        args={"label": "2033"}, method="POST", expect=cells(others=404, data_steward=302)
    ),
    "safeguards:discard": Row(
        args={"label": "2031"}, method="POST", expect=cells(others=404, data_steward=302)
    ),
}
