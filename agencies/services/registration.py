"""An agency's own life: registered, renamed, moved to another regulator, merged, ended.

Its number is given once and answers for ever; a name of the past is kept with its dates.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from agencies import journal, numbering, permissions
from agencies.enums import AgencyRole, EndReason, NameKind, RegulatorRole
from agencies.lib import plain_text
from agencies.models import Agency, AgencyName, AgencyUserObjectPermission, Regulator
from agencies.names import name_keys, near_duplicates
from agencies.services.mailing import tell_people
from agencies.workflow import next_stage

CONTACT = ("address", "website", "contact_email", "telephone")


class NearDuplicatesFound(Exception):
    """Agencies already in the register look like this one; a person has to say it is another."""

    def __init__(self, duplicates):
        self.duplicates = duplicates
        numbers = ", ".join(found.agency.register_number for found in duplicates)
        super().__init__(f"These agencies look like it: {numbers}.")


class CompanyNumberTaken(ValidationError):
    """The same register has given this number to an agency that is recorded already."""

    def __init__(self, agency):
        self.agency = agency
        super().__init__(
            f"{agency} is already recorded under this company number. Look at its record; "
            "if that one is wrong, correct it first."
        )


@transaction.atomic
def register_agency(
    *,
    regulator_id,
    legal_name,
    registered_on,
    by,
    company_number="",
    issuing_register="",
    trading_names=(),
    is_another=False,
    **contact,
):
    """Enter an agency in the register of its home jurisdiction, which is the regulator's.

    Near duplicates are refused with their reasons unless `is_another` says a person has looked.
    `contact` may hold address, website, contact_email and telephone.
    """
    regulator = Regulator.objects.select_for_update().get(pk=regulator_id)
    permissions.check_can_register_at(by, regulator)
    legal_name, company_number = plain_text.clean(legal_name), plain_text.clean(company_number)
    trading_names = [plain_text.clean(name) for name in trading_names]
    _check_company_number_free(regulator.country_id, issuing_register, company_number)
    duplicates = near_duplicates(
        [legal_name, *trading_names],
        country_id=regulator.country_id,
        company_number=company_number,
    )
    if duplicates and not is_another:
        raise NearDuplicatesFound(duplicates)
    at = timezone.now()
    agency = _create(
        register_number=numbering.next_number(numbering.AGENCY),
        legal_name=legal_name,
        **name_keys(legal_name),
        home_country=regulator.country,
        regulator=regulator,
        company_number=company_number,
        issuing_register=plain_text.clean(issuing_register),
        registered_on=registered_on,
        recorded_at=at,
        recorded_by=by,
        **_only_contact(contact),
    )
    for name in trading_names:
        _keep_name(agency, NameKind.TRADING, name, at=at)
    journal.record(
        "agency.registered",
        agency,
        by=by,
        regulator=regulator.pk,
        looked_like=[found.agency.register_number for found in duplicates],
    )
    return agency


@transaction.atomic
def change_contact(*, agency_id, by, **contact):
    """The address, website, e-mail address and telephone by which an agency is reached."""
    agency = locked(agency_id)
    permissions.check_can_edit(by, agency)
    next_stage("edit", agency)
    changed = {
        field: value
        for field, value in _only_contact(contact).items()
        if getattr(agency, field) != value
    }
    for field, value in changed.items():
        setattr(agency, field, value)
    agency.clean_fields(exclude={field.name for field in Agency._meta.fields} - changed.keys())
    agency.save(update_fields=list(changed))
    journal.record("agency.contact_changed", agency, by=by, fields=sorted(changed))
    return agency


@transaction.atomic
def rename_agency(*, agency_id, legal_name, on, by):
    """A new legal name from `on`; the old one is kept as a former name until the day before."""
    agency = locked(agency_id)
    permissions.check_can_supervise(by, agency)
    next_stage("rename", agency)
    since = _named_since(agency)
    if on <= since:
        raise ValidationError(
            f"The present name holds since {since}; the new one must begin after that day."
        )
    legal_name = plain_text.clean(legal_name)
    if legal_name == agency.legal_name:
        raise ValidationError("This is the name it already has.")
    former = _keep_name(
        agency,
        NameKind.FORMER,
        agency.legal_name,
        at=timezone.now(),
        valid_from=since,
        valid_until=on - timedelta(days=1),
    )
    agency.legal_name = legal_name
    agency.name_key, agency.name_skeleton = name_keys(legal_name).values()
    agency.save(update_fields=["legal_name", "name_key", "name_skeleton"])
    entry = journal.record("agency.renamed", agency, by=by, former=former.pk, on=on.isoformat())
    _tell_admins(entry, agency, "email/agency_renamed", on)
    return agency


@transaction.atomic
def transfer_regulator(*, agency_id, regulator_id, on, by):
    """Hand an agency's record to another regulator, which alone certifies it from now on.

    Its home jurisdiction becomes that regulator's. Named delegations on it end: they were given
    under the old regulator.
    """
    agency = locked(agency_id)
    permissions.check_holds(by, RegulatorRole.ADMIN, regulator=agency.regulator)
    next_stage("transfer", agency)
    old, new = agency.regulator, Regulator.objects.get(pk=regulator_id)
    if new == old:
        raise ValidationError(f"{old} keeps this record already.")
    _check_company_number_free(
        new.country_id, agency.issuing_register, agency.company_number, other_than=agency
    )
    agency.regulator, agency.home_country = new, new.country
    agency.save(update_fields=["regulator", "home_country"])
    delegates = AgencyUserObjectPermission.objects.filter(content_object=agency)
    ended = sorted(delegates.values_list("user_id", flat=True))
    delegates.delete()
    entry = journal.record(
        "agency.transferred",
        agency,
        by=by,
        old=old.pk,
        new=new.pk,
        on=on.isoformat(),
        delegations_ended=ended,
    )
    _tell_admins(entry, agency, "email/agency_transferred", on)
    return agency


@transaction.atomic
def merge_agencies(*, agency_id, into_id, on, by):
    """End one agency in another: its number goes on answering and points to where it went."""
    # in the order of their keys, so that two mergers cannot wait for each other
    both = {
        agency.pk: agency
        for agency in Agency.objects.select_for_update(of=("self",))
        .filter(pk__in=(agency_id, into_id))
        .order_by("pk")
    }
    agency, into = both[agency_id], both[into_id]
    permissions.check_can_supervise(by, agency)
    permissions.check_can_supervise(by, into)
    if agency == into:
        raise ValidationError("An agency cannot be merged into itself.")
    next_stage("merge", agency)
    next_stage("edit", into)
    _end(agency, on, EndReason.MERGED, into)
    entry = journal.record(
        "agency.merged", agency, by=by, into=into.register_number, on=on.isoformat()
    )
    journal.record("agency.absorbed", into, by=by, other=agency.register_number)
    _tell_admins(entry, agency, "email/agency_ended", on)
    return agency


@transaction.atomic
def end_agency(*, agency_id, on, by):
    """The agency ends its work of its own will; everything recorded stays readable."""
    agency = locked(agency_id)
    permissions.check_can_end_agency(by, agency)
    next_stage("end", agency)
    _end(agency, on, EndReason.ENDED_VOLUNTARILY, None)
    entry = journal.record("agency.ended", agency, by=by, on=on.isoformat())
    _tell_admins(entry, agency, "email/agency_ended", on)
    return agency


def locked(agency_id):
    """One agency under its lock: whatever belongs to it is changed by one at a time."""
    return Agency.objects.select_for_update(of=("self",)).get(pk=agency_id)


def _tell_admins(entry, agency, template, on):
    path = reverse("agencies:agency", args=(agency.register_number,))
    tell_people(entry, agency, AgencyRole.ADMIN, template=template, on=on.isoformat(), path=path)


def _create(**values):
    agency = Agency(**values)
    agency.full_clean(exclude=("recorded_by", "recorded_at"))
    try:
        with transaction.atomic():
            agency.save(force_insert=True)
    except IntegrityError:
        # somebody else registered it since it was looked up
        _check_company_number_free(
            agency.home_country_id, agency.issuing_register, agency.company_number
        )
        raise
    return agency


def _check_company_number_free(country_id, issuing_register, number, *, other_than=None):
    taken = Agency.objects.filter(
        home_country=country_id,
        issuing_register=plain_text.clean(issuing_register),
        company_number=number,
    )
    if other_than:
        taken = taken.exclude(pk=other_than.pk)
    if number and (agency := taken.first()):
        raise CompanyNumberTaken(agency)


def _keep_name(agency, kind, name, *, at, **dates):
    return AgencyName.objects.create(
        agency=agency, kind=kind, name=name, **name_keys(name), recorded_at=at, **dates
    )


def _named_since(agency):
    last = agency.names.filter(kind=NameKind.FORMER).order_by("-valid_until").first()
    return last.valid_until + timedelta(days=1) if last else agency.registered_on


def _end(agency, on, reason, into):
    if on < agency.registered_on:
        raise ValidationError(f"It was registered on {agency.registered_on}; it ends after that.")
    agency.ended_on, agency.end_reason, agency.merged_into = on, reason, into
    agency.save(update_fields=["ended_on", "end_reason", "merged_into"])


def _only_contact(contact):
    if unknown := contact.keys() - set(CONTACT):
        raise TypeError(f"Not a way to reach an agency: {', '.join(sorted(unknown))}.")
    return {
        field: plain_text.clean(value, multiline=field == "address")
        for field, value in contact.items()
    }
