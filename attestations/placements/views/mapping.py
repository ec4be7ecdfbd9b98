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
from attestations.placements.column_naming import may_name_columns, name_columns
from attestations.placements.column_reading import read_rows
from attestations.placements.column_samples import LONGEST_HEADER
from attestations.placements.columns import BY_NAME, key_of, shown
from attestations.placements.corrections import read_corrections
from attestations.placements.forms import ColumnsForm
from attestations.placements.layout import ColumnsRefused
from attestations.placements.models import RememberedColumn
from attestations.placements.permissions import check_can_import_placements
from attestations.placements.rows import vocabulary
from attestations.placements.views.importing import import_or_404

VALUES_SHOWN = 3
LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True)
class Question:
    """One header of the file, with its first values and what it seems to be."""

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


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request, number, public_id):
    """Which column is which. Asked to look, it shows how rows would be read; else it reads."""
    record = import_or_404(request.user, number, public_id)
    check_can_import_placements(request.user, record.agency)
    if not may_name_columns(record):
        messages.info(request, _("The columns of this file are not asked for any more."))
        return redirect("placements:import_detail", number, public_id)
    headers, rows = record.header["headers"], record.header["rows"]
    words = vocabulary(timezone.localdate(), read_corrections(record.corrections))
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        headers=headers,
        questions=_questions(record, headers, rows, words),
    )
    looks = "look" in request.POST
    if form.is_bound and not looks and form.is_valid():
        try:
            follower = name_columns(import_id=record.pk, mapping=form.mapping, by=request.user)
        except (ColumnsRefused, IllegalTransition) as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("placements:import_detail", number, follower.public_id)
    filled, cells = read_rows(form.names(), rows, words)
    context = {
        "record": record,
        "agency": record.agency,
        "form": form,
        "failed": record.message,
        "missing": needed_of(form.names()),
        "filled": filled,
        "cells": cells,
        "unnamed": sum(not key_of(header) for header in headers),
    }
    status = 400 if form.is_bound and not looks else 200
    return render(request, "placements/columns.html", context, status=status)


def _questions(record, headers, rows, words) -> list[Question]:
    """Each header once: a mapping goes by names, so that nothing else can be said of a second."""
    said = {
        **record.remembered,
        **{key_of(header): name for header, name in record.mapping.items()},
    }
    asked: dict[str, Question] = {}
    for at, one in enumerate(guess(headers, rows, said=said, words=words)):
        header = headers[at]
        key = key_of(header)
        if not key or key in asked or len(header) >= LONGEST_HEADER:
            continue
        values = [row[at] for row in rows if at < len(row) and row[at].strip()]
        distinct = [shown(text, LONGEST_VALUE) for text in dict.fromkeys(values)][:VALUES_SHOWN]
        says = (
            _("It says: %(values)s.") % {"values": "; ".join(distinct)}
            if distinct
            else _("It is empty in the first rows.")
        )
        asked[key] = Question(at, header, f"{says} {_(one.why)}", one.name)
    return list(asked.values())


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
