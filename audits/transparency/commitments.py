"""A value that the log may not show, tied down so that it cannot be changed later either.

The commitment is the SHA-256 of the canonical JSON {"salt": …, "value": …}. Whoever is shown salt
and value can check it; without the salt, of 256 random bits, nobody can try values out.
"""

import secrets

from agencies.lib.canonical import digest


def new_salt() -> str:
    """256 random bits as 64 hexadecimal characters."""
    return secrets.token_hex(32)


def commitment(salt: str, value: str) -> str:
    """What stands in the leaf in place of the value."""
    return digest({"salt": salt, "value": value})
