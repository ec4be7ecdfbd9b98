"""Names of agencies: the keys under which one is found again, and who is already named alike."""

from dataclasses import dataclass

from django.db.models import Q

from agencies.enums import NameKind
from agencies.lib import plain_text
from agencies.models import Agency, AgencyName

LONGEST = 200


def name_keys(name):
    """The columns that stand beside a stored name, cut to fit: some letters fold into many."""
    return {
        "name_key": plain_text.name_key(name)[:LONGEST],
        "name_skeleton": plain_text.skeleton(name)[:LONGEST],
    }


@dataclass(frozen=True)
class NearDuplicate:
    """An agency of the register that may be the one about to be registered, and why."""

    agency: Agency
    reasons: tuple[str, ...]


def near_duplicates(names, *, country_id="", company_number=""):
    """Agencies, ended ones too, that share a name, a look-alike name or a company number.

    They are shown to whoever registers; only a person can say whether it is the same agency.
    """
    keys, skeletons = _keys_of(names)
    agencies = Agency.objects.filter(
        Q(name_key__in=keys)
        | Q(name_skeleton__in=skeletons)
        | Q(pk__in=_named(keys, skeletons).values("agency"))
        | _same_company(country_id, company_number)
    ).prefetch_related("names")
    return [
        NearDuplicate(agency, tuple(_reasons(agency, keys, skeletons, country_id, company_number)))
        for agency in agencies
    ]


def _keys_of(names):
    keys = [name_keys(name) for name in names]
    return (
        {key["name_key"] for key in keys} - {""},
        {key["name_skeleton"] for key in keys} - {""},
    )


def _named(keys, skeletons):
    return AgencyName.objects.filter(Q(name_key__in=keys) | Q(name_skeleton__in=skeletons))


def _same_company(country_id, company_number):
    if not company_number:
        return Q(pk__in=[])
    return Q(home_country=country_id, company_number__iexact=company_number)


def _reasons(agency, keys, skeletons, country_id, company_number):
    if agency.name_key in keys:
        yield f"the same name: {agency.legal_name}"
    elif agency.name_skeleton in skeletons:
        yield f"a name that looks the same: {agency.legal_name}"
    for named in agency.names.all():
        kind = NameKind(named.kind).label.lower()
        if named.name_key in keys:
            yield f"the same name as its {kind}: {named.name}"
        elif named.name_skeleton in skeletons:
            yield f"a name that looks like its {kind}: {named.name}"
    same_number = company_number and agency.company_number.lower() == company_number.lower()
    if same_number and agency.home_country_id == country_id:
        yield f"the same company number: {agency.company_number} ({agency.issuing_register})"
