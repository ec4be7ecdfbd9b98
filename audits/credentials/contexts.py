"""The JSON-LD contexts that a credential may name: bundled here, and never fetched.

A context says what the terms of a credential mean, so it is part of what is signed: these bytes
never change. Another meaning needs another version under another address.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"

# Below the canonical origin, for whoever reads our credentials without having bundled it.
OWN_PATH = "/contexts/recruitment-code/v1"

_FOLDER = Path(__file__).parent / "contexts"


class ContextUnknown(ValueError):
    """The credential names a context that is not bundled; nothing is ever fetched."""


def own_context(origin: str) -> str:
    """The address of our own terms in the register at `origin`."""
    return origin + OWN_PATH


@cache
def bundled(name: str) -> bytes:
    """The bytes of a bundled context: `credentials-v2` or `recruitment-code-v1`."""
    return (_FOLDER / f"{name}.jsonld").read_bytes()


def document_loader(origin: str) -> Any:
    """A loader for PyLD that knows the contexts of the register at `origin` and nothing else."""
    known = {CREDENTIALS_V2: "credentials-v2", own_context(origin): "recruitment-code-v1"}

    def load(address: str, options: Any = None) -> dict[str, Any]:
        if address not in known:
            raise ContextUnknown(f"The context {address[:200]} is not one that is known here.")
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": address,
            "document": json.loads(bundled(known[address])),
        }

    return load
