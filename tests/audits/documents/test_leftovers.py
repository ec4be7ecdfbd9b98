from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from agencies.lib.stored_files import stored_digests
from audits.documents.keeping import keep
from audits.documents.leftovers import LEFT_ALONE, remove_leftovers
from tests.factories import certificates as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_sealed_file_that_no_row_names_is_gone_after_a_day(reference):
    published = make.issued().pdf_digest
    left = keep(b"%PDF- sealed, and its worker died").digest
    root, now = Path(django_settings.DOCUMENT_ROOT), timezone.now()

    assert remove_leftovers(at=now) == []
    assert set(stored_digests(root)) == {published, left}
    assert remove_leftovers(at=now + LEFT_ALONE + timedelta(hours=1)) == [left]
    assert set(stored_digests(root)) == {published}
