"""Giving a checkpoint to somebody outside, and noting that they have it."""

from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.mail import send_mail

from audits.transparency.checkpoints import origin, write_whole
from audits.transparency.witnessing import is_cosigned, largest_seen, remember_seen, request_for

PATIENCE = 20
LARGEST_REPLY = 64 * 1024


class NotTaken(Exception):
    """The other side did not take the checkpoint, or did not prove that it did."""


def push_to_folder(checkpoint, folder, *, at):
    """Two files that nothing replaces: the checkpoint, and the request for `witness_checkpoint`."""
    witness = str(Path(folder).resolve())
    last = largest_seen(origin(), by=witness)
    if last and last.size == checkpoint.size:
        return
    old = last.size if last else 0
    name = f"{checkpoint.size:012}"
    write_whole(Path(folder) / f"{name}.checkpoint", checkpoint.note.encode())
    write_whole(Path(folder) / f"{name}.request", request_for(checkpoint, old=old))
    remember_seen(checkpoint, witness=witness, at=at)


def push_to_address(checkpoint, address, *, at):
    """An e-mail with the checkpoint as it is: whoever keeps it can compare for ever."""
    send_mail(
        f"Checkpoint {checkpoint.size} of {origin()}",
        "Keep this message. It fixes what the register held when it was sent:\n"
        "save the lines between the marks as a file and pass it to verify_register.py\n"
        "with --checkpoint.\n\n"
        f"----- checkpoint -----\n{checkpoint.note}----- end -----\n",
        settings.DEFAULT_FROM_EMAIL,
        [address],
    )
    remember_seen(checkpoint, witness=address, at=at)


def push_to_witness(checkpoint, url, witness_key, *, at):
    """Another register, or any witness of tlog-witness; `NotTaken` says why it did not cosign.

    Its answer counts only if it is cosigned with the key that is known from elsewhere.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise NotTaken("A witness has an address that begins with https://.")
    last = largest_seen(origin(), by=url)
    status, text = _post(url, request_for(checkpoint, old=last.size if last else 0))
    if status == HTTPStatus.CONFLICT and text.strip().isdigit():
        # it remembers another size than we do; it tells which, once
        old = int(text)
        if old > checkpoint.size:
            raise NotTaken(f"The witness has seen {old} leaves, and the log has fewer.")
        status, text = _post(url, request_for(checkpoint, old=old))
    if status != HTTPStatus.OK:
        raise NotTaken(f"The witness answered {status}: {text.strip()[:200]}")
    signed_text = checkpoint.note.partition("\n\n")[0] + "\n"
    if not is_cosigned(signed_text, text, witness_key):
        raise NotTaken("The witness's answer is not cosigned with the key given for it.")
    remember_seen(checkpoint, witness=url, at=at, cosigned=text)


def _post(url, body):
    request = Request(  # noqa: S310 -- the scheme was looked at, and the operator named the host
        f"{url.rstrip('/')}/add-checkpoint", data=body, headers={"Content-Type": "text/plain"}
    )
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            return answer.status, answer.read(LARGEST_REPLY).decode("utf-8", "replace")
    except HTTPError as refused:
        return refused.code, refused.read(LARGEST_REPLY).decode("utf-8", "replace")
    except (URLError, HTTPException, TimeoutError) as unreachable:
        raise NotTaken(f"The witness cannot be reached: {unreachable}") from unreachable
