"""Whether a PDF somebody was given is ours and unaltered, and then what its number is worth today.

No login, no session, no user; nothing of the file is kept, and nothing is written. The answer about
the number is the register's own, the same as on the page of that number.
"""

import hashlib
from dataclasses import dataclass

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from agencies.lib.check_characters import grouped
from agencies.numbering import REPORT
from audits.documents.checking import Kind, Reason, check
from audits.documents.keeping import LARGEST
from audits.register import doubt
from audits.register.answers import address, certificate_answer, framed
from audits.register.asking import could_not_check, wants_json
from audits.register.doubt import CouldNotCheck
from audits.register.wording import STATUSES, Shown

# What a browser sends around a file of the largest size.
AROUND = 64 * 1024

KINDS = {
    Kind.OURS: Shown(gettext_lazy("Our document"), "=", "blue", ""),
    Kind.ALTERED: Shown(gettext_lazy("Altered"), "✕", "red", ""),
    Kind.NOT_OURS: Shown(gettext_lazy("Not ours"), "✕", "red", ""),
    Kind.COULD_NOT_CHECK: doubt.SHOWN,
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a refusal means, and what to do about it."""

    sentence: str
    what_to_do: str


_ASK_BY_NUMBER = gettext_lazy(
    "Check the number that is printed on it instead: only the register knows whether it holds."
)
_TELL = gettext_lazy(
    "Do not rely on it. If it bears the name of this register, tell the regulator that it names."
)

WORDS = {
    Reason.CHANGED: Words(
        gettext_lazy(
            "This file was made from a document of this register and is not that document any more."
        ),
        gettext_lazy(
            "It was changed, added to, or saved again by another program: whatever it says, it "
            "does not count. Get the document from the page of its number."
        ),
    ),
    Reason.NO_TRACE: Words(
        gettext_lazy("This file is not a document of this register."),
        gettext_lazy(
            "It bears no seal of ours, whatever name stands on it. A scan or a print saved as PDF "
            "has lost the seal: check the printed number instead. Otherwise do not rely on it, and "
            "tell the regulator whose name it bears."
        ),
    ),
    Reason.NO_PDF: Words(
        gettext_lazy(
            "This file cannot be read as a PDF, so it is not a document of this register."
        ),
        _ASK_BY_NUMBER,
    ),
    Reason.NEVER_PUBLISHED: Words(
        gettext_lazy("This file bears our seal, but the register never published it."), _TELL
    ),
    Reason.SEAL_IN_DOUBT: Words(
        gettext_lazy(
            "The register published this file, but its seal cannot be confirmed any more."
        ),
        _ASK_BY_NUMBER,
    ),
    Reason.NOT_LOOKED_AT: Words(
        gettext_lazy("This file could not be checked. That says nothing about it either way."),
        _ASK_BY_NUMBER,
    ),
}
NO_ANSWER = Words(
    gettext_lazy("The register could not be asked. That says nothing about the file either way."),
    gettext_lazy("Try again in a moment."),
)


class DocumentForm(forms.Form):
    """One PDF, of at most the size of the largest document that is issued."""

    document = forms.FileField(
        label=gettext_lazy("The PDF you were given"),
        help_text=gettext_lazy(
            "A certificate or an audit report, as a file. It is looked at once and not kept."
        ),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": gettext_lazy("Choose the PDF that you want to check.")},
    )


@login_not_required
@csrf_exempt  # nobody is signed in and nothing is written, so there is nothing to forge
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    """Check a file, for a page or for JSON; the question travels in the body and leaves nothing."""
    if request.method != "POST":
        return _page(request, DocumentForm())
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + AROUND:
        return _too_large(request)
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(request, form, 400)
    file = form.cleaned_data["document"]
    if file.size > LARGEST:
        return _too_large(request)
    at = timezone.now()
    try:
        answer = answer_about(file.read(), at=at)
    except DatabaseError:
        answer = _without_the_register(at)
    except CouldNotCheck as unable:
        return could_not_check(request, unable)
    status = 503 if answer["document"] == Kind.COULD_NOT_CHECK else 200
    if wants_json(request):
        return _public(JsonResponse(answer, encoder=DjangoJSONEncoder, status=status))
    return _page(request, DocumentForm(), answer=answer, status=status)


def answer_about(document, *, at):
    """The answer about one file: what it is, and, if it is ours, the register's answer now."""
    checked = check(document)
    on = timezone.localdate(at)
    is_report = checked.number.startswith(REPORT)
    is_certificate = checked.kind is Kind.OURS and not is_report
    known = certificate_answer(checked.number, on=on, at=at) if is_certificate else None
    answer = {
        "document": checked.kind,
        "reason": checked.reason,
        "is_report": is_report,
        "number": checked.number or None,
        "printed_number": grouped(checked.number) if checked.number else None,
        "address": _address_of(checked.number, is_report),
        "status": known["status"] if known else None,
        "is_valid": bool(known and known["is_valid"]),
        "sentence": known["sentence"] if known else _sentence_about(checked),
        "what_to_do": "" if checked.reason is None else str(WORDS[checked.reason].what_to_do),
        "detail": checked.detail,
        "sha256": hashlib.sha256(document).hexdigest(),
        "certificate": known,
    }
    return framed(answer, on=on, at=at)


def _sentence_about(checked):
    if checked.kind is Kind.OURS:
        return _("This is audit report {number}, exactly as this register issued it.").format(
            number=grouped(checked.number)
        )
    return str(WORDS[checked.reason].sentence)


def _address_of(number, is_report):
    return (
        address("register:report" if is_report else "register:verify", number) if number else None
    )


def _without_the_register(at):
    answer = {
        "document": Kind.COULD_NOT_CHECK,
        "reason": "no_register",
        "is_valid": False,
        "sentence": str(NO_ANSWER.sentence),
        "what_to_do": str(NO_ANSWER.what_to_do),
    }
    return framed(answer, on=timezone.localdate(at), at=at)


def _page(request, form, *, answer=None, status=200):
    context = {"form": form, "answer": answer}
    if answer:
        known = {str(each): shown for each, shown in STATUSES.items()}
        told = answer.get("status")
        context["shown"] = known[told] if told else KINDS[answer["document"]]
    return _public(render(request, "register/upload.html", context, status=status))


def _too_large(request):
    form = DocumentForm({}, {})
    form.is_valid()
    form.errors["document"] = form.error_class(
        [
            _("This file is larger than any document of this register ({size} MB).").format(
                size=LARGEST // 1024**2
            )
        ]
    )
    return _refused(request, form, 413)


def _refused(request, form, status):
    if wants_json(request):
        sentences = [str(sentence) for listed in form.errors.values() for sentence in listed]
        refused = {"status": "bad_request", "sentence": " ".join(sentences)}
        return _public(JsonResponse(refused, status=status))
    return _page(request, form, status=status)


def _public(response):
    patch_cache_control(response, no_store=True)
    patch_vary_headers(response, ("Accept",))
    return response
