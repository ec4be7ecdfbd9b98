"""Which keys are trusted for what, and whether a signature still counts."""

from django.db import DatabaseError

from audits.keys.algorithms import UnusableKey, verifies
from audits.keys.enums import ALGORITHM_OF, LOGGED, Answer
from audits.keys.models import SigningKey
from audits.transparency.queries import size_before


def trusted_keys(purpose):
    """Every key ever registered for a purpose, newest first: old signatures outlive their key."""
    return SigningKey.objects.of(purpose)


def key_in_use(purpose, *, at):
    """The one key that signs for a purpose at `at`, or None."""
    return trusted_keys(purpose).in_use(at).first()


def trusted_key(purpose, key_id, algorithm):
    """The registered key under exactly this name, or the `Answer` that refuses it.

    Nothing that a document brings along is looked at: no embedded key, no address, no path.
    """
    key = SigningKey.objects.filter(key_id=key_id).first()
    if key is None:
        return Answer.UNKNOWN_KEY
    if key.purpose != purpose:
        return Answer.WRONG_PURPOSE
    if algorithm != key.algorithm or algorithm != ALGORITHM_OF.get(purpose):
        return Answer.WRONG_ALGORITHM
    return key


def check_signature(purpose, key_id, algorithm, message, signature, *, at, position=None):
    """The `Answer` about one signature: the only way to trust one.

    `at` is when it was made, `position` the index of its act in the public log (None: it has none).
    """
    try:
        key = trusted_key(purpose, key_id, algorithm)
        if isinstance(key, Answer):
            return key
        if not verifies(key.algorithm, key.public_key, message, signature):
            return Answer.BAD_SIGNATURE
        return validity(key, at=at, position=position)
    except (UnusableKey, DatabaseError):
        return Answer.COULD_NOT_CHECK


def stands(key, *, at, position=None):
    """Whether a signature made at `at` under `key`, logged at `position`, still counts."""
    return validity(key, at=at, position=position) is Answer.GOOD


def validity(key, *, at, position=None):
    """As `stands`, with the reason: `GOOD`, `NOT_YET_VALID`, `EXPIRED` or `COMPROMISED`.

    A date is the signer's own word, so of a compromised key only what the log held before the
    theft counts, and of a retired one only what the log holds at all, as far as it is logged.
    """
    if key.compromised_from is not None and not (
        position is not None and position < size_before(key.compromised_from)
    ):
        return Answer.COMPROMISED
    if at < key.valid_from:
        return Answer.NOT_YET_VALID
    if key.valid_until is not None and at >= key.valid_until:
        return Answer.EXPIRED
    if key.retired_at is not None and position is None and key.purpose in LOGGED:
        return Answer.EXPIRED
    return Answer.GOOD
