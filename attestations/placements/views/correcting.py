"""A file read again with corrections: a group of cells, the days of a column, rows left out."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.lib.transitions import IllegalTransition
from attestations.placements import groups, services
from attestations.placements.correction_forms import (
    DayOrderForm,
    LeftOutForm,
    TakenBackForm,
    WrittenInsteadForm,
)
from attestations.placements.corrections import (
    CorrectionsRefused,
    of_a_row_left_out,
    of_days,
    of_every_row,
)
from attestations.placements.permissions import check_can_import_placements
from attestations.placements.views.importing import import_or_404


@require_POST
def write_instead(request, number, public_id):
    """Every row that says a text in a column is read as if it said another."""

    def corrections(record, said):
        return [of_every_row(**said)]

    return _correct(request, number, public_id, WrittenInsteadForm, corrections)


@require_POST
def order_days(request, number, public_id):
    def corrections(record, said):
        return [of_days(column=said["column"], day_first=said["day_first"] == "yes")]

    return _correct(request, number, public_id, DayOrderForm, corrections)


@require_POST
def leave_out(request, number, public_id):
    """The rows of a group are not taken; one of its problems stands for the group."""

    def corrections(record, said):
        return [
            of_a_row_left_out(sheet=sheet, row=row)
            for sheet, row in groups.rows_with_the_same_problem(record, said["problem"])
        ]

    return _correct(request, number, public_id, LeftOutForm, corrections)


@require_POST
def take_back(request, number, public_id):
    record, form = _asked(request, number, public_id, TakenBackForm)
    if not form.is_valid():
        return _refused(request, record, _words_of(form))
    positions = form.cleaned_data["positions"]
    taken_back = [one for at, one in enumerate(record.corrections) if at in positions]
    if not taken_back:
        return _refused(request, record, _("There is no such correction."))
    return _read_again(request, record, services.take_back_corrections, taken_back)


def _correct(request, number, public_id, form_class, corrections):
    record, form = _asked(request, number, public_id, form_class)
    if follower := record.followed_by.first():
        messages.info(
            request,
            _(
                "The file was read again before, and this is that reading. If your correction is "
                "not among those below, make it here."
            ),
        )
        return redirect("placements:import_detail", number, follower.public_id)
    if not form.is_valid():
        return _refused(request, record, _words_of(form))
    asked = corrections(record, form.cleaned_data)
    if not asked:
        return _refused(request, record, _("These rows are not among the problems any more."))
    return _read_again(request, record, services.correct_import, asked)


def _asked(request, number, public_id, form_class):
    record = import_or_404(request.user, number, public_id)
    check_can_import_placements(request.user, record.agency)
    return record, form_class(request.POST)


def _read_again(request, record, service, corrections):
    try:
        follower = service(import_id=record.pk, corrections=corrections, by=request.user)
    except (IllegalTransition, CorrectionsRefused) as refused:
        return _refused(request, record, str(refused))
    messages.success(request, _("The file is being read again so. The file itself is not changed."))
    return redirect("placements:import_detail", record.agency.register_number, follower.public_id)


def _refused(request, record, why):
    messages.error(request, why)
    return redirect("placements:import_detail", record.agency.register_number, record.public_id)


def _words_of(form):
    return " ".join(error for errors in form.errors.values() for error in errors)
