"""Checking a whole list, and whether a person may act for an agency. Nobody is asked who they are,
and nothing is kept of what was asked."""

import io
import zipfile

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from agencies.lib.safe_cells import write_csv
from agencies.models import Agency
from agencies.services.signing_in import may_ask_of_people
from audits.checking.forms import ManyForm, PersonForm
from audits.checking.queries import Line, May, Result, check_lines, may_act
from audits.register import receipts
from audits.register.agency_answers import agency_answer
from audits.register.asking import could_not_check, public
from audits.register.doubt import CouldNotCheck
from audits.register.receipt_answers import receipt_of
from audits.register.rules import Word
from audits.register.wording import STANDINGS

ADDED = ("Register: result", "Register: agency", "Register: number", "Register: standing")
# a receipt is signed for each agency that was found
MOST_RECEIPTS = 200
SENTENCES = {
    May.YES: gettext_lazy("Yes. %(name)s is an officer of record of %(agency)s."),
    May.NO: gettext_lazy(
        "No. The register holds no officer of %(agency)s by the name of %(name)s."
    ),
    May.ASK: gettext_lazy("The register cannot say. Ask %(regulator)s, which keeps its record."),
}


@login_not_required
@csrf_exempt  # nobody is signed in and nothing is kept of who asks, so there is nothing to forge
@require_http_methods(["GET", "POST"])
def many(request):
    """A list of agencies, answered line by line; the same as CSV, or with signed receipts."""
    form = ManyForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        status = 400 if form.is_bound else 200
        return public(render(request, "checking/many.html", {"form": form}, status=status))
    at = timezone.now()
    on = timezone.localdate(at)
    try:
        lines = check_lines(form.table.asked(), on=on, at=at)
        if request.POST.get("as") == "csv":
            return _as_file(_csv(form.table, lines, at), "text/csv; charset=utf-8", f"{on}.csv")
        if request.POST.get("as") == "zip":
            return _as_file(_zip(form.table, lines, on, at), "application/zip", f"{on}.zip")
    except CouldNotCheck as unable:
        return could_not_check(request, unable)
    page = {
        "lines": lines,
        "counts": _counts(lines),
        # what was read, so that the file can be asked for without choosing it again
        "again": "\n".join("\t".join(_flat(row)) for row in _rows(form.table)),
        "most_receipts": MOST_RECEIPTS,
        "at": at,
    }
    return public(render(request, "checking/many_checked.html", page))


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def person(request, number):
    """Yes, no, or ask the regulator; the name is in no address and in no log."""
    agency = get_object_or_404(
        Agency.objects.select_related("regulator__country"), register_number=number
    )
    form = PersonForm(request.POST or None)
    at = timezone.now()
    page = {"agency": agency, "form": form}
    if request.method == "POST" and form.is_valid():
        if not may_ask_of_people(number=number, address=request.META["REMOTE_ADDR"], at=at):
            form.add_error(
                None,
                _("Too many names were asked about. Wait a quarter of an hour, or write to us."),
            )
            return public(render(request, "checking/person.html", page, status=429))
        on = timezone.localdate(at)
        try:
            standing = agency_answer(number, on=on, at=at)
        except CouldNotCheck as unable:
            return could_not_check(request, unable)
        may = may_act(agency, form.cleaned_data["name"], on=on)
        page |= {
            "may": may,
            "sentence": SENTENCES[may]
            % {
                "name": form.cleaned_data["name"],
                "agency": agency.legal_name,
                "regulator": agency.regulator.name,
            },
            "standing": standing,
            "shown": STANDINGS[Word(standing["status"])],
            "on": on,
        }
    status = 400 if form.errors else 200
    return public(render(request, "checking/person.html", page, status=status))


def _counts(lines: list[Line]):
    return [
        (line.word, result, sum(each.result == result for each in lines))
        for result in Result
        if (line := next((each for each in lines if each.result == result), None))
    ]


def _rows(table):
    return [table.head, *table.lines] if table.head else list(table.lines)


def _flat(row):
    """Cells that can stand between tabs in one line."""
    return [" ".join(cell.split()) for cell in row]


def _csv(table, lines: list[Line], at) -> bytes:
    wide = max(len(row) for row in _rows(table))
    head = [*table.head, *[""] * (wide - len(table.head)), *ADDED]
    rows = [head]
    for row, line in zip(table.lines, lines, strict=True):
        one = line.agencies[0] if line.result == Result.FOUND else None
        rows.append(
            [
                *row,
                *[""] * (wide - len(row)),
                line.word,
                one["legal_name"] if one else "; ".join(a["legal_name"] for a in line.agencies),
                one["printed_number"] if one else "",
                one["word"] if one else "",
            ]
        )
    text = io.StringIO()
    write_csv(rows, text)
    return text.getvalue().encode("utf-8-sig")


def _zip(table, lines: list[Line], on, at) -> bytes:
    """The checked list, and for each agency that was found the signed receipt of its answer."""
    numbers = dict.fromkeys(
        line.agencies[0]["register_number"] for line in lines if line.result == Result.FOUND
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as kept:
        kept.writestr("checked.csv", _csv(table, lines, at))
        for number in list(numbers)[:MOST_RECEIPTS]:
            written, _stated = receipt_of(receipts.AGENCY, number, on=on, at=at)
            kept.writestr(f"receipt-{number}-{on}.json", written)
    return held.getvalue()


def _as_file(content: bytes, kind: str, name: str):
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="checked-{name}"'
    return public(response)
