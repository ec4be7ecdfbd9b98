"""The tasks of this room, where Celery looks for them; each is a leaf that calls one service."""

from celery import shared_task
from django.utils import timezone

from attestations.placements.tasks import annotate_import, apply_import, read_import
from attestations.safeguards.tasks import (
    apply_edition,
    judge_revision,
    reckon_impact,
    restore_verdicts,
)

__all__ = [
    "annotate_import",
    "apply_edition",
    "apply_import",
    "judge_revision",
    "read_import",
    "reckon_impact",
    "restore_verdicts",
    "sweep",
]


@shared_task
def sweep():
    """Send again what was lost, and judge again where what verdicts rest on has changed."""
    from attestations.crosscheck import catching_up  # noqa: PLC0415 -- leaf
    from attestations.placements import (  # noqa: PLC0415 -- leaf
        annotating,
        column_memory,
        services,
    )
    from attestations.safeguards.reckoning import send_waiting_reckonings  # noqa: PLC0415 -- leaf
    from attestations.safeguards.revisions.services import (  # noqa: PLC0415 -- leaf
        send_waiting_revisions,
    )
    from attestations.safeguards.rolling_back import send_waiting_restorations  # noqa: PLC0415 -- leaf
    from attestations.safeguards.services import send_waiting_editions  # noqa: PLC0415 -- leaf

    services.send_lost_imports(at=timezone.now())
    column_memory.forget_samples(at=timezone.now())
    send_waiting_editions()
    send_waiting_restorations()
    send_waiting_revisions()
    send_waiting_reckonings(at=timezone.now())
    catching_up.catch_up()
    annotating.remove_old(at=timezone.now())
