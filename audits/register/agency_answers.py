"""What the public reads of an agency and of a search, as one mapping for page and JSON alike."""

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.enums import NameKind
from agencies.lib.check_characters import grouped, is_valid
from agencies.models import Agency, Country
from agencies.numbering import CERTIFICATE
from attestations import occupations
from attestations.enums import AnswerChoice, AttestationState
from attestations.models import Answer, Attestation
from audits.enums import DocumentState
from audits.models import AuditReport, Certificate
from audits.register.answers import address, framed
from audits.register.doubt import refuse_if_in_doubt
from audits.register.history import public_history
from audits.register.rules import Status, Word, agency_standing, certificate_status
from audits.register.search import near_names
from audits.register.standing import end_of, facts_of, moment_of, standings
from audits.register.wording import REASON_WORDS, STANDINGS, STATUSES, standing_sentence


def agency_answer(number, *, on, at, known_at=None):
    """The public record of the agency with this register number; `status` says if there is one.

    Its standing is what is known about `on` now, or as it was known at `known_at`.
    """
    refuse_if_in_doubt(at)
    known_at = moment_of(known_at)
    registered = Agency.objects.select_related("home_country", "regulator__country", "merged_into")
    agency = registered.filter(register_number=number).first() if is_valid(number) else None
    if agency is None:
        return framed(_no_agency(number), on=on, at=at)
    facts = facts_of([agency])[agency.pk]
    today = timezone.localdate(at)
    line = agency_standing(facts, on=on, known_at=known_at)
    return framed(
        {
            "register_number": number,
            "printed_number": grouped(number),
            "address": address("register:agency", number),
            "status": str(line.word),
            "word": str(STANDINGS[line.word].word),
            "meaning": str(STANDINGS[line.word].meaning),
            "sentence": standing_sentence(line, name=agency.legal_name, today=today),
            "varies_by_corridor": line.varies,
            "since": line.since,
            "reason": _reason(line),
            "said_then": _said_then(facts, line, on, today),
            "today": _today(facts, line, on, today),
            "known_at": known_at,
            "legal_name": agency.legal_name,
            "names": _names(agency),
            "home_country": agency.home_country_id,
            "home_country_name": agency.home_country.name,
            "company_number": agency.company_number,
            "issuing_register": agency.issuing_register,
            "website": agency.website,
            "regulator": {
                "name": agency.regulator.name,
                "country": agency.regulator.country_id,
                "country_name": agency.regulator.country.name,
            },
            "registered_on": agency.registered_on,
            "end": _end(agency),
            "corridors": corridors_in_words(line),
            "certificates": _certificates(agency, facts, on, known_at),
            "reports": _reports(agency),
            "licences": _licences(agency, on),
            "schemes": _schemes(agency, on),
            "attestation": _attestation(agency),
            "history": public_history(agency),
            "not_to_be_confused_with": _near(agency),
        },
        on=on,
        at=at,
    )


def list_answer(agencies, *, on, at, names=None):
    """Agencies with the standing of each on a day: what a search found, or a page of the list."""
    lines = standings(agencies, on=on)
    return framed(
        {
            "results": [
                _listed(agency, lines[agency.pk], (names or {}).get(agency.pk))
                for agency in agencies
            ]
        },
        on=on,
        at=at,
    )


def _listed(agency, line, name):
    shown = STANDINGS[line.word]
    return {
        "register_number": agency.register_number,
        "printed_number": grouped(agency.register_number),
        "legal_name": agency.legal_name,
        "found_by": name if name and name != agency.legal_name else None,
        "home_country": agency.home_country_id,
        "home_country_name": agency.home_country.name,
        "status": str(line.word),
        "word": str(shown.word),
        "sign": shown.sign,
        "tone": "grey" if line.varies and shown.tone == "green" else shown.tone,
        "varies_by_corridor": line.varies,
        "address": address("register:agency", agency.register_number),
    }


def _no_agency(number):
    """No agency under this number: malformed, or never registered, with what to do."""
    if not is_valid(number):
        return {
            "register_number": number,
            "status": str(Status.MALFORMED),
            "sentence": _("{number} is not a number of this register.").format(number=number[:40]),
            "what_to_do": _(
                "Its check character does not fit, so a character is wrong or missing. "
                "Search for the agency by its name."
            ),
        }
    to_do = _("Search for the agency by its name. An agency that is not here is not registered.")
    if number.startswith(CERTIFICATE):
        to_do = _("This is the number of a certificate. Check it under “Check a certificate”.")
    return {
        "register_number": number,
        "status": str(Word.NEVER_REGISTERED),
        "sentence": _("No agency is registered under {number}.").format(number=grouped(number)),
        "what_to_do": to_do,
    }


def _today(facts, asked, on, today):
    """What holds today, beside an answer for another day: that one must not hide it."""
    if on == today:
        return None
    now = agency_standing(facts, on=today)
    return {
        "status": str(now.word),
        "word": str(STANDINGS[now.word].word),
        "varies_by_corridor": now.varies,
        "differs": (now.word, now.varies) != (asked.word, asked.varies),
    }


def _said_then(facts, now, on, today):
    if on >= today:
        return None
    known_at = end_of(on)
    then = agency_standing(facts, on=on, known_at=known_at)
    return {
        "known_at": known_at,
        "status": str(then.word),
        "word": str(STANDINGS[then.word].word),
        "varies_by_corridor": then.varies,
        "differs": (then.word, then.varies) != (now.word, now.varies),
    }


