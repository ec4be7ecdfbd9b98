"""Celery tasks of the lists: labels and ids in, one service call each."""

from celery import shared_task


@shared_task
def apply_edition(*, label):
    from attestations.safeguards import services  # noqa: PLC0415 -- leaf

    services.apply_edition(label=label)


@shared_task
def restore_verdicts(*, label):
    from attestations.safeguards import rolling_back  # noqa: PLC0415 -- leaf

    rolling_back.restore_verdicts(label=label)


@shared_task
def judge_revision(*, revision_id):
    from attestations.safeguards.revisions import services  # noqa: PLC0415 -- leaf

    services.judge_revision(revision_id=revision_id)


@shared_task
def reckon_impact(*, reckoning_id):
    from attestations.safeguards import reckoning  # noqa: PLC0415 -- leaf

    reckoning.reckon(reckoning_id=reckoning_id)
