"""What belongs to an agency with its dates: names, officers, branches, partners, authorizations,
places in schemes. Rows begin and end; none is changed afterwards or taken away.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies import journal, permissions
from agencies.enums import NameKind
from agencies.lib import plain_text
from agencies.models import (
    AgencyName,
    Authorization,
    Branch,
    Officer,
    Partner,
    SchemeMembership,
)
from agencies.names import name_keys
from agencies.services.registration import locked
from agencies.workflow import next_stage

VERBS = {
    AgencyName: "trading_name",
    Officer: "officer",
    Branch: "branch",
    Partner: "partner",
    Authorization: "authorization",
    SchemeMembership: "scheme_membership",
}


@transaction.atomic
def add_trading_name(*, agency_id, name, valid_from, by, valid_until=None):
    """A name under which the agency works besides its legal one."""
    agency = _open_for(agency_id, by)
    name = plain_text.clean(name)
    row = AgencyName(
        agency=agency,
        kind=NameKind.TRADING,
        name=name,
        **name_keys(name),
        valid_from=valid_from,
        valid_until=valid_until,
    )
    same = agency.names.filter(kind=NameKind.TRADING, name_key=row.name_key)
    return _add(row, same, by, "This trading name is recorded for some of these days already.")


@transaction.atomic
def add_officer(
    *, agency_id, name, position, may_sign, valid_from, by, valid_until=None, user_id=None
):
    """Somebody who speaks for the agency; with `user_id`, a person who has an account there."""
    agency = _open_for(agency_id, by)
    officer = Officer(
        agency=agency,
        user_id=user_id,
        name=plain_text.clean(name),
        position=plain_text.clean(position),
        may_sign=may_sign,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    if user_id and not agency.memberships.live().filter(user=user_id).exists():
        raise ValidationError({"user": "This account holds no role at the agency."})
    return _add(
        officer,
        _same_person(officer),
        by,
        "This person is recorded as an officer for some of these days already. "
        "End that entry first.",
    )


@transaction.atomic
def change_signing_officer(*, agency_id, leaving_id, name, position, on, by, user_id=None):
    """One signing officer until the day before `on`, another from `on`."""
    agency = _open_for(agency_id, by)
    leaving = agency.officers.get(pk=leaving_id)
    _end(leaving, on - timedelta(days=1), by)
    return add_officer(
        agency_id=agency_id,
        name=name,
        position=position,
        may_sign=True,
        valid_from=on,
        by=by,
        user_id=user_id,
    )


@transaction.atomic
def add_branch(*, agency_id, name, country_id, valid_from, by, valid_until=None, address=""):
    agency = _open_for(agency_id, by)
    branch = Branch(
        agency=agency,
        name=plain_text.clean(name),
        country_id=country_id,
        address=plain_text.clean(address, multiline=True),
        valid_from=valid_from,
        valid_until=valid_until,
    )
    same = _named_alike(agency.branches.filter(country=country_id), branch.name)
    return _add(branch, same, by, "This branch is recorded for some of these days already.")


@transaction.atomic
def add_partner(
    *,
    agency_id,
    name,
    kind,
    country_id,
    valid_from,
    by,
    valid_until=None,
    licence="",
    partner_agency_id=None,
):
    """A sub-agent or partner (REQ-05); one that is in the register is pointed at."""
    agency = _open_for(agency_id, by)
    partner = Partner(
        agency=agency,
        partner_agency_id=partner_agency_id,
        name=plain_text.clean(name),
        kind=kind,
        country_id=country_id,
        licence=plain_text.clean(licence),
        valid_from=valid_from,
        valid_until=valid_until,
    )
    same = _named_alike(agency.partners.filter(kind=kind, country=country_id), partner.name)
    return _add(partner, same, by, "This partner is recorded for some of these days already.")


@transaction.atomic
def add_authorization(
    *,
    agency_id,
    side,
    country_id,
    valid_from,
    by,
    held=True,
    issuer="",
    number="",
    valid_until=None,
    partner_id=None,
):
    """A licence as the agency states it, or (`held` false) its word that it has none there.

    Its number is free text: formats differ from country to country. It counts as checked only
    after the regulator has looked.
    """
    agency = _open_for(agency_id, by)
    row = Authorization(
        agency=agency,
        side=side,
        country_id=country_id,
        held=held,
        issuer=plain_text.clean(issuer),
        number=plain_text.clean(number),
        partner=agency.partners.get(pk=partner_id) if partner_id else None,
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_by=by,
    )
    if held and not (row.issuer and row.number):
        raise ValidationError("Give the issuer and the number of the authorization.")
    if not held and (row.issuer or row.number):
        raise ValidationError("Where none is held there is no issuer and no number.")
    alike = agency.authorizations.filter(side=side, country=country_id, partner=row.partner)
    same = alike.filter(Q(held=not held) | Q(number__iexact=row.number))
    return _add(
        row,
        same,
        by,
        "Another entry for this country and side says otherwise, or the same, for some of these "
        "days. End that entry first.",
    )


@transaction.atomic
def check_authorization(*, authorization_id, by):
    """The competent regulator has compared the entry with the issuer's own record."""
    row = Authorization.objects.select_related("agency").get(pk=authorization_id)
    agency = locked(row.agency_id)
    permissions.check_can_supervise(by, agency)
    row.refresh_from_db()
    if row.recorded_by == by:
        raise ValidationError("Somebody other than who recorded it checks an authorization.")
    if row.checked_at:
        return row
    row.checked_at, row.checked_by = timezone.now(), by
    row.save(update_fields=["checked_at", "checked_by"])
    journal.record("authorization.checked", row, by=by, agency=agency)
    return row