def _reason(line):
    if line.word not in (Word.SUSPENDED, Word.WITHDRAWN):
        return None
    return {"code": line.reason, "words": str(REASON_WORDS[line.reason])}


def _names(agency):
    kinds = dict(NameKind.choices)
    return [
        {
            "name": name.name,
            "kind": name.kind,
            "words": kinds[name.kind],
            "valid_from": name.valid_from,
            "valid_until": name.valid_until,
        }
        for name in agency.names.all()
    ]


def _end(agency):
    if agency.ended_on is None:
        return None
    into = agency.merged_into
    return {
        "on": agency.ended_on,
        "reason": agency.end_reason,
        "words": agency.get_end_reason_display(),
        "merged_into": into
        and {
            "legal_name": into.legal_name,
            "printed_number": grouped(into.register_number),
            "address": address("register:agency", into.register_number),
        },
    }


def corridors_in_words(line):
    """The standing for each corridor, with names of countries and occupations."""
    codes = {c.corridor.source for c in line.corridors}
    codes |= {c.corridor.destination for c in line.corridors}
    names = dict(Country.objects.filter(pk__in=codes).values_list("pk", "name")) if codes else {}
    return [
        {
            "source": place.corridor.source,
            "source_name": names[place.corridor.source],
            "destination": place.corridor.destination,
            "destination_name": names[place.corridor.destination],
            "occupation_group": place.corridor.group,
            "occupation_title": occupations.title(place.corridor.group),
            "status": str(place.word),
            "word": str(STANDINGS[place.word].word),
            "sign": STANDINGS[place.word].sign,
            "tone": STANDINGS[place.word].tone,
            "certificate": place.certificate or None,
            "since": place.since,
        }
        for place in line.corridors
    ]


def _certificates(agency, facts, on, known_at):
    rows = {
        certificate.number: certificate
        for certificate in Certificate.objects.issued().filter(agency=agency)
    }
    found = []
    for stated in reversed(facts.certificates):
        status = certificate_status(stated, on=on, known_at=known_at).status
        found.append(
            {
                "number": stated.number,
                "printed_number": grouped(stated.number),
                "address": address("register:verify", stated.number),
                "status": str(status),
                "word": str(STATUSES[status].word),
                "sign": STATUSES[status].sign,
                "tone": STATUSES[status].tone,
                "valid_from": stated.valid_from,
                "valid_until": stated.valid_until,
                "conditions": rows[stated.number].conditions,
            }
        )
    return found


def _reports(agency):
    issued = AuditReport.objects.filter(audit__agency=agency, state=DocumentState.ISSUED)
    return [
        {
            "number": report.number,
            "printed_number": grouped(report.number),
            "issued_on": timezone.localdate(report.issued_at),
            "kind": report.audit.get_kind_display(),
            "address": address("register:report", report.number),
        }
        for report in issued.select_related("audit").order_by("-issued_at")
    ]


def _licences(agency, on):
    """Statutory licences and authorizations: shown apart, as stated, with who checked them."""
    return [
        {
            "side": licence.side,
            "words": licence.get_side_display(),
            "country": licence.country_id,
            "country_name": licence.country.name,
            "held": licence.held,
            "issuer": licence.issuer,
            "number": licence.number,
            "valid_from": licence.valid_from,
            "valid_until": licence.valid_until,
            "covers_the_day": licence.held and _covers(licence, on),
            "checked_by_regulator": licence.checked_at is not None,
        }
        for licence in agency.authorizations.select_related("country")
    ]


def _schemes(agency, on):
    return [
        {
            "scheme": membership.scheme,
            "words": membership.get_scheme_display(),
            "reference": membership.reference,
            "valid_from": membership.valid_from,
            "valid_until": membership.valid_until,
            "covers_the_day": _covers(membership, on),
            "source": membership.source,
        }
        for membership in agency.scheme_memberships.all()
    ]


def _covers(dated, on):
    return dated.valid_from <= on and (dated.valid_until is None or on <= dated.valid_until)


def _attestation(agency):
    """The last declaration in counts: what the agency says of itself, not what anybody found."""
    declared = (
        Attestation.objects.filter(agency=agency, state=AttestationState.ACCEPTED)
        .select_related("edition")
        .order_by("-submitted_at")
        .first()
    )
    if declared is None:
        return None
    counted = dict(
        Answer.objects.filter(attestation=declared)
        .values_list("choice")
        .annotate(count=Count("pk"))
        .order_by("choice")
    )
    return {
        "submitted_on": timezone.localdate(declared.submitted_at),
        "edition": declared.edition.title,
        "answers": [
            {"choice": value, "words": str(label), "count": counted.get(value, 0)}
            for value, label in AnswerChoice.choices
        ],
    }


def _near(agency):
    return [
        {
            "legal_name": hit.agency.legal_name,
            "found_by": hit.name if hit.name != hit.agency.legal_name else None,
            "printed_number": grouped(hit.agency.register_number),
            "home_country_name": hit.agency.home_country.name,
            "address": address("register:agency", hit.agency.register_number),
        }
        for hit in near_names(agency)
    ]
