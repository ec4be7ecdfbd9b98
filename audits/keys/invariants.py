"""What must never be of keys: another name, another purpose, another past than the journal's."""

from django.db import connection

from agencies.invariants import invariant
from agencies.journal import label_of
from agencies.models import JournalEntry
from audits.certificates.models import Certificate
from audits.enums import DocumentState
from audits.keys.affected import COMPROMISED
from audits.keys.algorithms import UnusableKey, certified_key, key_id_of, read_public_key
from audits.keys.enums import Purpose
from audits.keys.models import SigningKey
from audits.models import AuditReport

ONE_A_PURPOSE = "audits_signingkey_one_a_purpose"
FROZEN = ("identity", "end", "retired", "replaced", "compromised", "kept")
RETIRED = ("signing_key.replaced", "signing_key.retired", COMPROMISED)


@invariant("A signing key is known under the name that follows from it.")
def keys_have_their_names():
    for key in SigningKey.objects.all():
        try:
            read_public_key(key.algorithm, key.public_key)
        except UnusableKey as unusable:
            yield f"{key}: {unusable}"
            continue
        if key_id_of(key.public_key) != key.pk:
            yield f"{key}: its public key is that of {key_id_of(key.public_key)}."


@invariant("The certificate of a document key is its own.")
def document_keys_have_their_certificates():
    for key in SigningKey.objects.of(Purpose.DOCUMENT):
        try:
            is_own = certified_key(key.certificate) == key.public_key
        except UnusableKey:
            is_own = False
        if not is_own:
            yield f"{key}: the first of its certificates is not its own."


@invariant("One key signs for a purpose, and the database keeps keys as they were registered.")
def keys_are_kept():
    for purpose in Purpose:
        signing = SigningKey.objects.of(purpose).filter(retired_at=None)
        if len(names := sorted(key.pk for key in signing)) > 1:
            yield f"For a {purpose} sign {', '.join(names)} at once."
    table = SigningKey._meta.db_table
    with connection.cursor() as cursor:
        kept = connection.introspection.get_constraints(cursor, table)
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'")
        triggers = {name for (name,) in cursor.fetchall()}
    if not kept.get(ONE_A_PURPOSE, {}).get("unique"):
        yield f"The unique index {ONE_A_PURPOSE} is missing from the database."
    for name in FROZEN:
        if f"{table}_{name}" not in triggers:
            yield f"The trigger {table}_{name} is missing from the database."


@invariant("What the journal says of a signing key, its row says too.")
def keys_are_as_journalled():
    keys = {label_of(key): key for key in SigningKey.objects.all()}
    entries = JournalEntry.objects.filter(verb__startswith="signing_key.").order_by("position")
    compromised = {}
    for entry in entries:
        key = keys.get(entry.subject)
        if key is None:
            yield f"{entry.subject} is in the journal ({entry.verb}) and not registered any more."
        elif entry.verb in RETIRED and key.retired_at is None:
            yield f"{key} was retired (entry {entry.position}), and its row does not say so."
        elif entry.data.get("public_key", key.public_key) != key.public_key:
            yield f"{key} was registered with another public key (entry {entry.position})."
        if entry.verb == COMPROMISED:
            compromised[entry.subject] = entry.data["compromised_from"]
    for subject, key in keys.items():
        said = key.compromised_from.isoformat() if key.compromised_from else None
        if said != compromised.get(subject):
            yield f"{key}: its row and the journal differ on since when it is compromised."


@invariant("What was issued was signed by a key for statements, while that was in use.")
def documents_are_signed_in_time():
    keys = SigningKey.objects.in_bulk()
    for model in (Certificate, AuditReport):
        issued = model.objects.filter(state=DocumentState.ISSUED)
        for document in issued.iterator(chunk_size=500):
            key, signed_at = keys.get(document.key_id), document.claimed_at or document.issued_at
            if key is None:
                yield f"{document} was signed by {document.key_id}, which is not registered."
            elif key.purpose != Purpose.STATEMENT:
                yield f"{document} was signed by {key}, a key for {key.purpose}."
            elif document.issued_at < key.valid_from:
                yield f"{document} was issued before its key {key} was registered."
            elif key.valid_until is not None and signed_at >= key.valid_until:
                yield f"{document} was signed by {key} after that was out of use."
