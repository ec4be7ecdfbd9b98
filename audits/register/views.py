"""The public pages and their JSON: no login, no session, no user, and one answer for both."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from agencies.lib.check_characters import NumberUnreadable, grouped, is_valid, normalise
from agencies.lib.stored_files import FileUnavailable
from agencies.models import Agency
from audits.certificates.document import signed_statement
from audits.documents.keeping import open_kept
from audits.enums import DocumentState
from audits.models import AuditReport, Certificate
from audits.register.agency_answers import agency_answer, list_answer
from audits.register.answers import certificate_answer, written
from audits.register.asking import bad_request, could_not_check, public, wants_json
from audits.register.doubt import CouldNotCheck, Doubt
from audits.register.filters import RegisterFilter
from audits.register.forms import AnswerForm, DayForm, NumberForm, SearchForm
from audits.register.places import place_of
from audits.register.rules import Status, Word
from audits.register.search import search as search_names
from audits.register.standing import is_past
from audits.register.wording import STANDINGS, STATUSES
from audits.reports.statement import read

PAGE = 25
_NOT_YET_KNOWN = gettext_lazy("What was known can be asked for a moment of the past only.")
UNKNOWN = {str(Status.NEVER_ISSUED), str(Status.MALFORMED), str(Word.NEVER_REGISTERED)}


@login_not_required
@require_safe
def front(request):
    return render(request, "register/front.html", {"search": SearchForm(), "check": NumberForm()})


@login_not_required
@require_safe
def search(request):
    """The register: a page of it, or what a name or number leads to."""
    at = timezone.now()
    form, narrowed = SearchForm(request.GET), RegisterFilter(request.GET, request=request)
    if not form.is_valid() or not narrowed.is_valid():
        problems = {**form.errors, **narrowed.errors}
        return bad_request(request, problems, form, narrowed.form)
    asked, on = form.cleaned_data["q"], timezone.localdate(at)
    country = narrowed.form.cleaned_data["country"]
    if asked:
        hits = [hit for hit in search_names(asked) if country in (None, hit.agency.home_country)]
        names = {hit.agency.pk: hit.name for hit in hits}
        answer = list_answer([hit.agency for hit in hits], on=on, at=at, names=names)
        pages = {}
    else:
        agencies, pages = _page_of(request, narrowed.qs)
        answer = list_answer(agencies, on=on, at=at)
    answer |= {"query": asked, **pages}
    if wants_json(request):
        return _json(request, answer)
    context = {"answer": answer, "search": form, "narrow": narrowed.form, "country": country}
    return public(render(request, "register/search.html", context))


@login_not_required
@require_safe
def agency(request, number):
    """One agency as the public sees it, on a day."""
    if away := _to_stored_number(request, "register:agency", number):
        return away
    return _answered(request, agency_answer, number, "register/agency.html", STANDINGS)


@login_not_required
@require_safe
def verify_start(request):
    """Where a number is typed; a readable one leads to its page."""
    form = NumberForm(request.GET if "number" in request.GET else None)
    if form.is_bound and form.is_valid():
        try:
            return redirect("register:verify", normalise(form.cleaned_data["number"]))
        except NumberUnreadable as unreadable:
            form.add_error("number", str(unreadable))
    status = 400 if form.is_bound else 200
    return public(render(request, "register/verify_start.html", {"form": form}, status=status))


@login_not_required
@require_safe
def verify(request, number):
    """Whether the certificate with this number holds, on a day."""
    if away := _to_stored_number(request, "register:verify", number):
        return away
    return _answered(request, certificate_answer, number, "register/verify.html", STATUSES)


@login_not_required
@require_safe
def certificate_pdf(request, number):
    certificate = get_object_or_404(Certificate.objects.issued(), number=number)
    return _document(request, certificate.pdf_digest, f"certificate-{number}.pdf")


@login_not_required
@require_safe
def statement(request, number):
    """The canonical statement with its signature, for whoever checks it without us."""
    certificate = get_object_or_404(
        Certificate.objects.issued().select_related("key"), number=number
    )
    signed = signed_statement(
        statement=certificate.statement.encode(),
        signature=certificate.signature,
        public_key=certificate.key.public_key,
    )
    return HttpResponse(signed.content, content_type="application/json")


@login_not_required
@require_safe
def report(request, number):
    """An issued report: its document, and what was corrected since."""
    issued = AuditReport.objects.filter(state=DocumentState.ISSUED)
    found = get_object_or_404(
        issued.select_related("audit__agency", "audit__regulator"), number=number
    )
    return public(
        render(
            request,
            "register/report.html",
            {
                "report": found,
                "printed_number": grouped(found.number),
                "agency_number": grouped(found.audit.agency.register_number),
                "proves_nothing": read(found.statement.encode()).is_demonstration,
                "addenda": found.addenda.filter(issued_at__isnull=False),
            },
        )
    )


@login_not_required
@require_safe
def report_pdf(request, number):
    issued = AuditReport.objects.filter(state=DocumentState.ISSUED)
    found = get_object_or_404(issued, number=number)
    return _document(request, found.pdf_digest, f"report-{number}.pdf")


def _answered(request, answer_about, number, template, words):
    """The answer for today or for `?on=`; 200 for what there is, 404 with words for the rest.

    `?known_at=` asks what was known then. What cannot be told is 503, and says so.
    """
    at = timezone.now()
    today = timezone.localdate(at)
    on, known_at = today, None
    if request.GET.keys() & AnswerForm.base_fields.keys():
        form = AnswerForm(request.GET)
        if not form.is_valid():
            return bad_request(request, form.errors, DayForm(request.GET))
        on, known_at = form.cleaned_data["on"] or today, form.cleaned_data["known_at"]
    try:
        if known_at is not None and not is_past(known_at, at):
            return bad_request(request, {"known_at": [_NOT_YET_KNOWN]}, DayForm(request.GET))
        answer = answer_about(number, on=on, at=at, known_at=known_at)
    except DatabaseError:
        return could_not_check(request, CouldNotCheck(Doubt.DATABASE_UNREADABLE))
    except CouldNotCheck as unable:
        return could_not_check(request, unable)
    status = 404 if answer["status"] in UNKNOWN and "legal_name" not in answer else 200
    if wants_json(request):
        return _json(request, answer, status=status)
    known = {str(word): shown for word, shown in words.items()}
    context = {
        "answer": answer,
        "shown": known.get(answer["status"], STATUSES[Status.MALFORMED]),
        "day": DayForm(request.GET),
        "is_today": on == today,
        "place": place_of(request, answer),
    }
    return public(render(request, template, context, status=status))


def _to_stored_number(request, name, number):
    """A redirect to the one address of a number that was typed otherwise; None if it is there.

    What is no number has no other address: it is answered, as malformed, where it was asked.
    """
    try:
        stored = normalise(number)
    except NumberUnreadable:
        return None
    if stored == number or not is_valid(stored):
        return None
    away = redirect(name, stored)
    if query := request.META.get("QUERY_STRING"):
        away["Location"] += f"?{query}"
    return away


def _page_of(request, agencies):
    """A page by key: what comes after the agency named in `after`, or before that in `before`."""
    agencies = agencies.select_related("home_country").order_by("name_key", "register_number")
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    backwards, number = bool(before), before or after
    at = Agency.objects.filter(register_number=number).first() if is_valid(number) else None
    if at is not None:
        agencies = _beyond(agencies, at, backwards=backwards)
    rows = list(agencies[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows.reverse()
    has_next = rows and (more if not backwards else at is not None)
    has_previous = rows and (at is not None if not backwards else more)
    return rows, {
        "next": rows[-1].register_number if has_next else None,
        "previous": rows[0].register_number if has_previous else None,
    }


def _beyond(agencies, at, *, backwards):
    side, order = ("lt", "-") if backwards else ("gt", "")
    same_name = agencies.filter(
        **{"name_key": at.name_key, f"register_number__{side}": at.register_number}
    )
    return (agencies.filter(**{f"name_key__{side}": at.name_key}) | same_name).order_by(
        f"{order}name_key", f"{order}register_number"
    )


def _json(request, answer, *, status=200):
    content, etag = written(answer)
    response = HttpResponse(content, content_type="application/json", status=status)
    if status == 200:
        response["ETag"] = etag
        response = get_conditional_response(request, etag=etag, response=response)
    return public(response)


def _document(request, digest, name):
    """The stored bytes, checked against their digest; what is damaged is not served."""
    etag = f'"{digest}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            file = open_kept(digest)
        except FileUnavailable:
            return render(request, "register/unavailable.html", {"name": name}, status=503)
        response = FileResponse(file, content_type="application/pdf", filename=name)
    response["ETag"] = etag
    patch_cache_control(response, no_cache=True)
    return response
