from attestations.crosscheck.models import Verdict
from attestations.knowledge.models import KnowledgeAttempt
from attestations.models.asks import Ask
from attestations.models.attestation import (
    Answer,
    AnswerEvidence,
    Attestation,
    EvidenceFile,
)
from attestations.models.catalogue import (
    CatalogueEdition,
    CodeArticle,
    CodeVersion,
    Requirement,
)
from attestations.placements.models import (
    ImportProblem,
    Placement,
    PlacementImport,
    PlacementVersion,
    StagedPlacement,
    VerdictChange,
)
from attestations.placements.remembered import RememberedColumn
from attestations.safeguards.models import (
    Agreement,
    AuthorizationRequirement,
    CountryCommunication,
    Emergency,
    ListEdition,
    ListEntry,
    NationalGrade,
    NationalList,
    Reckoning,
    Revision,
)

__all__ = [
    "Agreement",
    "Answer",
    "AnswerEvidence",
    "Ask",
    "Attestation",
    "AuthorizationRequirement",
    "CatalogueEdition",
    "CodeArticle",
    "CodeVersion",
    "CountryCommunication",
    "Emergency",
    "EvidenceFile",
    "ImportProblem",
    "KnowledgeAttempt",
    "ListEdition",
    "ListEntry",
    "NationalGrade",
    "NationalList",
    "Placement",
    "PlacementImport",
    "PlacementVersion",
    "Reckoning",
    "RememberedColumn",
    "Requirement",
    "Revision",
    "StagedPlacement",
    "Verdict",
    "VerdictChange",
]