@transaction.atomic
def add_scheme_membership(
    *, agency_id, scheme, valid_from, by, reference="", valid_until=None, source=""
):
    """A place in somebody else's scheme, as the regulator read it in that scheme's own list."""
    agency = locked(agency_id)
    permissions.check_can_supervise(by, agency)
    next_stage("edit", agency)
    row = SchemeMembership(
        agency=agency,
        scheme=scheme,
        reference=plain_text.clean(reference),
        source=plain_text.clean(source),
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_by=by,
    )
    same = agency.scheme_memberships.filter(scheme=scheme)
    return _add(row, same, by, "This scheme is recorded for some of these days already.")


@transaction.atomic
def end_record(*, model, pk, last_day, by):
    """An entry holds until `last_day`, included. What has ended is not ended again."""
    row = model.objects.get(pk=pk)
    if model is SchemeMembership:
        agency = locked(row.agency_id)
        permissions.check_can_supervise(by, agency)
        next_stage("edit", agency)
    else:
        _open_for(row.agency_id, by)
    return _end(model.objects.get(pk=pk), last_day, by)


def _open_for(agency_id, by):
    agency = locked(agency_id)
    permissions.check_can_edit(by, agency)
    next_stage("edit", agency)
    return agency


def _add(row, same, by, overlap):
    row.recorded_at = timezone.now()
    row.full_clean(exclude=("recorded_by",))
    if _sharing_a_day(same, row.valid_from, row.valid_until):
        raise ValidationError(overlap)
    row.save(force_insert=True)
    journal.record(f"{VERBS[type(row)]}.added", row, by=by, agency=row.agency)
    return row


def _end(row, last_day, by):
    if row.valid_until and row.valid_until <= last_day:
        raise ValidationError(f"This entry ended on {row.valid_until} already.")
    if row.valid_from and last_day < row.valid_from:
        raise ValidationError(f"This entry begins on {row.valid_from}; it cannot end before.")
    row.valid_until = last_day
    row.save(update_fields=["valid_until"])
    verb = f"{VERBS[type(row)]}.ended"
    journal.record(verb, row, by=by, agency=row.agency, last_day=last_day.isoformat())
    return row


def _sharing_a_day(rows, first, last):
    """Whether any of the rows covers a day from `first` to `last`; an open end has no last day."""
    return any(
        (row.valid_until is None or first is None or row.valid_until >= first)
        and (last is None or row.valid_from is None or row.valid_from <= last)
        for row in rows
    )


def _same_person(officer):
    others = officer.agency.officers.all()
    if officer.user_id:
        linked = [other for other in others if other.user_id == officer.user_id]
        return linked + _named_alike(others.filter(user=None), officer.name)
    return _named_alike(others, officer.name)


def _named_alike(rows, name):
    key = plain_text.name_key(name)
    return [row for row in rows if plain_text.name_key(row.name) == key]
