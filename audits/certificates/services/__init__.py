"""Issuing a certificate, and changing its status."""

from audits.certificates.services.issuing import (
    EXPECTED_WITHIN,
    issue_certificate,
    prepare_certificate,
    resume_prepared,
)
from audits.certificates.services.status import (
    confirm_status_change,
    decline_status_change,
    propose_status_change,
    withdraw_after_appeal,
)

__all__ = [
    "EXPECTED_WITHIN",
    "confirm_status_change",
    "decline_status_change",
    "issue_certificate",
    "prepare_certificate",
    "propose_status_change",
    "resume_prepared",
    "withdraw_after_appeal",
]
