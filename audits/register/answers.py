"""The public answers: one mapping each, printed by a page and sent as JSON alike."""

import hashlib
import json
from functools import cache
from urllib.parse import quote

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.lib.check_characters import grouped, is_valid
from agencies.numbering import AGENCY, CERTIFICATE, REPORT
from audits.certificates.statement import read_kept
from audits.enums import DocumentState, StatusState
from audits.register.distrust import distrusted_at
from audits.register.doubt import refuse_if_in_doubt, refuse_wrong_clock
from audits.register.reading import find
from audits.register.recorded import UNASKED, Recorded
from audits.register.rules import Status, certificate_status
from audits.register.standing import certificate_facts, end_of, moment_of
from audits.register.wording import REASON_WORDS, STATUSES, sentence_of

# What no certificate can tell; said on every page of one.
CANNOT_TELL = (
    "It is not a licence: whether an agency may work in a country is for that country's law.",
    "It says nothing about a single placement, worker or contract.",
    "It covers no corridor and no occupation that is not named in its scope.",
    "The WHO Global Code of Practice is voluntary, and the List is not a ban.",
)


def certificate_answer(number, *, on, at, known_at=None):
    """The answer about a number in stored form: its `status`, and all that the public may know.

    `on` is the day asked about, `at` the instant of asking. The answer says what is known about
    that day: now, or as it was known at `known_at` (an instant or a size of the log), and then it
    never changes. For a day gone by `said_then` is what the register said at its end.
    `CouldNotCheck` where the register cannot tell.
    """
    known_at = moment_of(known_at)
    if not is_valid(number):
        return _unknown(number, Status.MALFORMED, on=on, at=at)
    found = find(number)
    if found is None:
        refuse_if_in_doubt(at)
        return _unknown(number, Status.NEVER_ISSUED, on=on, at=at)
    refuse_wrong_clock(at, found.last_recorded_at)
    certificate = found.certificate
    today = timezone.localdate(at)
    recorded = UNASKED
    if on < today or known_at is not None:
        recorded = Recorded([certificate.agency.register_number])
    changes, scope = _changes_of(found), _scope_of(found)
    facts = certificate_facts(
        certificate,
        changes=changes,
        scope=scope,
        recorded=recorded,
        distrusted_at=_distrusted_at(found),
    )
    status = certificate_status(facts, on=on, known_at=known_at)
    statement = read_kept(certificate.statement)
    answer = {
        "status": str(status.status),
        "is_valid": status.status is Status.VALID,
        "sentence": sentence_of(status, number=grouped(number), on=on, today=today, facts=facts),
        "said_then": _said_then(facts, status, on, today),
        "today": _today(facts, status, on, today),
        "known_at": known_at,
        "since": status.since,
        "reason": _reason(status),
        "superseded_by": _other(certificate) if _is_known(facts.superseded_at, known_at) else None,
        "valid_from": certificate.valid_from,
        "valid_until": certificate.valid_until,
        "issued_at": certificate.issued_at,
        "holder": _holder(certificate, statement),
        "regulator": {
            "name": statement.regulator_name,
            "country": statement.regulator_country.code,
            "country_name": statement.regulator_country.name,
        },
        "scope": _scope_lines(
            statement,
            [
                row
                for row, fact in zip(scope, facts.scope, strict=True)
                if _is_known(fact.ended_at, known_at)
            ],
        ),
        "conditions": certificate.conditions,
        "changes": [
            _change(change)
            for change, event in zip(changes, facts.events, strict=True)
            if _is_known(event.confirmed_at, known_at)
        ],
        "audit": statement.audit_number,
        "report": _report(found.report, statement),
        "code_version": statement.code_version.title,
        "list_edition": statement.list_edition.title if statement.list_edition else None,
        "catalogue_edition": statement.catalogue_edition.title,
        "document": _document(found),
        "log_position": found.log_position,
        "is_demonstration": statement.is_demonstration,
        "cannot_tell": CANNOT_TELL,
    }
    return _framed(answer, number, on=on, at=at)


def written(answer):
    """An answer as JSON, and a tag that stays while the answer does: all but the moment of asking.

    Written once: half of the time of an answer went into writing it twice.
    """
    lasting = {key: value for key, value in answer.items() if key != "as_of"}
    content = json.dumps(lasting, cls=DjangoJSONEncoder).encode()
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    as_of = json.dumps({"as_of": answer["as_of"]}, cls=DjangoJSONEncoder).encode()
    return content[:-1] + b", " + as_of[1:], etag


def framed(answer, *, on, at):
    """What every answer carries: the day, the moment, and the calendar they belong to."""
    return {
        "register": settings.PRODUCT_NAME,
        "on": on,
        "as_of": at,
        "time_zone": settings.REGISTRY_TIME_ZONE,
        **answer,
    }


def address(name, number=None):
    """Where a page is for ever, on the canonical origin."""
    before, after = _around_number(name, numbered=number is not None)
    # what was typed in the place of a number may be anything
    place = quote(number, safe="~:@") if number else ""
    return f"{settings.CANONICAL_ORIGIN}{before}{place}{after}"


@cache
def _around_number(name, *, numbered):
    """The path before and after a number: an answer names five pages, and finding each costs."""
    stands_for_one = "000000000"
    path = reverse(name, args=(stands_for_one,) if numbered else ())
    before, _number, after = path.partition(stands_for_one)
    return before, after


def _framed(answer, number, *, on, at):
    identity = {
        "number": number,
        "printed_number": grouped(number),
        "address": address("register:verify", number),
    }
    return framed(identity | answer, on=on, at=at)


