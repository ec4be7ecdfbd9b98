"""Reads an import's file into staging: checked row by row, judged, and visible to nobody else.

One pass over the file. Each chunk is committed by itself and renews the claim; a worker that has
died loses its claim, and whoever takes over begins anew. Where the claim is lost, reading stops.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies.lib import stored_files
from attestations.enums import FileKind, ImportState
from attestations.placements.files import FileUnreadable
from attestations.placements.layout import ColumnsRefused
from attestations.placements.models import PlacementImport
from attestations.placements.staging import ClaimLost, clear_staging, stage
from attestations.placements.telling import tell_read
from attestations.placements.workflow import next_state

logger = logging.getLogger(__name__)

# how long a worker may say nothing before another takes over: a chunk of text takes a second, the
# first row of a workbook as long as its parser may compute
LEASES = {FileKind.CSV: timedelta(minutes=1), FileKind.XLSX: timedelta(minutes=10)}


def abandoned(*, at: datetime) -> Q:
    """Imports whose worker has said nothing for so long that it must have died."""
    found = Q()
    for kind, lease in LEASES.items():
        found |= Q(state=ImportState.RUNNING, file_kind=kind, claimed_at__lt=at - lease)
    return found


def read_import(*, import_id: int) -> None:
    """Claim the import and read its file; does nothing for whoever comes second.

    Ends in the preview, or in failure with the reason; an error of ours fails it too and is raised.
    """
    claimed_at = timezone.now()
    free = Q(state=ImportState.QUEUED) | abandoned(at=claimed_at)
    claimed = PlacementImport.objects.filter(free, pk=import_id).update(
        state=next_state("claim", ImportState.QUEUED), claimed_at=claimed_at
    )
    if not claimed:
        return
    record = PlacementImport.objects.select_related("agency").get(pk=import_id)
    try:
        # checks the file against its digest before anything is made of it
        stored_files.open_stored(settings.IMPORT_ROOT, record.file_digest).close()
        stage(record, stored_files.path_of(settings.IMPORT_ROOT, record.file_digest))
    except ClaimLost:
        return
    except ColumnsRefused as refused:
        fail(
            record,
            " ".join(refused.reasons),
            forget_file=refused.personal,
            sample={} if refused.personal else refused.sample,
        )
    except (FileUnreadable, stored_files.FileUnavailable) as unreadable:
        fail(record, str(unreadable))
    except Exception:
        logger.exception("import %s could not be read", record.pk)
        fail(record, "Something went wrong on our side. Send the file again, or tell the register.")
        raise


@transaction.atomic
def fail(
    record: PlacementImport,
    reason: str,
    *,
    forget_file: bool = False,
    sample: dict[str, Any] | None = None,
) -> None:
    """End an import with the reason; a file with personal details is not kept.

    `sample` is kept for asking what the columns are.
    """
    now = timezone.now()
    failed = PlacementImport.objects.filter(
        pk=record.pk, state=ImportState.RUNNING, claimed_at=record.claimed_at
    ).update(
        state=next_state("fail", ImportState.RUNNING),
        message=f"{reason} The file was not kept." if forget_file else reason,
        header=sample or {},
        finished_at=now,
    )
    if failed:
        clear_staging(record.pk)
        tell_read(import_id=record.pk, at=now)
        if forget_file:
            path = stored_files.path_of(settings.IMPORT_ROOT, record.file_digest)
            transaction.on_commit(lambda: path.unlink(missing_ok=True))
