"""What the sender of a file is told: read, saved, or not read, and why not."""

from attestations.placements import services
from attestations.placements.applying import apply_import
from tests.factories import agencies, attestations
from tests.factories import placements as make


def files_of_all_kinds():
    attestations.reference()
    agency = agencies.agency()
    member = agencies.agency_person(agency)
    record = make.imported(agency, [make.row(), make.row(reference="P-2", mode="?")], by=member)
    services.ask_to_apply(import_id=record.pk, by=member)
    apply_import(import_id=record.pk)
    make.imported(agency, b"Some,Columns\nof nobody,x\n", by=member)
    make.imported(agency, b"Surname,residence\nOne,x\n", by=member)


LIVES = (files_of_all_kinds,)
