"""Issuing away from the request. Ids in, one service call; the service claims its work."""

from celery import shared_task


@shared_task(name="audits.certificates.tasks.issue_certificate")
def issue_certificate(*, certificate_id):
    from audits.certificates import services  # noqa: PLC0415 -- leaf

    services.issue_certificate(certificate_id=certificate_id)
