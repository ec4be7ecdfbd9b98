"""An agency's own pages: what is recorded of it, and the acts that change the record."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies import permissions, services
from agencies.enums import RegulatorRole
from agencies.forms.agencies import ContactForm, EndForm, MergeForm, RenameForm, TransferForm
from agencies.forms.records import EndRecordForm, ReplaceOfficerForm
from agencies.models import Agency, Authorization, Officer, Regulator
from agencies.queries import with_what_is_missing
from agencies.views import next_steps
from agencies.views.acting import by_button, by_form
from agencies.views.fetching import agency_of, entry_of
from agencies.views.sections import KINDS, sections_of


@require_safe
def agency(request, number):
    """Everything that is recorded of one agency, and what the reader may do about it."""
    found = agency_of(request.user, number)
    found = with_what_is_missing(
        Agency.objects.select_related("regulator", "home_country", "merged_into"),
        timezone.localdate(),
    ).get(pk=found.pk)
    page = {
        "agency": found,
        "restrictions": found.restrictions.biting(timezone.localdate()),
        "sections": sections_of(found, request.user),
        "people": found.memberships.live().select_related("user"),
        "acts": _acts(found, request.user),
        "declarations": next_steps.declarations(number),
        "placements": next_steps.placements(number),
        "audits": next_steps.cases(number),
        "public_page": next_steps.public_page(number),
        "steps": next_steps.next_steps(found) if permissions.acts_for(request.user, found) else [],
    }
    return render(request, "agencies/agency.html", page)


def change_contact(request, number):
    agency = agency_of(request.user, number)
    permissions.check_can_edit(request.user, agency)
    stored = {name: getattr(agency, name) for name in ContactForm.base_fields}
    return by_form(
        request,
        ContactForm(request.POST or None, initial=stored),
        lambda given: services.change_contact(agency_id=agency.pk, by=request.user, **given),
        done=_("The contact details are changed."),
        back=_home(agency),
        title=_("How the agency is reached"),
        button=_("Save"),
    )


def rename(request, number):
    agency = agency_of(request.user, number)
    permissions.check_can_supervise(request.user, agency)
    return by_form(
        request,
        RenameForm(request.POST or None),
        lambda given: services.rename_agency(agency_id=agency.pk, by=request.user, **given),
        done=_("The new name is recorded, and the old one kept."),
        back=_home(agency),
        title=_("New legal name of %(agency)s") % {"agency": agency.legal_name},
        button=_("Record the new name"),
    )


def end(request, number):
    agency = agency_of(request.user, number)
    permissions.check_can_end_agency(request.user, agency)
    return by_form(
        request,
        EndForm(request.POST or None),
        lambda given: services.end_agency(agency_id=agency.pk, by=request.user, **given),
        done=_("The end is recorded. Everything stays readable."),
        back=_home(agency),
        title=_("%(agency)s ends its work") % {"agency": agency.legal_name},
        button=_("Record the end"),
        kind="warning",
    )


def merge(request, number):
    agency = agency_of(request.user, number)
    permissions.check_can_supervise(request.user, agency)
    others = Agency.objects.filter(regulator=agency.regulator, ended_on=None).exclude(pk=agency.pk)
    return by_form(
        request,
        MergeForm(request.POST or None, agencies=others),
        lambda given: services.merge_agencies(
            agency_id=agency.pk, into_id=given["into"].pk, on=given["on"], by=request.user
        ),
        done=_("The merger is recorded. The old number points to the new agency."),
        back=_home(agency),
        title=_("%(agency)s is merged into another") % {"agency": agency.legal_name},
        button=_("Record the merger"),
        kind="warning",
    )


def transfer(request, number):
    agency = agency_of(request.user, number)
    permissions.check_holds(request.user, RegulatorRole.ADMIN, regulator=agency.regulator)
    others = Regulator.objects.exclude(pk=agency.regulator_id)
    return by_form(
        request,
        TransferForm(request.POST or None, regulators=others),
        lambda given: services.transfer_regulator(
            agency_id=agency.pk,
            regulator_id=given["regulator"].pk,
            on=given["on"],
            by=request.user,
        ),
        done=_("The record is handed over; you no longer keep it."),
        back=reverse("agencies:regulator_agencies"),
        title=_("Hand over the record of %(agency)s") % {"agency": agency.legal_name},
        button=_("Hand over"),
        kind="warning",
    )


def add_record(request, number, kind):
    agency, words = agency_of(request.user, number), _kind(kind)
    _check_may_add(request.user, agency, kind)
    form = words.form(request.POST or None, agency=agency)
    return by_form(
        request,
        form,
        lambda given: words.add(agency_id=agency.pk, by=request.user, **form.values()),
        done=_("It is recorded."),
        back=_home(agency),
        title=_("Add: %(what)s") % {"what": words.one.lower()},
        button=_("Record"),
    )


def end_record(request, number, kind, pk):
    agency, words = agency_of(request.user, number), _kind(kind)
    entry = entry_of(agency, words.model, pk)
    _check_may_add(request.user, agency, kind)
    return by_form(
        request,
        EndRecordForm(request.POST or None),
        lambda given: services.end_record(
            model=words.model, pk=entry.pk, last_day=given["last_day"], by=request.user
        ),
        done=_("Its last day is recorded."),
        back=_home(agency),
        title=_("End: %(what)s") % {"what": entry},
        button=_("Record the last day"),
    )


def replace_officer(request, number, pk):
    agency = agency_of(request.user, number)
    leaving = entry_of(agency, Officer, pk)
    permissions.check_can_edit(request.user, agency)
    return by_form(
        request,
        ReplaceOfficerForm(request.POST or None, agency=agency),
        lambda given: services.change_signing_officer(
            agency_id=agency.pk,
            leaving_id=leaving.pk,
            name=given["name"],
            position=given["position"],
            user_id=given["user"].pk if given["user"] else None,
            on=given["on"],
            by=request.user,
        ),
        done=_("The change is recorded."),
        back=_home(agency),
        title=_("Who signs after %(name)s") % {"name": leaving.name},
        button=_("Record the change"),
    )


@require_POST
def check_authorization(request, number, pk):
    agency = agency_of(request.user, number)
    entry = entry_of(agency, Authorization, pk)
    return by_button(
        request,
        lambda: services.check_authorization(authorization_id=entry.pk, by=request.user),
        done=_("Recorded as checked with the issuer."),
        back=_home(agency),
    )


def _home(agency):
    return reverse("agencies:agency", args=(agency.register_number,))


def _kind(name):
    try:
        return KINDS[name]
    except KeyError:
        raise Http404 from None


def _check_may_add(user, agency, kind):
    if kind == "scheme":
        permissions.check_can_supervise(user, agency)
    else:
        permissions.check_can_edit(user, agency)


def _acts(agency, user):
    """What the reader may do with the agency as a whole: words and the page that does it."""
    if agency.stage != "live":
        return []
    supervises = permissions.can_supervise(user, agency)
    acts = [
        (_("Change how it is reached"), "contact", permissions.can_edit(user, agency)),
        (_("Manage people"), "people", permissions.can_manage_people(user, agency)),
        (_("Record a new legal name"), "rename", supervises),
        (_("Record a merger"), "merge", supervises),
        (
            _("Hand the record to another regulator"),
            "transfer",
            permissions.holds(user, RegulatorRole.ADMIN, regulator=agency.regulator),
        ),
        (_("Record that it ends"), "end", permissions.can_end_agency(user, agency)),
    ]
    return [
        (text, reverse(f"agencies:{name}", args=(agency.register_number,)))
        for text, name, may in acts
        if may
    ]
