"""The log for programs and for people: public, without a session, and without a write.

The one act is that of a witness (`add_checkpoint`), which is trusted by the signature it carries.
"""

from base64 import b64encode
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from agencies.lib.canonical import parse
from audits.keys.enums import Purpose
from audits.keys.queries import trusted_keys
from audits.transparency import merkle, tiles
from audits.transparency.checkpoints import origin, verifier_key
from audits.transparency.forms import ConsistencyForm, InclusionForm
from audits.transparency.models import LogLeaf, SeenCheckpoint
from audits.transparency.publishing import keys_document
from audits.transparency.queries import (
    consistency_proof,
    inclusion_proof,
    latest_checkpoint,
    root_at,
    size,
)
from audits.transparency.witnessing import add_checkpoint as witness
from audits.transparency.wording import sentence_of

PAGE = 50
LONGEST_REQUEST = 64 * 1024
FOR_EVER = f"public, max-age={int(timedelta(days=365).total_seconds())}, immutable"
FOR_NOW = "public, no-cache"
VERIFIER = settings.BASE_DIR / "docs" / "verify_register.py"


@login_not_required
@require_safe
def index(request):
    """What the log is, how far it has come, and how to check it without trusting this page."""
    count = size()
    before = request.GET.get("before", "")
    top = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else count
    rows = list(LogLeaf.objects.filter(position__lt=top).order_by("-position")[: PAGE + 1])
    context = {
        "origin": origin(),
        "size": count,
        "checkpoint": latest_checkpoint(),
        "verifier_keys": [str(verifier_key(key)) for key in trusted_keys(Purpose.CHECKPOINT)],
        "seen": SeenCheckpoint.objects.filter(origin=origin())[:10],
        "leaves": [(row, sentence_of(row)) for row in rows[:PAGE]],
        "next": rows[PAGE - 1].position if len(rows) > PAGE else None,
    }
    return _kept(render(request, "log/index.html", context), FOR_NOW)


@login_not_required
@require_safe
def leaf(request, position):
    """One leaf as it was hashed, and the way from it to the latest checkpoint."""
    found = get_object_or_404(LogLeaf, position=position)
    last = latest_checkpoint()
    is_signed = last is not None and position < last.size
    context = {
        "leaf": found,
        "sentence": sentence_of(found),
        "content": parse(found.content.encode()),
        "leaf_hash": _base64(merkle.leaf_hash(found.content.encode())),
        "checkpoint": last if is_signed else None,
        "proof": _encoded(inclusion_proof(position, last.size)) if is_signed else (),
    }
    return _kept(render(request, "log/leaf.html", context), FOR_NOW)


@login_not_required
@require_safe
def checkpoint(request):
    """What was signed last (C2SP tlog-checkpoint)."""
    last = latest_checkpoint()
    if last is None:
        raise Http404
    return _kept(HttpResponse(last.note, content_type="text/plain; charset=utf-8"), FOR_NOW)


@login_not_required
@require_safe
def keys(request):
    """Every public key of the register, as it is published beside the log."""
    return _kept(HttpResponse(keys_document(), content_type="application/json"), FOR_NOW)


@login_not_required
@require_safe
def tile(request, address):
    """A tile of hashes, or a bundle of leaves (C2SP tlog-tiles)."""
    asked = tiles.tile_at(address)
    content = tiles.content_of(asked) if asked else None
    if content is None:
        raise Http404
    return _kept(HttpResponse(content, content_type="application/octet-stream"), FOR_EVER)


@login_not_required
@require_safe
def inclusion(request):
    """The proof that a leaf stands in the log of a size; without one, of the last checkpoint."""
    form = InclusionForm(request.GET, **_limits())
    if not form.is_valid():
        return _refused(form)
    position, within = form.cleaned_data["position"], form.cleaned_data["size"]
    content = LogLeaf.objects.values_list("content", flat=True).get(position=position)
    return _proof(
        {
            "position": position,
            "size": within,
            "leaf_hash": _base64(merkle.leaf_hash(content.encode())),
            "proof": _encoded(inclusion_proof(position, within)),
            "root": _base64(root_at(within)),
        }
    )


@login_not_required
@require_safe
def consistency(request):
    """The proof that the log of one size goes on from the log of another."""
    form = ConsistencyForm(request.GET, **_limits())
    if not form.is_valid():
        return _refused(form)
    first, second = form.cleaned_data["first"], form.cleaned_data["second"]
    return _proof(
        {
            "first": first,
            "second": second,
            "first_root": _base64(root_at(first)),
            "second_root": _base64(root_at(second)),
            "proof": _encoded(consistency_proof(first, second)),
        }
    )


@csrf_exempt  # nobody is signed in: the checkpoint's own signature says whose it is
@login_not_required
@require_POST
def add_checkpoint(request):
    """Another register shows its checkpoint, and this one cosigns it (C2SP tlog-witness)."""
    if len(request.body) > LONGEST_REQUEST:
        return HttpResponse(_("A request is smaller than this.") + "\n", status=413)
    reply = witness(request.body, at=timezone.now())
    return HttpResponse(reply.text, status=reply.status, content_type=reply.kind)


@login_not_required
@require_safe
def verifier(request):
    """The script that checks everything without this site; better taken from the source."""
    content = VERIFIER.read_bytes()
    return _kept(HttpResponse(content, content_type="text/x-python; charset=utf-8"), FOR_NOW)


def _limits():
    last = latest_checkpoint()
    return {"size": size(), "signed": last.size if last else None}


def _refused(form):
    errors = {name: [str(said) for said in found] for name, found in form.errors.items()}
    answer = {"status": "bad_request", "errors": errors, "size": form.size}
    return _kept(JsonResponse(answer, status=400), FOR_NOW)


def _proof(answer):
    return _kept(JsonResponse(answer), FOR_NOW)


def _kept(response, how):
    response["Cache-Control"] = how
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _encoded(hashes):
    return [_base64(found) for found in hashes]


def _base64(content):
    return b64encode(content).decode("ascii")
