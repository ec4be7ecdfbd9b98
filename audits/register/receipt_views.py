"""Keeping a receipt of an answer, and checking one. Nobody is asked who they are."""

from datetime import date
from threading import BoundedSemaphore

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from agencies.lib.check_characters import grouped, is_valid
from audits.documents.apart import render_apart
from audits.documents.rendering import AttachedFile, RenderingRefused
from audits.register import doubt, receipts
from audits.register.answers import address
from audits.register.asking import bad_request, could_not_check, public, wants_json
from audits.register.forms import DayForm
from audits.register.receipt_answers import SHOWN, receipt_answer, receipt_of
from audits.register.wording import STANDINGS, STATUSES

PDF, JSON = "pdf", "json"

# One page of our own words takes a second; whoever asks is nobody we know.
PDF_SECONDS, PDF_BYTES = 20, 1024**3

# How many one server process draws; whoever comes beside can have the signed file at once.
AT_ONCE = 2
_places = BoundedSemaphore(AT_ONCE)


class ReceiptForm(DayForm):
    """The day that a receipt is about, and the form that it takes."""

    format = forms.ChoiceField(choices=((JSON, JSON), (PDF, PDF)), required=False)


class CheckForm(forms.Form):
    """A receipt as a file, or its text."""

    all_optional = True

    file = forms.FileField(
        required=False,
        label=gettext_lazy("The receipt as a file"),
        help_text=gettext_lazy(
            "The file whose name begins with “receipt” and ends in “.json”. A receipt that you "
            "keep as a PDF has it attached. It is looked at once and not kept."
        ),
        widget=forms.FileInput(attrs={"accept": "application/json,.json"}),
    )
    text = forms.CharField(
        required=False,
        label=gettext_lazy("Or paste its text"),
        max_length=receipts.LARGEST,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )

    def clean(self):
        cleaned = super().clean()
        file, text = cleaned.get("file"), cleaned.get("text")
        if not self.errors and not file and not text:
            raise forms.ValidationError(_("Choose the file of a receipt, or paste its text."))
        if file and file.size > receipts.LARGEST:
            self.add_error("file", _("This file is too large for a receipt."))
        return cleaned

    @property
    def written(self):
        file = self.cleaned_data.get("file")
        return file.read() if file else self.cleaned_data["text"].encode()


@login_not_required
@csrf_exempt  # nobody is signed in and nothing is kept of who asks, so there is nothing to forge
@require_POST
def certificate(request, number):
    """A receipt of the answer about a certificate."""
    return _receipt(request, receipts.CERTIFICATE, number)


@login_not_required
@csrf_exempt  # as above
@require_POST
def agency(request, number):
    """A receipt of the answer about an agency."""
    return _receipt(request, receipts.AGENCY, number)


@login_not_required
@csrf_exempt  # as above
@require_http_methods(["GET", "HEAD", "POST"])
def check(request):
    """Whether a receipt is ours, and what changed since it was given."""
    if request.method != "POST":
        return _page(request, CheckForm())
    form = CheckForm(request.POST, request.FILES)
    if not form.is_valid():
        if wants_json(request):
            return bad_request(request, form.errors)
        return _page(request, form, status=400)
    at = timezone.now()
    try:
        answer = receipt_answer(form.written, on=timezone.localdate(at), at=at)
    except doubt.CouldNotCheck as unable:
        return could_not_check(request, unable)
    if wants_json(request):
        return public(JsonResponse(answer, encoder=DjangoJSONEncoder))
    return _page(request, CheckForm(), answer=answer)


def _receipt(request, about, number):
    at = timezone.now()
    form = ReceiptForm(request.POST)
    if not form.is_valid() or not is_valid(number):
        problems = form.errors or {"number": [_("This is not a number of this register.")]}
        return bad_request(request, problems)
    on = form.cleaned_data["on"] or timezone.localdate(at)
    try:
        written, stated = receipt_of(about, number, on=on, at=at)
        if form.cleaned_data["format"] == PDF:
            content, kind = _document(written, stated, number, on, at), PDF
        else:
            content, kind = written, JSON
    except doubt.CouldNotCheck as unable:
        return could_not_check(request, unable)
    except RenderingRefused:
        return could_not_check(request, doubt.CouldNotCheck(doubt.Doubt.NOT_DRAWN))
    response = HttpResponse(content, content_type=f"application/{kind}")
    response["Content-Disposition"] = f'attachment; filename="receipt-{number}-{on}.{kind}"'
    return public(response)


def _document(written, stated, number, on, at):
    """The receipt for a file of paper, with the signed one attached."""
    words, since = _words(stated["question"]["about"]), stated["answer"]["since"]
    said_then = stated["said_then"]
    with translation.override("en-gb"):
        html = render_to_string(
            "pdf/receipt.html",
            {
                # what every document of ours says in its frame
                "stated": {
                    "regulator_name": settings.PRODUCT_NAME,
                    "issued_on": timezone.localdate(at),
                    "is_demonstration": stated["demonstration"],
                },
                "product_name": settings.PRODUCT_NAME,
                "receipt": stated,
                "shown": words[stated["answer"]["status"]],
                "said_then": said_then and words[said_then["status"]],
                "number": grouped(number),
                "since": since and date.fromisoformat(since),
                "on": on,
                "asked_at": at,
                "check_address": address("register:receipt_check"),
            },
        )
    attached = AttachedFile(
        name="receipt.json",
        content=written,
        description="The signed receipt (RFC 8785, Ed25519)",
        media_type="application/json",
    )
    if not _places.acquire(timeout=1):
        raise RenderingRefused("Several receipts are being drawn just now.")
    try:
        return render_apart(
            html,
            dated=timezone.localdate(at),
            attachments=[attached],
            cpu_seconds=PDF_SECONDS,
            memory_bytes=PDF_BYTES,
        )
    finally:
        _places.release()


def _page(request, form, *, answer=None, status=200):
    context = {"form": form, "answer": answer}
    if answer:
        context["shown"] = SHOWN[answer["status"]]
        if answer["is_genuine"]:
            words = _words(answer["about"])
            context["then"] = words[answer["then"]["status"]]
            context["now"] = words[answer["now"]["status"]]
    return public(render(request, "register/receipt.html", context, status=status))


def _words(about):
    words = STATUSES if about == receipts.CERTIFICATE else STATUSES | STANDINGS
    return {str(word): shown for word, shown in words.items()}
