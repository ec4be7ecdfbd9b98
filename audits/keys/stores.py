"""The folder of keys: for each purpose a PEM file, or a file with the address of a key in a token.

`statement.pem`, or `statement.uri`; the X.509 certificates of the document key stand beside it, in
`document.chain.pem`, its own first.
"""

from pathlib import Path

from audits.keys.enums import ALGORITHM_OF, Algorithm, Purpose
from audits.keys.holding import Holder, SigningUnavailable
from audits.keys.pem_files import read_chain, read_pem
from audits.keys.tokens import TokenKey, read_address


def key_path(folder: Path, purpose: Purpose) -> Path:
    """The file of a purpose's private key."""
    return folder / f"{purpose}.pem"


def open_key(path: Path, purpose: Purpose, *, name: str) -> Holder:
    """The key whose PEM file is `path`, or whose address stands in the file `.uri` beside it.

    `name` is how the operator knows it. `SigningUnavailable` says what is wrong.
    """
    algorithm, address = ALGORITHM_OF[purpose], path.with_suffix(".uri")
    if not address.exists():
        return read_pem(path, algorithm, name=name)
    if path.exists():
        raise SigningUnavailable(
            f"There are {path.name} and {address.name}: which of them counts would be a guess. "
            "Take one of them away."
        )
    try:
        text = address.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise SigningUnavailable(f"{address} cannot be read.") from unreadable
    chain = read_chain(path) if algorithm is Algorithm.ES256 else ""
    return TokenKey(read_address(text), algorithm, chain)
