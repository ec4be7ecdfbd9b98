"""Forged documents: none counts as current, whatever a signature in it says.

The control is the check that many make: the first signature is intact, valid and trusted.
"""

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from audits.documents.checking import Kind, judged, seals, statement_keys
from audits.documents.keeping import open_kept
from audits.documents.seals import examine
from audits.keys.enums import Purpose
from audits.keys.stores import key_path
from tests.factories import certificates as certify
from tests.factories import documents, forgeries

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def kept(certificate):
    with open_kept(certificate.pdf_digest) as file:
        return file.read()


def unsealed(sealed):
    """The document as it was drawn: all before the revision that seals it."""
    end = sealed.index(b"%%EOF\n") + len(b"%%EOF\n")
    assert end < len(sealed)
    return sealed[:end]


def judge(document):
    """As `check` does, in this process: a child for each of hundreds would take minutes."""
    found = examine(document, certificates=seals(), statement_keys=list(statement_keys()))
    return judged(document, found)


def is_naively_accepted(document):
    """The control: what "signature 0 is intact, valid and trusted" says of a file."""
    try:
        status = documents.validated(document, seals())
    except Exception:
        return False
    return status.intact and status.valid and status.trusted


def own_hand(settings):
    path = key_path(settings.SIGNING_KEYS_DIR, Purpose.DOCUMENT)
    key = load_pem_private_key(path.read_bytes(), password=None)
    ((certificate, *_),) = seals().values()
    return forgeries.Hand(key, certificate)


def test_no_forgery_counts_and_a_naive_check_takes_many(settings):
    sealed = kept(certify.issued(conditions="Reports every quarter."))
    ((certificate, *_),) = seals().values()
    made = dict(forgeries.forgeries(sealed, unsealed(sealed), certificate))
    made |= dict(forgeries.by_our_own_key(unsealed(sealed), own_hand(settings)))
    changed = {name: forged for name, forged in made.items() if forged != sealed}

    answers = {name: judge(forged).kind for name, forged in changed.items()}

    assert judge(sealed).kind is Kind.OURS
    assert set(made) - set(changed) == set()
    assert len(changed) >= 300
    assert {name for name, kind in answers.items() if kind is Kind.OURS} == set()
    assert {name for name, kind in answers.items() if kind is Kind.COULD_NOT_CHECK} == set()
    tried = [name for name in changed if not name.startswith(("flip", "cut", "byte range"))]
    taken = {name for name in tried if is_naively_accepted(changed[name])}
    assert {
        "appended: other content",
        "appended: a note over it",
        "appended: a page",
        "appended: a script",
        "followed by a line",
        "our key, not certifying",
        "our key, never published",
    } <= taken
