from audits.cases.models import Case, CaseVisit, SavedView
from audits.certificates.models import (
    Certificate,
    CertificateScope,
    StatusChange,
)
from audits.concerns.models import Concern, ConcernMessage
from audits.credentials.models import CertificateCredential
from audits.keys.models import SigningKey
from audits.models.audit import (
    Audit,
    AuditScope,
    AuditUserObjectPermission,
    ChecklistItem,
    SampledPlacement,
    SampleDraw,
    TeamMember,
)
from audits.models.decision import Appeal, Decision
from audits.models.finding import CorrectiveAction, Finding, FindingEvidence
from audits.models.report import AuditReport, ReportAddendum
from audits.register.models import NameIndex, NameTrigram
from audits.transparency.models import (
    LogCheckpoint,
    LogLeaf,
    LogNode,
    LogOpening,
    SeenCheckpoint,
    WatchedLog,
)

__all__ = [
    "Appeal",
    "Audit",
    "AuditReport",
    "AuditScope",
    "AuditUserObjectPermission",
    "Case",
    "CaseVisit",
    "Certificate",
    "CertificateCredential",
    "CertificateScope",
    "ChecklistItem",
    "Concern",
    "ConcernMessage",
    "CorrectiveAction",
    "Decision",
    "Finding",
    "FindingEvidence",
    "LogCheckpoint",
    "LogLeaf",
    "LogNode",
    "LogOpening",
    "NameIndex",
    "NameTrigram",
    "ReportAddendum",
    "SampleDraw",
    "SampledPlacement",
    "SavedView",
    "SeenCheckpoint",
    "SigningKey",
    "StatusChange",
    "TeamMember",
    "WatchedLog",
]
