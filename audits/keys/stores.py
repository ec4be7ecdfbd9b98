"""The folder of keys: for each purpose a PEM file, or the address of a key in a token."""

from pathlib import Path

from audits.keys.enums import ALGORITHM_OF, Purpose
from audits.keys.holding import Holder
from audits.keys.pem_files import read_pem


def key_path(folder: Path, purpose: Purpose) -> Path:
    """The file of a purpose's private key."""
    return folder / f"{purpose}.pem"


def open_key(path: Path, purpose: Purpose, *, name: str) -> Holder:
    """The key whose file is `path`; `name` is how the operator knows it."""
    return read_pem(path, ALGORITHM_OF[purpose], name=name)
