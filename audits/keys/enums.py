"""What a key may sign, how, and what can be answered about a signature.

Plain enumerations, without Django: the signer's process reads them too and loads nothing else.
"""

from enum import StrEnum


class Purpose(StrEnum):
    """What a key signs. A key has one purpose for ever, and no other is accepted from it."""

    STATEMENT = "statement"
    CREDENTIAL = "credential"
    STATUS_LIST = "status_list"
    CHECKPOINT = "checkpoint"
    RECEIPT = "receipt"
    DOCUMENT = "document"


class Algorithm(StrEnum):
    ED25519 = "Ed25519"
    # Over P-256 with SHA-256; the signature is DER, as X.509 and CMS write it.
    ES256 = "ES256"


ALGORITHM_OF = dict.fromkeys(Purpose, Algorithm.ED25519) | {Purpose.DOCUMENT: Algorithm.ES256}

# What is published with an entry of its own in the public log. When the key of such a signature is
# out of use, only that entry shows that the signature is no later forgery.
LOGGED = (Purpose.STATEMENT, Purpose.CREDENTIAL, Purpose.DOCUMENT)


class Answer(StrEnum):
    """What is known of a signature; only `GOOD` counts for anything."""

    GOOD = "good"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_KEY = "unknown_key"
    WRONG_PURPOSE = "wrong_purpose"
    WRONG_ALGORITHM = "wrong_algorithm"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    COMPROMISED = "compromised"
    COULD_NOT_CHECK = "could_not_check"
