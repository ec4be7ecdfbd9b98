"""Giving a receipt of an answer, and saying later what one is still worth.

Making one signs a checkpoint of the log, if the log has grown since the last: whoever keeps the
receipt keeps proof of what the log was. Nothing is kept of who asked.
"""

from base64 import b64decode, b64encode

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.lib.check_characters import grouped
from attestations.models import ListEdition
from audits.keys.enums import Answer, Purpose
from audits.keys.holding import SigningUnavailable
from audits.keys.signing import current
from audits.register import receipts
from audits.register.agency_answers import agency_answer
from audits.register.answers import address, certificate_answer, framed
from audits.register.doubt import CouldNotCheck, Doubt, refuse_if_in_doubt
from audits.register.rules import Word
from audits.register.standing import BEFORE_ALL, moment_of
from audits.register.wording import Shown
from audits.transparency.checkpoints import LogRewritten, sign_checkpoint
from audits.transparency.queries import root_at, size

ANSWERS = {receipts.CERTIFICATE: certificate_answer, receipts.AGENCY: agency_answer}
PAGES = {receipts.CERTIFICATE: "register:verify", receipts.AGENCY: "register:agency"}

# What is asked again as it was known then, and has to come out the same.
LASTING = ("status", "since", "reason")

GENUINE, NOT_OURS, NOT_RELIABLE = "genuine", "not_ours", "not_reliable"

SHOWN = {
    GENUINE: Shown(gettext_lazy("Genuine receipt"), "=", "blue", ""),
    NOT_OURS: Shown(gettext_lazy("Not our receipt"), "✕", "red", ""),
    NOT_RELIABLE: Shown(gettext_lazy("Cannot be relied on"), "✕", "red", ""),
}

_TELL = gettext_lazy("Do not rely on it. Ask the register itself: check the number that it names.")


def receipt_of(about, number, *, on, at):
    """The file of a receipt, and what it states; CouldNotCheck where the register cannot sign."""
    refuse_if_in_doubt(at)
    try:
        # the key's own registration is an act too, and comes before what is known
        current(Purpose.RECEIPT, at=at)
        checkpoint = sign_checkpoint(at=at)
    except (SigningUnavailable, LogRewritten) as unable:
        raise CouldNotCheck(Doubt.SIGNING_UNAVAILABLE) from unable
    stated = _stated(about, number, on, at, checkpoint)
    try:
        return receipts.signed(stated, at=at), stated
    except SigningUnavailable as unable:
        raise CouldNotCheck(Doubt.SIGNING_UNAVAILABLE) from unable


def _stated(about, number, on, at, checkpoint):
    known_at = moment_of(checkpoint.size)
    answer = ANSWERS[about](number, on=on, at=at, known_at=known_at)
    said_then, edition = answer.get("said_then"), ListEdition.objects.in_force(on)
    return {
        "type": receipts.TYPE,
        "schema": receipts.SCHEMA,
        "register": settings.CANONICAL_ORIGIN,
        "question": {"about": about, "number": number, "on": on.isoformat()},
        "answer": _kept_of(answer, about),
        "said_then": said_then
        and {"status": said_then["status"], "known_at": receipts.instant(said_then["known_at"])},
        "list_edition": edition and {"label": edition.label, "title": edition.title},
        "asked_at": receipts.instant(at),
        "known_at": receipts.instant(known_at),
        "time_zone": settings.REGISTRY_TIME_ZONE,
        "log": {
            "size": checkpoint.size,
            "root": b64encode(bytes.fromhex(checkpoint.root)).decode("ascii"),
            "checkpoint": checkpoint.note,
        },
        "demonstration": settings.SIGNING_KEY_IS_DEMONSTRATION,
    }


