"""Acts on keys: registering the first, replacing, retiring, and saying that one was stolen."""

import hashlib
from datetime import UTC

from cryptography import x509
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from agencies import journal
from audits.keys.algorithms import UnusableKey, certified_key, key_id_of
from audits.keys.enums import ALGORITHM_OF, Algorithm
from audits.keys.holding import SigningUnavailable
from audits.keys.models import SigningKey
from audits.transparency.queries import size_before


@transaction.atomic
def register_key(*, purpose, holder, at, is_demonstration=False):
    """Enter the public part of a purpose's first key; returns the row and whether it is new.

    `SigningUnavailable` says why it may not be: another key signs already, or this one is no key
    for the purpose.
    """
    known = SigningKey.objects.filter(key_id=key_id_of(holder.public_key)).first()
    if known is not None:
        if known.purpose != purpose:
            raise SigningUnavailable(
                f"{known.key_id} is the key for {known.purpose} and cannot sign a {purpose} too. "
                "Make a key of its own."
            )
        return known, False
    current = SigningKey.objects.of(purpose).filter(retired_at=None).first()
    if current is not None:
        raise SigningUnavailable(
            f"{current.key_id} is the key for {purpose}. To put another in its place run: "
            f"manage.py rotate_key {purpose}"
        )
    key = _enter(purpose, holder, at, is_demonstration)
    _record("signing_key.registered", key)
    return key, True


@transaction.atomic
def replace_key(*, purpose, holder, at, is_demonstration=False):
    """Let a new key sign from `at` on, and the one before it no more; returns both rows.

    What the old key signed keeps counting. `SigningUnavailable` if there is nothing to replace, or
    the new key was registered before.
    """
    old = _last_of(purpose)
    if old is None:
        raise SigningUnavailable(
            f"No key was registered for a {purpose} yet. "
            f"Run: manage.py register_signing_key {purpose}"
        )
    if SigningKey.objects.filter(key_id=key_id_of(holder.public_key)).exists():
        raise SigningUnavailable(
            f"{key_id_of(holder.public_key)} is registered already; a key that was registered is "
            "never put in the place of another. Make a new one."
        )
    _end(old, at)
    new = _enter(purpose, holder, at, is_demonstration)
    old.replaced_by = new
    old.save(update_fields=["replaced_by"])
    _record("signing_key.registered", new)
    _journal("signing_key.replaced", old, by_key=new.key_id)
    return old, new


@transaction.atomic
def retire_key(*, key_id, at):
    """Let a key sign no more from `at` on, with none in its place; what it signed keeps counting.

    ValidationError if it is retired already.
    """
    key = _locked(key_id)
    if key.retired_at is not None:
        raise ValidationError(f"{key} was retired on {key.retired_at:%Y-%m-%d %H:%M} UTC already.")
    _end(key, at)
    _journal("signing_key.retired", key)
    return key


@transaction.atomic
def record_compromise(*, key_id, since, reason, at):
    """Say that others had a key from `since` on: what the log holds from then on does not count.

    The key is retired as well. A second call can only move `since` to earlier. ValidationError
    says what is wrong.
    """
    key = _locked(key_id)
    if since > at:
        raise ValidationError("A key cannot be compromised from a moment to come.")
    if not reason.strip():
        raise ValidationError("Say what is known of how the key was compromised.")
    if key.compromised_from is not None and since >= key.compromised_from:
        raise ValidationError(
            f"{key} is on record as compromised from {key.compromised_from.isoformat()}; only an "
            "earlier moment can be recorded now."
        )
    if key.retired_at is None:
        _end(key, at)
    key.compromised_from, key.compromise_recorded_at = since, at
    key.compromise_reason = reason.strip()
    key.save(update_fields=["compromised_from", "compromise_recorded_at", "compromise_reason"])
    _journal(
        "signing_key.compromised",
        key,
        compromised_from=since.astimezone(UTC).isoformat(),
        stands_below=size_before(since),
        reason_sha256=hashlib.sha256(key.compromise_reason.encode()).hexdigest(),
    )
    return key


def _locked(key_id):
    key = SigningKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise ValidationError(f"No key is registered under {key_id!r}.")
    return key


def _last_of(purpose):
    """The key that signs, or if none does the last that did and was not replaced."""
    kept = SigningKey.objects.select_for_update().of(purpose).filter(replaced_by=None)
    return kept.order_by(F("retired_at").desc(nulls_first=True)).first()


def _end(key, at):
    if key.retired_at is not None:
        return
    key.retired_at = at
    key.valid_until = at if key.valid_until is None else min(at, key.valid_until)
    key.save(update_fields=["retired_at", "valid_until"])


def _journal(verb, key, **details):
    return journal.record(
        verb,
        key,
        by=None,
        key_id=key.key_id,
        valid_until=key.valid_until.isoformat(),
        **details,
    )


def _enter(purpose, holder, at, is_demonstration):
    if holder.algorithm != ALGORITHM_OF[purpose]:
        raise SigningUnavailable(f"A {purpose} is signed by a key of {ALGORITHM_OF[purpose]}.")
    return SigningKey.objects.create(
        key_id=key_id_of(holder.public_key),
        purpose=purpose,
        algorithm=holder.algorithm,
        public_key=holder.public_key,
        certificate=holder.certificate,
        is_demonstration=is_demonstration,
        valid_from=at,
        valid_until=_end_of_certificate(holder, at),
    )


def _end_of_certificate(holder, at):
    """When the X.509 certificate of the key ends; it must be the key's own and hold at `at`."""
    if holder.algorithm is not Algorithm.ES256:
        return None
    try:
        is_own = certified_key(holder.certificate) == holder.public_key
    except UnusableKey as unusable:
        raise SigningUnavailable(f"The document key: {unusable}") from unusable
    if not is_own:
        raise SigningUnavailable("The first certificate is not that of the document key.")
    own = x509.load_pem_x509_certificates(holder.certificate.encode())[0]
    if not own.not_valid_before_utc <= at < own.not_valid_after_utc:
        raise SigningUnavailable("The certificate of the document key does not hold now.")
    return own.not_valid_after_utc.astimezone(UTC)


def _record(verb, key, **details):
    return journal.record(
        verb,
        key,
        by=None,
        key_id=key.key_id,
        purpose=key.purpose,
        algorithm=key.algorithm,
        public_key=key.public_key,
        certificate_sha256=hashlib.sha256(key.certificate.encode()).hexdigest()
        if key.certificate
        else "",
        valid_from=key.valid_from.isoformat(),
        valid_until=key.valid_until.isoformat() if key.valid_until else "",
        is_demonstration=key.is_demonstration,
        **details,
    )
