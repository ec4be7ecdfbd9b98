"""The code under which somebody follows their concern: shown once, kept only as a digest."""

import hashlib
import re
import secrets

# no letter or digit that is read as another; twenty of them are 99 bits
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 20


def new_code() -> str:
    """In groups of four, as it is written down: `7K2M-…`."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(drawn[at : at + 4] for at in range(0, LENGTH, 4))


def digest_of(code: str) -> str:
    """Case, blanks and dashes do not matter."""
    plain = re.sub(r"[^0-9A-Z]", "", code.upper())
    return hashlib.sha256(f"concern {plain}".encode()).hexdigest()