def _kept_of(answer, about):
    """What a receipt keeps of an answer: nothing in it depends on when it is written."""
    since, reason, other = (answer.get(key) for key in ("since", "reason", "superseded_by"))
    varies = answer.get("varies_by_corridor", False)
    is_certified = answer["status"] == Word.CERTIFIED and not varies
    return {
        "status": answer["status"],
        "is_valid": answer["is_valid"] if about == receipts.CERTIFICATE else is_certified,
        "sentence": str(answer["sentence"]),
        "since": since and since.isoformat(),
        "reason": reason and reason["code"],
        "superseded_by": other and other["number"],
        "varies_by_corridor": varies,
        "certificate": _certificate(answer) if "document" in answer else None,
    }


def _certificate(answer):
    return {
        "number": answer["number"],
        "holder": {
            "register_number": answer["holder"]["register_number"],
            "legal_name": answer["holder"]["legal_name"],
        },
        "valid_from": answer["valid_from"].isoformat(),
        "valid_until": answer["valid_until"].isoformat(),
        "statement_sha256": answer["document"]["statement_sha256"],
        "pdf_sha256": answer["document"]["pdf_sha256"],
    }


def receipt_answer(written, *, on, at):
    """What a file is worth that somebody calls a receipt: genuine or not, and what changed since.

    CouldNotCheck where the register cannot tell.
    """
    refuse_if_in_doubt(at)
    try:
        receipt = receipts.read(written)
    except receipts.NotAReceipt as refused:
        return _refused(NOT_OURS, str(refused), on, at)
    worth = receipts.check(receipt)
    if worth is Answer.COULD_NOT_CHECK:
        raise CouldNotCheck(Doubt.KEY_UNREADABLE)
    if worth is Answer.COMPROMISED:
        sentence = _("The key that signed this receipt was in other hands, so anybody may have.")
        return _refused(NOT_RELIABLE, sentence, on, at)
    if worth is not Answer.GOOD or receipt.stated["register"] != settings.CANONICAL_ORIGIN:
        sentence = _("This register never gave this receipt, or something in it was changed.")
        return _refused(NOT_OURS, sentence, on, at)
    try:
        return framed(_of_genuine(receipt, at), on=on, at=at)
    except DatabaseError as unreadable:
        raise CouldNotCheck(Doubt.DATABASE_UNREADABLE) from unreadable


def _of_genuine(receipt, at):
    ask = ANSWERS[receipt.about]
    now = _kept_of(ask(receipt.number, on=receipt.on, at=at), receipt.about)
    again = _kept_of(
        ask(receipt.number, on=receipt.on, at=receipt.asked_at, known_at=receipt.known_at),
        receipt.about,
    )
    then = receipt.stated["answer"]
    changed = sorted(key for key in now if key != "sentence" and now[key] != then.get(key))
    return {
        "status": GENUINE,
        "sentence": _("This register gave this receipt, and nothing in it was changed."),
        "is_genuine": True,
        "about": receipt.about,
        "number": receipt.number,
        "printed_number": grouped(receipt.number),
        "address": address(PAGES[receipt.about], receipt.number),
        "asked_on": receipt.on,
        "asked_at": receipt.asked_at,
        "then": then,
        "now": now,
        "has_changed": bool(changed),
        "changed": changed,
        # an answer as known at an instant never changes: where it has, somebody rewrote the past
        "was_rewritten": any(again[key] != then.get(key) for key in LASTING)
        or not _is_in_log(receipt),
        "log_size": receipt.stated["log"]["size"],
        "list_edition": receipt.stated["list_edition"],
    }


def _is_in_log(receipt):
    """Whether our log, when it was as large, was the one that the receipt names."""
    claimed = receipt.stated["log"]
    if claimed["size"] > size() or moment_of(claimed["size"]) == BEFORE_ALL:
        return claimed["size"] == 0
    return root_at(claimed["size"]) == b64decode(claimed["root"])


def _refused(status, sentence, on, at):
    answer = {
        "status": status,
        "sentence": sentence,
        "is_genuine": False,
        "what_to_do": str(_TELL),
    }
    return framed(answer, on=on, at=at)
