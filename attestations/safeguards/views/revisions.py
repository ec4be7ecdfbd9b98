"""What data stewards record and confirm by two; everybody else finds nothing here."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.views.acting import by_button, by_form
from attestations.enums import RevisionKind
from attestations.safeguards import reckoning
from attestations.safeguards.forms import RollBackForm
from attestations.safeguards.models import NationalList, Revision
from attestations.safeguards.permissions import (
    can_confirm,
    can_confirm_rollback,
    check_can_load,
    is_steward,
)
from attestations.safeguards.reading import FileRefused
from attestations.safeguards.revisions import queries, rolling_back, services
from attestations.safeguards.revisions.contents import MODELS, is_ending, is_national
from attestations.safeguards.revisions.files import columns_of
from attestations.safeguards.revisions.forms import FORMS, EndForm, FileForm
from attestations.safeguards.revisions.national import NEEDED, OPTIONAL
from attestations.safeguards.revisions.rolling_back import why_it_stays
from attestations.safeguards.views.reckoned import reckoned_for

SHOWN = 50


@require_GET
def waiting(request):
    """What waits for a second person, and what was decided lately."""
    check_can_load(request.user)
    return render(
        request,
        "safeguards/waiting.html",
        {
            "waiting": queries.waiting(),
            "editions": queries.editions_waiting(),
            "decided": queries.decided()[:SHOWN],
            "kinds": [kind for kind in RevisionKind if kind in FORMS],
            "national_lists": NationalList.objects.all(),
        },
    )


@require_http_methods(["GET", "POST"])
def record(request, kind):
    """One row, typed."""
    check_can_load(request.user)
    kind = _kind(kind)
    form = FORMS[kind](request.POST or None)
    return by_form(
        request,
        form,
        lambda said: services.record_rows(kind=kind, rows=[form.row()], by=request.user),
        done=gettext("It is recorded and waits for a second person."),
        back=reverse("safeguards:waiting"),
        template="safeguards/record.html",
        kind=kind,
    )


@require_http_methods(["GET", "POST"])
def record_file(request, kind):
    """Many rows, from a file."""
    check_can_load(request.user)
    kind = _kind(kind)
    return _by_file(
        request,
        columns_of(kind),
        lambda file: services.record_file(
            kind=kind, content=file.read(), name=file.name, by=request.user
        ),
        label=gettext("CSV or YAML file"),
        title=gettext("Record from a file: %(kind)s") % {"kind": kind.label.lower()},
    )


@require_http_methods(["GET", "POST"])
def revise(request, code):
    """A new version of a destination's list."""
    check_can_load(request.user)
    national_list = get_object_or_404(NationalList, pk=code)
    return _by_file(
        request,
        (*NEEDED, *OPTIONAL),
        lambda file: services.record_version(
            code=code, content=file.read(), name=file.name, by=request.user
        ),
        label=gettext("CSV file"),
        title=gettext("A new version of a list"),
        national_list=national_list,
    )


@require_http_methods(["GET", "POST"])
def end(request, kind, pk):
    """The early end of what is in force."""
    check_can_load(request.user)
    kind = _kind(kind)
    row = get_object_or_404(MODELS[kind].objects.confirmed(), pk=pk)
    return by_form(
        request,
        EndForm(request.POST or None),
        lambda said: services.record_ending(
            kind=kind, row_id=row.pk, by=request.user, on=timezone.localdate(), **said
        ),
        done=gettext("The end is recorded and waits for a second person."),
        back=reverse("safeguards:waiting"),
        template="safeguards/end.html",
        row=row,
    )


