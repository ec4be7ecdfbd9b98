"""Issuing a report away from the request. Ids in, one service call."""

from celery import shared_task


@shared_task(name="audits.reports.tasks.issue_report")
def issue_report(*, report_id):
    from audits.reports import services  # noqa: PLC0415 -- leaf

    services.issue_report(report_id=report_id)
