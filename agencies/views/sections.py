"""The parts of an agency's page as plain tables: what is recorded of it, kind by kind."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies import permissions
from agencies.enums import NameKind
from agencies.forms import records as forms
from agencies.models import (
    AgencyName,
    Authorization,
    Branch,
    Officer,
    Partner,
    SchemeMembership,
)
from agencies.services import records as services


@dataclass(frozen=True)
class Kind:
    """One kind of entry: its words, its row, its form and the act that adds it."""

    model: type
    form: type
    add: object
    one: str
    many: str
    nothing: str


KINDS = {
    "officer": Kind(
        Officer,
        forms.OfficerForm,
        services.add_officer,
        _("Officer"),
        _("Officers"),
        _("Nobody is named yet who speaks for the agency."),
    ),
    "authorization": Kind(
        Authorization,
        forms.AuthorizationForm,
        services.add_authorization,
        _("Authorization"),
        _("Authorizations"),
        _("Nothing is recorded: whether the agency is authorized anywhere is not known."),
    ),
    "partner": Kind(
        Partner,
        forms.PartnerForm,
        services.add_partner,
        _("Partner"),
        _("Partners and sub-agents"),
        _("No partner is recorded."),
    ),
    "branch": Kind(
        Branch,
        forms.BranchForm,
        services.add_branch,
        _("Branch"),
        _("Branches"),
        _("No branch is recorded."),
    ),
    "name": Kind(
        AgencyName,
        forms.TradingNameForm,
        services.add_trading_name,
        _("Trading name"),
        _("Other names"),
        _("No other name is recorded."),
    ),
    "scheme": Kind(
        SchemeMembership,
        forms.SchemeForm,
        services.add_scheme_membership,
        _("Place in a scheme"),
        _("Places in schemes of others"),
        _("No place in a scheme is recorded."),
    ),
}


@dataclass(frozen=True)
class Way:
    """Something that can be done with a row; `acts` posts."""

    text: str
    href: str
    acts: bool = False


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    nothing: str
    head: list[str]
    rows: list[tuple[list, list[Way]]]
    add: Way | None = field(default=None)


def sections_of(agency, user):
    """Every kind of entry of an agency, with what `user` may do with it."""
    may_edit = agency.stage == "live" and permissions.can_edit(user, agency)
    supervises = may_edit and permissions.can_supervise(user, agency)
    return [
        Section(
            name,
            kind.many,
            kind.nothing,
            [*HEADS[name], _("From"), _("Until")],
            [
                (
                    [*CELLS[name](row), row.valid_from, row.valid_until],
                    _ways(agency, name, row, supervises, user) if may_edit else [],
                )
                for row in ROWS[name](agency)
            ],
            _adding(agency, name, kind) if _may_add(name, may_edit, supervises) else None,
        )
        for name, kind in KINDS.items()
    ]


def _may_add(name, may_edit, supervises):
    return supervises if name == "scheme" else may_edit


def _adding(agency, name, kind):
    href = reverse("agencies:add_record", args=(agency.register_number, name))
    return Way(_("Add: %(what)s") % {"what": kind.one.lower()}, href)


def _ways(agency, name, row, supervises, user):
    ways = []
    number = agency.register_number
    unchecked = name == "authorization" and not row.checked_at
    if unchecked and supervises and row.recorded_by_id != user.pk:
        href = reverse("agencies:check_authorization", args=(number, row.pk))
        ways.append(Way(_("Checked with the issuer"), href, acts=True))
    may_end = row.valid_until is None and _may_add(name, True, supervises)
    if may_end and getattr(row, "kind", "") != NameKind.FORMER:
        if name == "officer" and row.may_sign:
            href = reverse("agencies:replace_officer", args=(number, row.pk))
            ways.append(Way(_("Replace"), href))
        href = reverse("agencies:end_record", args=(number, name, row.pk))
        ways.append(Way(_("End"), href))
    return ways


HEADS = {
    "officer": [_("Name"), _("Position"), _("Signs")],
    "authorization": [
        _("Country"),
        _("Side"),
        _("Issuer and number"),
        _("Checked"),
    ],
    "partner": [
        _("Name"),
        _("What it does"),
        _("Country"),
        _("Licence"),
    ],
    "branch": [_("Name"), _("Country"), _("Address")],
    "name": [_("Name"), _("Kind")],
    "scheme": [_("Scheme"), _("Reference"), _("Source")],
}

ROWS = {
    "officer": lambda agency: agency.officers.all(),
    "authorization": lambda agency: agency.authorizations.select_related("country", "partner"),
    "partner": lambda agency: agency.partners.select_related("country"),
    "branch": lambda agency: agency.branches.select_related("country"),
    "name": lambda agency: agency.names.all(),
    "scheme": lambda agency: agency.scheme_memberships.all(),
}


def _officer(row):
    return [row.name, row.position, _("yes") if row.may_sign else _("no")]


def _authorization(row):
    what = f"{row.issuer}: {row.number}" if row.held else _("none held, says the agency")
    if row.partner:
        what = _("%(what)s (held by %(partner)s)") % {"what": what, "partner": row.partner.name}
    checked = row.checked_at.date() if row.checked_at else _("not checked")
    return [row.country, row.get_side_display(), what, checked]


def _partner(row):
    return [row.name, row.get_kind_display(), row.country, row.licence or _("not given")]


def _branch(row):
    return [row.name, row.country, row.address or _("not given")]


def _name(row):
    return [row.name, NameKind(row.kind).label]


def _scheme(row):
    return [row.get_scheme_display(), row.reference or _("not given"), row.source or _("not given")]


CELLS = {
    "officer": _officer,
    "authorization": _authorization,
    "partner": _partner,
    "branch": _branch,
    "name": _name,
    "scheme": _scheme,
}
