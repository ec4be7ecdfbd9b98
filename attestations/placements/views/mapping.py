"""What the columns of a file are: asked with a preview, and remembered for the agency."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.lib.transitions import IllegalTransition
from agencies.models import Agency
from attestations.placements.column_guessing import guess, needed_of
from attestations.placements.column_memory import forget_column
from attestations.placements.column_naming import may_name_columns, name_columns, sheets_asked
from attestations.placements.column_reading import CellShown, read_rows
from attestations.placements.column_samples import LONGEST_HEADER
from attestations.placements.columns import BY_NAME, Column, key_of, letters, shown
from attestations.placements.corrections import read_corrections
from attestations.placements.forms import ColumnsForm
from attestations.placements.layout import ColumnsRefused
from attestations.placements.permissions import check_can_import_placements
from attestations.placements.remembered import RememberedColumn
from attestations.placements.rows import vocabulary
from attestations.placements.views.importing import import_or_404

VALUES_SHOWN = 3
LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True)
class Question:
    """One column of a sheet, with its first values and what it seems to be."""

    at: int
    header: str
    hint: str
    name: str | None

    @property
    def field(self) -> str:
        return f"column_{self.at}"

    @property
    def label(self) -> str:
        return shown(self.header, 80)


@dataclass(frozen=True, slots=True)
class SheetAsked:
    """One sheet with its questions, and its first rows as the answers would have them read."""

    sheet: str
    row: int
    form: ColumnsForm
    missing: list[Column]
    filled: list[Column]
    cells: list[list[CellShown]]


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request, number, public_id):
    """Which column is which. Asked to look, it shows how rows would be read; else it reads."""
    record = import_or_404(request.user, number, public_id)
    check_can_import_placements(request.user, record.agency)
    if not may_name_columns(record):
        messages.info(request, _("The columns of this file are not asked for any more."))
        return redirect("placements:import_detail", number, public_id)
    sheets = _sheets_asked(record, request.POST if request.method == "POST" else None)
    first = sheets[0].form
    looks = "look" in request.POST
    if first.is_bound and not looks and all(one.form.is_valid() for one in sheets):
        try:
            follower = _read_so(record, sheets, by=request.user)
        except (ColumnsRefused, IllegalTransition) as refused:
            first.add_error(None, str(refused))
        else:
            return redirect("placements:import_detail", number, follower.public_id)
    context = {
        "record": record,
        "agency": record.agency,
        "failed": record.message,
        "sheets": sheets,
        "has_errors": any(one.form.errors for one in sheets),
    }
    status = 400 if first.is_bound and not looks else 200
    return render(request, "placements/columns.html", context, status=status)


def _sheets_asked(record, data) -> list[SheetAsked]:
    words = vocabulary(timezone.localdate(), read_corrections(record.corrections))
    asked = sheets_asked(record.header)
    sheets = []
    for at, one in enumerate(asked):
        headers, rows = one["headers"], one["rows"]
        form = ColumnsForm(
            data,
            headers=headers,
            questions=_questions(record, one, words),
            may_be_left_aside=len(asked) > 1,
            prefix=f"sheet_{at}" if at else None,
        )
        filled, cells = ([], []) if form.is_left_aside else read_rows(form.names(), rows, words)
        missing = [] if form.is_left_aside else needed_of(form.names())
        sheets.append(SheetAsked(one["sheet"], one["row"], form, missing, filled, cells))
    return sheets


def _read_so(record, sheets, *, by):
    """The first sheet's answers hold for all that have no others."""
    first, *others = sheets
    own = {one.sheet: None if one.form.is_left_aside else one.form.mapping for one in others}
    if first.form.is_left_aside:
        own[first.sheet] = None
    mapping = {} if first.form.is_left_aside else first.form.mapping
    return name_columns(import_id=record.pk, mapping=mapping, sheets=own, by=by)


def _questions(record, sheet, words) -> list[Question]:
    """One for each column that has a name or says something in the first rows."""
    headers, rows = sheet["headers"], sheet["rows"]
    own = record.sheets.get(sheet["sheet"]) or record.mapping
    said = {**record.remembered, **{key_of(header): name for header, name in own.items()}}
    asked = []
    for at, one in enumerate(guess(headers, rows, said=said, words=words)):
        header = headers[at]
        values = [row[at] for row in rows if at < len(row) and row[at].strip()]
        is_named = key_of(header) != key_of(f"Column {letters(at)}")
        if len(header) >= LONGEST_HEADER or not (is_named or values):
            continue
        distinct = [shown(text, LONGEST_VALUE) for text in dict.fromkeys(values)][:VALUES_SHOWN]
        says = (
            _("It says: %(values)s.") % {"values": "; ".join(distinct)}
            if distinct
            else _("It is empty in the first rows.")
        )
        where = _("Column %(letters)s.") % {"letters": letters(at)}
        asked.append(Question(at, header, f"{where} {says} {_(one.why)}", one.name))
    return asked


@require_safe
def remembered(request, number):
    """What the agency said of its headers, to look at and to take back."""
    agency = get_object_or_404(Agency.objects.visible_to(request.user), register_number=number)
    check_can_import_placements(request.user, agency)
    said = RememberedColumn.objects.visible_to(request.user).filter(agency=agency)
    context = {
        "agency": agency,
        "said": [
            {"one": one, "column": BY_NAME.get(one.name)}
            for one in said.select_related("remembered_by").order_by("header")
        ],
    }
    return render(request, "placements/remembered.html", context)


@require_POST
def forget(request, number):
    agency = get_object_or_404(Agency.objects.visible_to(request.user), register_number=number)
    header = request.POST.get("header", "")
    if forget_column(agency_id=agency.pk, header=header, by=request.user):
        text = _("“%(header)s” is forgotten: the next file with it is asked about again.")
        messages.success(request, text % {"header": header})
    return redirect("placements:remembered", number)
