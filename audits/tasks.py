"""The tasks of this room, where Celery looks for them; each is a leaf that calls one service."""

from celery import shared_task

from audits.certificates.tasks import issue_certificate
from audits.reports.tasks import issue_report

__all__ = [
    "issue_certificate",
    "issue_report",
    "remove_leftovers",
    "sign_checkpoint",
    "sweep",
]


@shared_task
def sign_checkpoint():
    """Sign how far the public log has come, if it has grown."""
    from django.utils import timezone  # noqa: PLC0415 -- leaf

    from audits.transparency import checkpoints  # noqa: PLC0415 -- leaf

    checkpoints.sign_checkpoint(at=timezone.now())


@shared_task
def forget_old_concerns():
    """The words of concerns that were closed years ago."""
    from django.utils import timezone  # noqa: PLC0415 -- leaf

    from audits.concerns import services  # noqa: PLC0415 -- leaf

    services.forget_old_concerns(at=timezone.now())


@shared_task
def remove_leftovers():
    """Documents that a crash left behind, which no row names."""
    from django.utils import timezone  # noqa: PLC0415 -- leaf

    from audits.documents import leftovers  # noqa: PLC0415 -- leaf

    leftovers.remove_leftovers(at=timezone.now())


@shared_task
def sweep():
    """Send again what was lost: whatever is prepared and nobody is working on; index new names."""
    from audits.certificates import services as certificates  # noqa: PLC0415 -- leaf
    from audits.register.search import bring_index_up_to_date  # noqa: PLC0415 -- leaf
    from audits.reports import services as reports  # noqa: PLC0415 -- leaf

    certificates.resume_prepared()
    reports.resume_prepared()
    bring_index_up_to_date()
