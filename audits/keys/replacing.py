"""Putting a new key in the place of the one that signs, file and register together.

First the register, then the file: whatever stops it in between, nothing is signed by a key that
is not registered, and a second run finishes what the first began.
"""

import os

from django.conf import settings

from audits.keys.algorithms import key_id_of
from audits.keys.enums import ALGORITHM_OF, Algorithm
from audits.keys.holding import SigningUnavailable
from audits.keys.models import SigningKey
from audits.keys.pem_files import chain_path, make_key
from audits.keys.services import replace_key
from audits.keys.signing import configured, holder_of
from audits.keys.stores import open_key


def rotate(purpose, *, at, make=False):
    """Replace the key of a purpose; returns the rows (old, new).

    The new key is the one that was put where the settings look, if it is not registered yet; else
    the file `….next.pem` beside it, which `make` makes. `SigningUnavailable` says what is missing.
    """
    holder = holder_of(purpose)
    if not _is_known(holder):
        return _replace(purpose, holder, at)
    if settings.SIGNER_SOCKET is not None:
        raise SigningUnavailable(
            f"The signer still holds {key_id_of(holder.public_key)}. Put the new key where the "
            "signer reads it, start the signer again, then run this command again."
        )
    path, _ = configured(purpose)
    following = path.with_suffix(".next.pem")
    if not following.exists():
        _put_in_place(following, path)
        _make(purpose, following, is_wanted=make)
    holder = open_key(following, purpose, name=str(following))
    known = SigningKey.objects.filter(key_id=key_id_of(holder.public_key)).first()
    if known is not None and known.purpose == purpose and known.retired_at is None:
        rows = (known.replaces, known)
    else:
        rows = _replace(purpose, holder, at)
    _put_in_place(following, path)
    return rows


def _is_known(holder):
    return SigningKey.objects.filter(key_id=key_id_of(holder.public_key)).exists()


def _replace(purpose, holder, at):
    is_demonstration = settings.SIGNING_KEY_IS_DEMONSTRATION
    return replace_key(purpose=purpose, holder=holder, at=at, is_demonstration=is_demonstration)


def _make(purpose, following, *, is_wanted):
    is_demonstration = settings.SIGNING_KEY_IS_DEMONSTRATION
    needs_certificate = ALGORITHM_OF[purpose] is Algorithm.ES256 and not is_demonstration
    if needs_certificate or not (is_wanted or is_demonstration):
        beside = f" and its certificates in {chain_path(following).name}" * needs_certificate
        hint = "" if needs_certificate else ", or let --make make it"
        raise SigningUnavailable(f"Put the new key into {following}{beside}{hint}.")
    make_key(following, ALGORITHM_OF[purpose])


def _put_in_place(following, path):
    """The key first: while it signs, its certificates are taken from the register."""
    if following.exists():
        os.replace(following, path)
    if chain_path(following).exists():
        os.replace(chain_path(following), chain_path(path))
