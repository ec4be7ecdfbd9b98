"""Both sides of a concern: whoever reports and follows it by a code, and the regulator's desk."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from agencies.models import Agency
from agencies.services.signing_in import may_report_or_follow
from audits.concerns import services
from audits.concerns.codes import digest_of
from audits.concerns.enums import COMMITMENTS
from audits.concerns.forms import CodeForm, ConcernForm, MessageForm, OtherConcernForm
from audits.concerns.models import Concern
from audits.register.asking import public
from audits.views.acting import by_form


@login_not_required
@csrf_exempt  # nobody is signed in, and the page asks for no session
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def report(request, number):
    """A concern about an agency of the register."""
    agency = get_object_or_404(Agency.objects.select_related("regulator"), register_number=number)
    return _reported(request, ConcernForm(request.POST or None), agency)


@login_not_required
@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def report_other(request):
    """A concern about an agency that has no record here."""
    return _reported(request, OtherConcernForm(request.POST or None), None)


@login_not_required
@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def follow(request):
    """What became of a concern, for whoever holds its code; they can add to it."""
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "concerns/follow.html", {"form": form}, form)
    if not _may(request):
        form.add_error(None, _("Too many attempts. Wait a quarter of an hour and try again."))
        return _page(request, "concerns/follow.html", {"form": form}, form, status=429)
    code = form.cleaned_data["code"]
    concern = Concern.objects.filter(code_digest=digest_of(code)).first()
    if concern is None:
        form.add_error("code", _("No concern has this code. Check each letter and digit."))
        return _page(request, "concerns/follow.html", {"form": form}, form)
    message = MessageForm(request.POST if "text" in request.POST else None)
    if message.is_bound and message.is_valid():
        try:
            services.add_to_concern(
                concern_id=concern.pk, text=message.cleaned_data["text"], at=timezone.now()
            )
        except ValidationError as refused:
            message.add_error(None, ValidationError(refused.messages))
        else:
            message = MessageForm()
    page = {
        "concern": concern,
        "code": code,
        "messages_shown": concern.messages.filter(is_note=False),
        "form": message,
    }
    return _page(request, "concerns/thread.html", page, message)


@require_GET
def matter(request, pk):
    """The concern as the regulator's desk reads it."""
    concern = _of_desk(request.user, pk)
    return render(
        request,
        "concerns/matter.html",
        {
            "concern": concern,
            "commitment": COMMITMENTS.get(concern.kind, ""),
            "thread": concern.messages.select_related("author"),
        },
    )


@require_http_methods(["GET", "POST"])
def reply(request, pk):
    return _written(
        request,
        pk,
        services.reply_to_reporter,
        title=_("Write to whoever reported it"),
        done=_("Your message waits for whoever holds the code."),
    )


@require_http_methods(["GET", "POST"])
def note(request, pk):
    return _written(
        request,
        pk,
        services.note_on_concern,
        title=_("Note for colleagues"),
        done=_("The note is kept. Only your colleagues read it."),
    )


@require_http_methods(["GET", "POST"])
def close(request, pk):
    return _written(
        request,
        pk,
        services.close_concern,
        title=_("Close the concern, and say what came of it"),
        done=_("The concern is closed. Whoever holds the code reads your last message."),
        words="outcome",
    )


def _reported(request, form, agency):
    page = {"form": form, "agency": agency}
    if request.method != "POST" or not form.is_valid():
        return _page(request, "concerns/report.html", page, form)
    if not _may(request):
        form.add_error(None, _("Too many reports from here. Wait a quarter of an hour."))
        return _page(request, "concerns/report.html", page, form, status=429)
    given = dict(form.cleaned_data)
    regulator = given.pop("regulator", None)
    concern, code = services.receive_concern(
        **given,
        agency_id=agency.pk if agency else None,
        regulator_id=regulator.pk if regulator else None,
        at=timezone.now(),
    )
    return public(render(request, "concerns/received.html", {"concern": concern, "code": code}))


def _written(request, pk, act, *, title, done, words="text"):
    """One message form for the desk; who may is asked again by the act."""
    concern = _of_desk(request.user, pk)
    form = MessageForm(request.POST or None)
    return by_form(
        request,
        form,
        lambda: act(concern_id=concern.pk, by=request.user, **{words: form.cleaned_data["text"]}),
        done=done,
        back=reverse("concerns:matter", args=(concern.pk,)),
        title=title,
        about=_("Concern %(reference)s") % {"reference": concern.reference},
        text=title,
    )


def _of_desk(user, pk):
    seen = Concern.objects.visible_to(user).select_related("agency", "regulator")
    return get_object_or_404(seen, pk=pk)


def _may(request):
    return may_report_or_follow(address=request.META["REMOTE_ADDR"], at=timezone.now())


def _page(request, template, page, form, *, status=None):
    return public(render(request, template, page, status=status or (400 if form.errors else 200)))
