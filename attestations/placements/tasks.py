"""Celery tasks of imports: ids in, one service call each."""

from celery import shared_task


@shared_task
def read_import(*, import_id):
    from attestations.placements import reading  # noqa: PLC0415 -- leaf

    reading.read_import(import_id=import_id)


@shared_task
def apply_import(*, import_id):
    from attestations.placements import applying  # noqa: PLC0415 -- leaf

    applying.apply_import(import_id=import_id)


@shared_task
def annotate_import(*, import_id):
    from attestations.placements import annotating  # noqa: PLC0415 -- leaf

    annotating.make_annotated(import_id=import_id)
