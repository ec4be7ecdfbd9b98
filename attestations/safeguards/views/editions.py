"""Editions of the List, open to every reader; loading and activating is for data stewards."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.models import Country
from agencies.views.acting import by_button, by_form
from attestations.models import CodeVersion
from attestations.safeguards import reckoning, rolling_back, services
from attestations.safeguards.forms import EditionsForm, LoadForm, RollBackForm
from attestations.safeguards.impact import impact_of
from attestations.safeguards.loading import AlreadyPublished
from attestations.safeguards.models import ListEdition, NationalList
from attestations.safeguards.permissions import (
    can_activate,
    can_confirm_rollback,
    check_can_load,
    is_steward,
)
from attestations.safeguards.queries import (
    difference_between,
    edition_after,
    edition_before,
)
from attestations.safeguards.reading import FileRefused
from attestations.safeguards.rolling_back import why_it_stays
from attestations.safeguards.staleness import notices_of_an_old_edition
from attestations.safeguards.views.reckoned import reckoned_for


@login_not_required
@require_GET
def index(request):
    """Every edition with its days and how certain they are, and the way to the other lists."""
    steward, today = is_steward(request.user), timezone.localdate()
    editions = ListEdition.objects.annotate(countries=Count("entries")).order_by("-valid_from")
    in_force = ListEdition.objects.in_force(today)
    return render(
        request,
        "safeguards/index.html",
        {
            "editions": editions if steward else editions.filter(activated_at__isnull=False),
            "in_force": in_force,
            "national_lists": NationalList.objects.select_related("country"),
            "countries": Country.objects.all(),
            "code_versions": CodeVersion.objects.order_by("-adopted_on"),
            "is_steward": steward,
            "notices": notices_of_an_old_edition(request.user, today),
            "form": EditionsForm(),
        },
    )


@login_not_required
@require_GET
def edition(request, label):
    """An active edition; one that waits is a preview, and shown to data stewards alone."""
    found = _edition(request, label)
    before, after = edition_before(found), edition_after(found)
    changes = difference_between(before, found)
    waits, today = found.activated_at is None, timezone.localdate()
    steward = is_steward(request.user)
    may_roll_back = steward and not why_it_stays(found, today)
    asked = may_roll_back and found.rollback_asked_at is not None
    impact = impact_of(found, on=today) if waits else None
    return render(
        request,
        "safeguards/edition.html",
        {
            "edition": found,
            "before": before,
            "after": after,
            "entries": found.entries.select_related("country").order_by("country__name"),
            "changes": changes,
            "added": Country.objects.filter(pk__in=changes.added),
            "removed": Country.objects.filter(pk__in=changes.removed),
            "waits": waits,
            "impact": impact,
            **({"reckoned": reckoned_for(found, impact.judged)} if impact else {}),
            "may_activate": waits and can_activate(request.user, found),
            "may_ask_rollback": may_roll_back and not asked,
            "rollback_asked": asked,
            "may_confirm_rollback": asked and can_confirm_rollback(request.user, found),
            "is_steward": steward,
        },
    )


@login_not_required
@require_GET
def difference(request):
    """What a later edition adds to an earlier one, leaves out and carries on."""
    form = EditionsForm(request.GET or None)
    context = {"form": form, "asked": False}
    if form.is_valid():
        changes = difference_between(form.cleaned_data["earlier"], form.cleaned_data["later"])
        context |= {
            "asked": True,
            "earlier": form.cleaned_data["earlier"],
            "later": form.cleaned_data["later"],
            "added": Country.objects.filter(pk__in=changes.added),
            "removed": Country.objects.filter(pk__in=changes.removed),
            "carried": len(changes.carried),
        }
    return render(request, "safeguards/difference.html", context)


@require_http_methods(["GET", "POST"])
def load(request):
    """Loads an edition that waits; its page is the preview."""
    check_can_load(request.user)
    form = LoadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        file = given.pop("file")
        try:
            loaded = services.load_edition(
                content=file.read(), name=file.name, by=request.user, **given
            )
        except FileRefused as refused:
            for problem in refused.problems:
                form.add_error("file", problem)
        except AlreadyPublished as refused:
            form.add_error("label", str(refused))
        else:
            return redirect("safeguards:edition", loaded.label)
    return render(request, "safeguards/load.html", {"form": form})


@require_POST
def activate(request, label):
    found = _edition_for_a_steward(request, label)
    return by_button(
        request,
        lambda: services.activate_edition(label=found.label, by=request.user),
        done=gettext("The edition is active. The placements it touches are being judged again."),
        back=reverse("safeguards:edition", args=(found.label,)),
    )


@require_POST
def reckon(request, label):
    """Has a worker find out what it would change among very many placements."""
    found = _edition_for_a_steward(request, label)
    return by_button(
        request,
        lambda: reckoning.ask_again(found, by=request.user),
        done=gettext("It is being worked out. Look again in a while."),
        back=reverse("safeguards:edition", args=(found.label,)),
    )


@require_POST
def discard(request, label):
    found = _edition_for_a_steward(request, label)
    return by_button(
        request,
        lambda: services.discard_edition(label=found.label, by=request.user),
        done=gettext("The edition was discarded; nothing had been judged by it."),
        back=reverse("safeguards:index"),
    )


@require_http_methods(["GET", "POST"])
def roll_back(request, label):
    """Asks for it, with the reason; another data steward confirms it on the edition's page."""
    found = _edition_for_a_steward(request, label)
    return by_form(
        request,
        RollBackForm(request.POST or None),
        lambda given: rolling_back.ask_rollback(label=found.label, by=request.user, **given),
        done=gettext("You asked to roll this edition back. Another data steward confirms it."),
        back=reverse("safeguards:edition", args=(found.label,)),
        template="safeguards/roll_back.html",
        what=found.title,
        day=found.valid_from,
        is_edition=True,
    )


@require_POST
def confirm_rollback(request, label):
    found = _edition_for_a_steward(request, label)
    return by_button(
        request,
        lambda: rolling_back.confirm_rollback(label=found.label, by=request.user),
        done=gettext("The edition is rolled back. Placements are being judged as before it."),
        back=reverse("safeguards:edition", args=(found.label,)),
    )


@require_POST
def drop_rollback(request, label):
    found = _edition_for_a_steward(request, label)
    return by_button(
        request,
        lambda: rolling_back.drop_rollback(label=found.label, by=request.user),
        done=gettext("The edition stays, and comes into force on its day."),
        back=reverse("safeguards:edition", args=(found.label,)),
    )


def _edition(request, label):
    people = ("loaded_by", "activated_by", "rollback_asked_by", "rolled_back_by")
    found = get_object_or_404(ListEdition.objects.select_related(*people), pk=label)
    if found.activated_at is None and not is_steward(request.user):
        raise Http404
    return found


def _edition_for_a_steward(request, label):
    if not is_steward(request.user):
        raise Http404
    return get_object_or_404(ListEdition, pk=label)
