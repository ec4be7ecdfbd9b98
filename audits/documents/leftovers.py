"""What a crash leaves among the finished documents: a file that was sealed and never named."""

from datetime import timedelta
from itertools import chain
from pathlib import Path

from django.conf import settings

from agencies.lib import stored_files
from audits.models import AuditReport, Certificate

LEFT_ALONE = timedelta(days=1)


def remove_leftovers(*, at):
    """Delete documents that no row names a day after they were kept, and half-written ones.

    Nobody was ever shown them: a document is named in the transaction that publishes it.
    """
    root, older_than = Path(settings.DOCUMENT_ROOT), (at - LEFT_ALONE).timestamp()
    kept = (model.objects.exclude(pdf_digest="") for model in (Certificate, AuditReport))
    named = set(chain.from_iterable(rows.values_list("pdf_digest", flat=True) for rows in kept))
    stored_files.remove_abandoned(root, older_than=older_than)
    return stored_files.remove_unnamed(root, named, older_than=older_than)
