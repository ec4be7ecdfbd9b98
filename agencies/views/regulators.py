"""The regulator's desk: whose record it keeps, and entering an agency."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import permissions, services
from agencies.desk import notices_for
from agencies.enums import CASE_ROLES, RegulatorRole
from agencies.filters import AgencyFilter
from agencies.forms.agencies import RegisterForm
from agencies.links import link_to
from agencies.models import Agency
from agencies.permissions import regulators_of
from agencies.queries import with_what_is_missing
from agencies.views.acting import show_refusal

PAGE = 50


@require_safe
def regulator_home(request):
    """Every regulator where the reader holds a role, and the ways into its work."""
    memberships = (
        request.user.regulator_memberships.live()
        .select_related("regulator__country")
        .order_by("regulator__name", "role")
    )
    if not memberships:
        raise Http404
    desks = {}
    for membership in memberships:
        desks.setdefault(membership.regulator, []).append(RegulatorRole(membership.role))
    page = {
        "notices": notices_for(request.user, timezone.localdate()),
        "desks": [
            (regulator, [role.label for role in roles], _ways(regulator, roles))
            for regulator, roles in desks.items()
        ],
    }
    return render(request, "agencies/regulator_home.html", page)


@require_safe
def regulator_agencies(request):
    """The agencies of one's own regulators; what a filter cannot read is said, not guessed."""
    own = regulators_of(request.user, *CASE_ROLES)
    if not own.exists():
        raise Http404
    today = timezone.localdate()
    agencies = Agency.objects.filter(regulator__in=own).select_related("regulator", "home_country")
    narrowed = AgencyFilter(request.GET, queryset=with_what_is_missing(agencies, today), on=today)
    shown = Paginator(narrowed.qs, PAGE).get_page(request.GET.get("page"))
    page = {
        "filter": narrowed,
        "agencies": shown,
        "may_register": _may_register(request.user).exists(),
        "previous_url": _page_url(request, shown.number - 1) if shown.has_previous() else "",
        "next_url": _page_url(request, shown.number + 1) if shown.has_next() else "",
    }
    return render(request, "agencies/regulator_agencies.html", page)


def register(request):
    """Enter an agency; those that look like it are shown before, with the reasons."""
    regulators = _may_register(request.user)
    if not regulators.exists():
        raise Http404
    form = RegisterForm(request.POST or None, regulators=regulators)
    duplicates = []
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            agency = services.register_agency(
                regulator_id=given.pop("regulator").pk, by=request.user, **given
            )
        except services.NearDuplicatesFound as found:
            duplicates = found.duplicates
            form.ask_whether_it_is_another()
        except ValidationError as refused:
            show_refusal(form, refused)
        else:
            messages.success(
                request,
                _("%(name)s is registered as %(number)s. Invite its first administrator.")
                % {"name": agency.legal_name, "number": agency.register_number},
            )
            return redirect("agencies:invite", agency.register_number)
    return render(request, "agencies/register.html", {"form": form, "duplicates": duplicates})


def _may_register(user):
    return permissions.regulators_of(user, RegulatorRole.CASE_OFFICER, RegulatorRole.ADMIN)


def _ways(regulator, roles):
    """Where each role goes from the desk; rooms that are not served show no way."""
    ways = []
    if set(roles) & set(CASE_ROLES):
        ways += [
            (_("Agencies"), reverse("agencies:regulator_agencies")),
            (_("Declarations to look at"), link_to("attestations:submitted")),
            (_("Audits"), link_to("audits:list")),
            (_("Certificates"), link_to("certificates:index")),
        ]
    if roles != [RegulatorRole.NATIONAL_AUTHORITY]:
        ways.append((_("Lists and agreements"), link_to("safeguards:index")))
    if RegulatorRole.ADMIN in roles:
        ways.append((_("Staff"), reverse("agencies:staff", args=(regulator.public_id,))))
    return [(text, href) for text, href in ways if href]


def _page_url(request, number):
    query = request.GET.copy()
    query["page"] = number
    return f"?{query.urlencode()}"
