"""Rolling a revision back by two people."""

from attestations.safeguards.revisions import rolling_back

REASON = "The document was misread."


def rolled_back(revision, *, asks, confirms, on):
    rolling_back.ask_rollback(revision_id=revision.pk, reason=REASON, by=asks, on=on)
    return rolling_back.confirm_rollback(revision_id=revision.pk, by=confirms, on=on)
