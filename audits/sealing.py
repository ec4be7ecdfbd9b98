"""What the journal keeps of words that must not change: a digest that anybody can make again."""

from agencies.lib.canonical import digest


def seal_of_finding(finding) -> str:
    """Over requirement, grade and statement, as they were raised."""
    return digest(
        {
            "requirement": finding.requirement.ref,
            "grade": str(finding.grade),
            "statement": finding.statement,
        }
    )


def seal_of_decision(decision) -> str:
    """Over everything that was decided."""
    return digest(
        {
            "outcome": str(decision.outcome),
            "reasons": decision.reasons,
            "conditions": decision.conditions,
            "valid_from": str(decision.valid_from),
            "valid_until": str(decision.valid_until),
            "appeal_until": str(decision.appeal_until),
            "proposed_by": decision.proposed_by_id,
            "decided_by": decision.decided_by_id,
        }
    )
