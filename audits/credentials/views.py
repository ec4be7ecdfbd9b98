"""What other people's verifiers fetch, and the page where a credential is pasted.

All of it is public and knows no session. What a verifier fetches may be read from any site, and be
kept for a minute.
"""

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from audits.credentials.answers import SHOWN, credential_answer
from audits.credentials.checking import Kind
from audits.credentials.contexts import bundled
from audits.credentials.forms import CredentialForm
from audits.credentials.models import CertificateCredential
from audits.credentials.opening import LONGEST
from audits.credentials.publishing import KEPT_FOR, did_document, signed_list
from audits.credentials.queries import last_list
from audits.keys.holding import SigningUnavailable
from audits.register.doubt import CouldNotCheck, refuse_if_in_doubt
from audits.register.wording import STATUSES

VC = "application/vc"
VC_JWT = "application/vc+jwt"
JSON_LD = "application/ld+json"

# What a program sends as it is, without a form around it.
_AS_IT_IS = {VC, VC_JWT, JSON_LD, "application/json", "text/plain"}


@login_not_required
@require_safe
def as_vc(request, number):
    """The credential of a certificate with its Data Integrity proof."""
    return _public(request, _kept(number).jsonld.encode(), VC)


@login_not_required
@require_safe
def as_json_ld(request, number):
    """The same bytes, for whoever asks for JSON-LD by its name."""
    return _public(request, _kept(number).jsonld.encode(), JSON_LD)


@login_not_required
@require_safe
def as_jwt(request, number):
    """The credential of a certificate as `vc+jwt`."""
    return _public(request, _kept(number).jwt.encode(), VC_JWT)


@login_not_required
@require_safe
def status_list(request, purpose, number):
    """A status list in the form that is asked for; with a Data Integrity proof unless told so."""
    form = request.get_preferred_type([VC, VC_JWT]) or VC
    return _list(request, purpose, number, form)


@login_not_required
@require_safe
def status_list_jwt(request, purpose, number):
    return _list(request, purpose, number, VC_JWT)


@login_not_required
@require_safe
def did(request):
    """Who this register is and with which keys it signs: `did:web` of the canonical origin."""
    return _public(request, did_document(), "application/did+json")


@login_not_required
@require_safe
def context(request):
    """What the terms of our credentials mean. These bytes never change."""
    return _public(request, bundled("recruitment-code-v1"), JSON_LD)


@csrf_exempt  # it changes nothing, for nobody
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request):
    """Where a credential is pasted, or sent by a program, and answered as its number would be."""
    at = timezone.now()
    if request.method == "POST" and request.content_type in _AS_IT_IS:
        return _answered_to_a_program(request, at)
    form = CredentialForm(request.POST if request.method == "POST" else None)
    answer = shown = None
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        answer = credential_answer(
            form.cleaned_data["credential"], on=timezone.localdate(at), at=at
        )
        words = {str(word): word_shown for word, word_shown in (STATUSES | SHOWN).items()}
        kind = answer["credential"]["is"]
        shown = words[answer["status"] if kind == Kind.OURS else kind]
        status = _status_of(answer)
    context = {"form": form, "answer": answer, "shown": shown}
    return _fresh(render(request, "credentials/check.html", context, status=status))


def _answered_to_a_program(request, at):
    if len(request.body) > LONGEST:
        return _refused(_("Send no more than {size} bytes.").format(size=LONGEST))
    try:
        written = request.body.decode("utf-8")
    except UnicodeDecodeError:
        return _refused(_("Send the credential as UTF-8."))
    answer = credential_answer(written, on=timezone.localdate(at), at=at)
    return _fresh(JsonResponse(answer, encoder=DjangoJSONEncoder, status=_status_of(answer)))


def _status_of(answer):
    return 503 if answer["status"] == Kind.COULD_NOT_CHECK else 200


def _refused(sentence):
    return _fresh(JsonResponse({"status": "bad_request", "sentence": sentence}, status=400))


def _kept(number):
    return get_object_or_404(CertificateCredential, certificate__number=number)


def _list(request, purpose, number, form):
    at = timezone.now()
    try:
        refuse_if_in_doubt(at)
        if number > last_list():
            raise Http404
        signed = signed_list(purpose, number, at=at)
    except SigningUnavailable:
        return _unavailable(_("The status lists cannot be signed now."))
    except CouldNotCheck as unable:
        return _unavailable(str(unable))
    content = signed.jwt.encode() if form == VC_JWT else signed.jsonld
    response = _public(request, content, form)
    patch_vary_headers(response, ("Accept",))
    return response


def _unavailable(why):
    """No list rather than one that cannot be trusted: whoever asks must say "could not check"."""
    sentence = f"{why} " + _("Check the number of the certificate.")
    refused = {"status": str(Kind.COULD_NOT_CHECK), "sentence": sentence}
    response = JsonResponse(refused, status=503)
    response["Cache-Control"] = "no-store"
    return response


def _public(request, content, media_type):
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type=media_type)
    response["ETag"] = etag
    response = get_conditional_response(request, etag=etag, response=response)
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(
        response, public=True, max_age=int(KEPT_FOR.total_seconds()), must_revalidate=True
    )
    return response


def _fresh(response):
    response["Cache-Control"] = "no-store"
    return response