@require_GET
def revision(request, public_id):
    """What it says, what stands beside it, and whom it would touch."""
    found = _revision(request, public_id)
    stays = why_it_stays(found, timezone.localdate())
    asked = not stays and found.rollback_asked_at is not None
    impact = queries.impact_of(found) if found.waits else None
    return render(
        request,
        "safeguards/revision.html",
        {
            "revision": found,
            "said": queries.said_by(found),
            "changes": queries.grade_changes(found) if is_national(found) else (),
            "is_national": is_national(found),
            "ending": queries.ending_in_words(found) if is_ending(found) else (),
            "beside": queries.recorded_beside(found),
            "impact": impact,
            **({"reckoned": reckoned_for(found, impact.judged)} if impact else {}),
            "may_confirm": found.waits and can_confirm(request.user, found),
            "stays": stays if found.stands else "",
            "may_ask_rollback": not stays and not asked,
            "rollback_asked": asked,
            "may_confirm_rollback": asked and can_confirm_rollback(request.user, found),
        },
    )


@require_POST
def confirm(request, public_id):
    found = _revision(request, public_id)
    return by_button(
        request,
        lambda: services.confirm_revision(revision_id=found.pk, by=request.user),
        done=gettext("It is confirmed. The placements it touches are being judged again."),
        back=reverse("safeguards:revision", args=(found.public_id,)),
    )


@require_POST
def reckon(request, public_id):
    """Has a worker find out what it would change among very many placements."""
    found = _revision(request, public_id)
    return by_button(
        request,
        lambda: reckoning.ask_again(found, by=request.user),
        done=gettext("It is being worked out. Look again in a while."),
        back=reverse("safeguards:revision", args=(found.public_id,)),
    )


@require_POST
def discard(request, public_id):
    found = _revision(request, public_id)
    return by_button(
        request,
        lambda: services.discard_revision(revision_id=found.pk, by=request.user),
        done=gettext("It is discarded. Nothing was judged by it."),
        back=reverse("safeguards:revision", args=(found.public_id,)),
    )


@require_http_methods(["GET", "POST"])
def roll_back(request, public_id):
    """Asks for it, with the reason; another data steward confirms it on the revision's page."""
    found = _revision(request, public_id)
    return by_form(
        request,
        RollBackForm(request.POST or None),
        lambda given: rolling_back.ask_rollback(
            revision_id=found.pk, by=request.user, on=timezone.localdate(), **given
        ),
        done=gettext("You asked to roll this back. Another data steward confirms it."),
        back=reverse("safeguards:revision", args=(found.public_id,)),
        template="safeguards/roll_back.html",
        what=found.subject,
        day=found.effective_on,
    )


@require_POST
def confirm_rollback(request, public_id):
    found = _revision(request, public_id)
    return by_button(
        request,
        lambda: rolling_back.confirm_rollback(
            revision_id=found.pk, by=request.user, on=timezone.localdate()
        ),
        done=gettext("It is rolled back. The placements it touched are being judged as before."),
        back=reverse("safeguards:revision", args=(found.public_id,)),
    )


@require_POST
def drop_rollback(request, public_id):
    found = _revision(request, public_id)
    return by_button(
        request,
        lambda: rolling_back.drop_rollback(revision_id=found.pk, by=request.user),
        done=gettext("It stays, and counts from its day."),
        back=reverse("safeguards:revision", args=(found.public_id,)),
    )


def _by_file(request, columns, act, *, label, **page):
    form = FileForm(request.POST or None, request.FILES or None, columns=columns, label=label)
    if request.method == "POST" and form.is_valid():
        try:
            made = act(form.cleaned_data["file"])
        except FileRefused as refused:
            for problem in refused.problems:
                form.add_error("file", problem)
        except ValidationError as refused:
            for problem in refused.messages:
                form.add_error("file", problem)
        else:
            return redirect("safeguards:revision", made.public_id)
    return render(request, "safeguards/record_file.html", {"form": form, **page})


def _kind(text):
    if text not in FORMS:
        raise Http404
    return RevisionKind(text)


def _revision(request, public_id):
    if not is_steward(request.user):
        raise Http404
    return get_object_or_404(
        Revision.objects.select_related(
            "recorded_by", "confirmed_by", "undone_by", "rollback_asked_by"
        ),
        public_id=public_id,
    )