def _distrusted_at(found):
    """Asked only where a key was ever compromised."""
    if not found.a_key_was_stolen:
        return None
    return distrusted_at([found.certificate]).get(found.certificate.number)


def _is_known(at, known_at):
    return at is not None and (known_at is None or at <= known_at)


def _changes_of(found):
    if not found.has_changes:
        return []
    confirmed = found.certificate.status_changes.filter(state=StatusState.CONFIRMED)
    return list(confirmed.order_by("confirmed_at", "pk"))


def _scope_of(found):
    if not found.lost_a_corridor:
        return []
    return list(
        found.certificate.scopes.filter(ended_at__isnull=False).select_related("replaced_by")
    )


def _unknown(number, status, *, on, at):
    """A number that leads to no certificate: what that means, and what to do."""
    elsewhere = _elsewhere(number) if status is Status.NEVER_ISSUED else None
    if status is Status.MALFORMED:
        sentence = _("{number} is not a number of this register.").format(number=number[:40])
        do = _(
            "Its check character does not fit, so a character is wrong or missing. Compare it with "
            "the number on the document. If it is printed like this, the document is not ours."
        )
    elif elsewhere:
        sentence = elsewhere.pop("sentence")
        do = _("The number of a certificate begins with {prefix}.").format(prefix=CERTIFICATE)
    else:
        sentence = _("No certificate was ever issued under {number}.").format(
            number=grouped(number)
        )
        do = _(
            "Compare it with the number on the document. If they are the same, the document is not "
            "ours: do not rely on it, and tell the regulator whose name it bears."
        )
    answer = {
        "status": str(status),
        "is_valid": False,
        "sentence": sentence,
        "what_to_do": do,
        "see": elsewhere,
    }
    return _framed(answer, number, on=on, at=at)


def _elsewhere(number):
    """Where a well-formed number of another kind leads."""
    if number.startswith(AGENCY):
        return {
            "sentence": _("{number} is the number of an agency, not of a certificate.").format(
                number=grouped(number)
            ),
            "text": _("See the agency's page"),
            "address": address("register:agency", number),
        }
    if number.startswith(REPORT):
        return {
            "sentence": _("{number} is the number of an audit report.").format(
                number=grouped(number)
            ),
            "text": _("See the report"),
            "address": address("register:report", number),
        }
    return None


def _today(facts, asked, on, today):
    """What holds today, beside an answer for another day: that one must not hide it."""
    if on == today:
        return None
    now = certificate_status(facts, on=today, known_at=None).status
    return {
        "status": str(now),
        "word": str(STATUSES[now].word),
        "differs": now is not asked.status,
    }


def _said_then(facts, now, on, today):
    if on >= today:
        return None
    known_at = end_of(on)
    then = certificate_status(facts, on=on, known_at=known_at)
    return {
        "known_at": known_at,
        "status": str(then.status),
        "word": str(STATUSES[then.status].word),
        "differs": then.status is not now.status,
        "since": then.since,
        "reason": _reason(then),
    }


def _reason(status):
    if status.status not in (Status.SUSPENDED, Status.WITHDRAWN):
        return None
    return {"code": status.reason, "words": str(REASON_WORDS[status.reason])}


def _other(certificate):
    if certificate.superseded_by_id is None:
        return None
    number = certificate.superseded_by.number
    return {
        "number": number,
        "printed_number": grouped(number),
        "address": address("register:verify", number),
    }


def _holder(certificate, statement):
    return {
        "register_number": statement.holder_number,
        "printed_number": grouped(statement.holder_number),
        "legal_name": statement.holder_name,
        "legal_name_now": certificate.agency.legal_name,
        "country": statement.holder_country.code,
        "country_name": statement.holder_country.name,
        "address": address("register:agency", statement.holder_number),
    }


def _scope_lines(statement, lost):
    gone = {(row.source_id, row.destination_id, row.occupation_group): row for row in lost}
    lines = []
    for line in statement.scope:
        row = gone.get((line.source.code, line.destination.code, line.group))
        taken_over = row is not None and row.replaced_by_id is not None
        lines.append(
            {
                "source": line.source.code,
                "source_name": line.source.name,
                "destination": line.destination.code,
                "destination_name": line.destination.name,
                "occupation_group": line.group,
                "occupation_title": line.group_title,
                "taken_over_by": row.replaced_by.number if taken_over else None,
                "taken_over_on": row.ended_on if taken_over else None,
            }
        )
    return lines


def _change(change):
    return {
        "kind": change.kind,
        "words": change.get_kind_display(),
        "effective_on": change.effective_on,
        "confirmed_at": change.confirmed_at,
        "reason": {"code": change.reason, "words": change.get_reason_display()},
    }


def _report(report, statement):
    issued = report.state == DocumentState.ISSUED
    return {
        "number": statement.report_number,
        "printed_number": grouped(statement.report_number),
        "statement_sha256": statement.report_digest,
        "pdf_sha256": report.pdf_digest if issued else None,
        "address": address("register:report", statement.report_number) if issued else None,
    }


def _document(found):
    certificate = found.certificate
    credential = address("credentials:json", certificate.number) if found.has_credential else None
    return {
        "address": address("register:certificate_pdf", certificate.number),
        "pdf_sha256": certificate.pdf_digest,
        "size": certificate.pdf_size,
        "statement_address": address("register:statement", certificate.number),
        "statement_sha256": certificate.statement_digest,
        "signature": certificate.signature,
        "algorithm": certificate.key.algorithm,
        "key_id": certificate.key_id,
        "public_key": certificate.key.public_key,
        "credential_address": credential,
    }
