"""The whole verifiable register as static files, at the addresses that the site has them at.

What stands under an address is never replaced by something else, so that a run that was stopped is
simply run again. The checkpoint comes last: it never speaks of a file that is not there yet.
"""

from collections.abc import Iterator
from pathlib import Path

from agencies.lib.canonical import canonical
from audits.certificates.document import signed_statement
from audits.certificates.models import Certificate
from audits.credentials.contexts import OWN_PATH, bundled
from audits.credentials.models import CertificateCredential
from audits.credentials.publishing import did_document, signed_list
from audits.credentials.queries import last_list
from audits.credentials.status_lists import StatusPurpose
from audits.keys.enums import Purpose
from audits.keys.models import SigningKey
from audits.keys.queries import key_in_use
from audits.models.report import AuditReport
from audits.transparency.checkpoints import verifier_key, write_whole
from audits.transparency.models import LogLeaf
from audits.transparency.notes import read_checkpoint, read_note
from audits.transparency.tiles import content_of, tiles_of


class PublishedOtherwise(Exception):
    """A file is there already and says something else; nothing is replaced."""


def publish(folder, checkpoint, *, at):
    """Write everything up to a checkpoint; how many files were new.

    `PublishedOtherwise` where the folder holds another past, or a longer one.
    """
    folder = Path(folder)
    since = _published_size(folder, checkpoint)
    written = 0
    for address, content in _lasting(checkpoint.size, since):
        written += _write_once(folder / address, content)
    for address, content in _passing(at):
        write_whole(folder / address, content)
    write_whole(folder / "log/checkpoint", checkpoint.note.encode())
    return written


def keys_document():
    """Every public key that the register ever used, for whoever checks without us."""
    return canonical(
        {
            "keys": [
                {
                    "key_id": key.key_id,
                    "purpose": key.purpose,
                    "algorithm": key.algorithm,
                    "public_key": key.public_key,
                    "certificate": key.certificate,
                    "valid_from": _instant(key.valid_from),
                    "valid_until": _instant(key.valid_until),
                    "compromised_from": _instant(key.compromised_from),
                    "demonstration": key.is_demonstration,
                    **(
                        {"verifier_key": str(verifier_key(key))}
                        if key.purpose == "checkpoint"
                        else {}
                    ),
                }
                for key in SigningKey.objects.order_by("valid_from", "key_id")
            ]
        }
    )


def _lasting(size, since):
    for tile in tiles_of(size, since=since):
        yield f"log/tile/{tile.path}", content_of(tile)
    yield from _documents(size, since)


def _documents(size, since) -> Iterator[tuple[str, bytes]]:
    for model, kind, place in (
        (Certificate, "certificate.issued", "verify"),
        (AuditReport, "report.issued", "report"),
    ):
        leaves = LogLeaf.objects.filter(kind=kind, position__gte=since, position__lt=size)
        keys = dict(SigningKey.objects.values_list("pk", "public_key"))
        issued = model.objects.filter(number__in=leaves.values("about")).order_by("number")
        for document in issued.iterator(chunk_size=500):
            signed = signed_statement(
                statement=document.statement.encode(),
                signature=document.signature,
                public_key=keys[document.key_id],
            )
            yield f"{place}/{document.number}/statement.json", signed.content
    numbers = LogLeaf.objects.filter(
        kind="certificate.issued", position__gte=since, position__lt=size
    ).values("about")
    credentials = CertificateCredential.objects.filter(certificate__number__in=numbers)
    for kept in credentials.select_related("certificate").iterator(chunk_size=500):
        place = f"verify/{kept.certificate.number}"
        yield f"{place}/credential.json", kept.jsonld.encode()
        yield f"{place}/credential.jwt", kept.jwt.encode()


def _passing(at):
    """What is true for a while only: replaced as a whole each time."""
    yield "log/keys.json", keys_document()
    yield ".well-known/did.json", did_document()
    yield OWN_PATH.removeprefix("/"), bundled("recruitment-code-v1")
    if key_in_use(Purpose.STATUS_LIST, at=at) is None:
        return  # no credential was made yet, so that no list is named anywhere
    for number in range(1, last_list() + 1):
        for purpose in StatusPurpose:
            signed = signed_list(purpose, number, at=at)
            yield f"status/{purpose}/{number}", signed.jsonld
            yield f"status/{purpose}/{number}.jwt", signed.jwt.encode()


def _write_once(path, content):
    if content is None:
        raise PublishedOtherwise(f"The log does not hold what belongs into {path}. Run: fsck")
    try:
        there = path.read_bytes()
    except FileNotFoundError:
        write_whole(path, content)
        return True
    if there != content:
        raise PublishedOtherwise(
            f"{path} is there and says something else. Keep it, and find out which of both is true."
        )
    return False


def _published_size(folder, checkpoint):
    """How far the folder has come; only full runs count, so that nothing is left out."""
    try:
        published = read_checkpoint(read_note((folder / "log/checkpoint").read_bytes()).text)
    except FileNotFoundError:
        return 0
    mine = read_checkpoint(read_note(checkpoint.note.encode()).text)
    if published.origin != mine.origin:
        raise PublishedOtherwise(f"{folder} holds another log: {published.origin}.")
    if published.size > mine.size:
        raise PublishedOtherwise(
            f"{folder} holds {published.size} leaves, and the log has {mine.size}."
        )
    return published.size


def _instant(at):
    return at.isoformat() if at else None
