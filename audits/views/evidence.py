"""What the team looks at: the sample and the checklist."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agencies.lib import stored_files
from audits import services
from audits.forms.evidence import DrawForm, ResultForm
from audits.models import Audit, SampledPlacement
from audits.permissions import can, check_can_work
from audits.populations import population_root
from audits.queries import placements_of
from audits.sampling import suggested_size
from audits.services.findings import codes_of
from audits.views.acting import by_form
from audits.views.fetching import case_of
from audits.workflow import AUDIT


@require_http_methods(["GET", "POST"])
def draw(request, number):
    audit = case_of(request.user, number)
    check_can_work(request.user, audit)
    population = placements_of(audit).count()
    form = DrawForm(request.POST or None, initial={"size": suggested_size(population)})
    return by_form(
        request,
        form,
        lambda: services.draw_sample(
            audit_id=audit.pk, by=request.user, size=form.cleaned_data["size"]
        ),
        done="The sample is drawn and sealed.",
        back=reverse("audits:detail", args=(number,)),
        title="Draw the sample",
        about=f"{audit}: {population} placements in its period and scope",
        text="Draw the sample",
    )


@require_GET
def sample(request, number):
    """The sample with its results; the auditors' notes are for the case's staff."""
    audit = case_of(request.user, number)
    draw = getattr(audit, "sample", None)
    if draw is None:
        raise Http404
    return render(
        request,
        "audits/sample.html",
        {
            "audit": audit,
            "draw": draw,
            "placements": [
                {"sampled": sampled, "codes": codes_of(sampled.placement)}
                for sampled in draw.placements.select_related("placement__verdict")
            ],
            "may_record": _may_record(request.user, audit),
        },
    )


@require_http_methods(["GET", "POST"])
def sample_result(request, number, position):
    audit = case_of(request.user, number)
    sampled = get_object_or_404(
        SampledPlacement.objects.select_related("placement"), draw__audit=audit, position=position
    )
    check_can_work(request.user, audit)
    form = ResultForm(
        request.POST or None, initial={"result": sampled.result, "note": sampled.note}
    )
    return by_form(
        request,
        form,
        lambda: services.record_sample_result(
            audit_id=audit.pk, position=position, by=request.user, **form.cleaned_data
        ),
        done="The result is recorded.",
        back=reverse("audits:sample", args=(number,)),
        title=f"Placement {sampled.placement.reference}",
        about=f"{audit}: number {position} of the sample",
        text="Record the result",
    )


@require_GET
def population(request, number):
    """The population as it was drawn from, for whoever draws the sample again."""
    audit = get_object_or_404(Audit.objects.visible_to(request.user), number=number)
    draw = getattr(audit, "sample", None)
    if draw is None:
        raise Http404
    try:
        file = stored_files.open_stored(population_root(), draw.population_digest)
    except stored_files.FileUnavailable:
        raise Http404 from None
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{audit.number}-population.json",
        content_type="application/json",
    )


@require_GET
def checklist(request, number):
    audit = case_of(request.user, number)
    return render(
        request,
        "audits/checklist.html",
        {
            "audit": audit,
            "items": audit.checklist.select_related("requirement").order_by(
                "requirement__position"
            ),
            "may_record": _may_record(request.user, audit),
        },
    )


@require_http_methods(["GET", "POST"])
def checklist_result(request, number, ref):
    audit = case_of(request.user, number)
    item = get_object_or_404(audit.checklist.select_related("requirement"), requirement__ref=ref)
    check_can_work(request.user, audit)
    form = ResultForm(request.POST or None, initial={"result": item.result, "note": item.note})
    return by_form(
        request,
        form,
        lambda: services.record_checklist_result(
            audit_id=audit.pk, ref=ref, by=request.user, **form.cleaned_data
        ),
        done=f"The result for {ref} is recorded.",
        back=reverse("audits:checklist", args=(number,)),
        template="audits/checklist_item.html",
        title=f"{ref}: {item.requirement.theme_title}",
        about=str(audit),
        text="Record the result",
        audit=audit,
        requirement=item.requirement,
    )


def _may_record(user, audit):
    return ("record_result", audit.state) in AUDIT and can(check_can_work, user, audit)
