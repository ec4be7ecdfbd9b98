"""Acts on keys: registering the first, replacing, retiring, and saying that one was stolen."""

import hashlib
from datetime import UTC

from cryptography import x509
from django.db import transaction

from agencies import journal
from audits.keys.algorithms import key_id_of, text_of
from audits.keys.enums import ALGORITHM_OF, Algorithm
from audits.keys.holding import SigningUnavailable
from audits.keys.models import SigningKey


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
    own = x509.load_pem_x509_certificates(holder.certificate.encode())[0]
    if text_of(own.public_key()) != holder.public_key:
        raise SigningUnavailable("The first certificate is not that of the document key.")
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
