"""What anybody may read: a question answered, and the template of a file."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from attestations.crosscheck.questions import NothingToAnswerBy, answer_question
from attestations.placements import downloads
from attestations.placements.explaining import edition_in_data
from attestations.placements.forms import AskForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_not_required
@require_safe
def ask(request):
    """One recruitment that has not happened, judged on what is told; the answer has an address."""
    as_data = request.GET.get("format") == "json"
    asked = any(text.strip() for name, text in request.GET.items() if name != "format")
    form = AskForm(request.GET if asked or as_data else None, today=timezone.localdate())
    if not form.is_bound:
        return render(request, "placements/ask.html", {"form": form})
    if not form.is_valid():
        if as_data:
            problems = {name: list(errors) for name, errors in form.errors.items()}
            return JsonResponse({"status": "not_understood", "problems": problems}, status=400)
        return render(request, "placements/ask.html", {"form": form}, status=400)
    try:
        answer = answer_question(form.question)
    except NothingToAnswerBy as silent:
        if as_data:
            return JsonResponse({"status": "cannot_answer", "reason": str(silent)}, status=503)
        form.add_error(None, str(silent))
        return render(request, "placements/ask.html", {"form": form}, status=503)
    if as_data:
        told = {
            "status": "answered",
            "asked": dict(form.question.in_words),
            **answer.as_data(),
            "edition_in_force": edition_in_data(answer.verdict.edition),
        }
        return JsonResponse(told)
    context = {
        "form": form,
        "answer": answer,
        "asked": [{"key": key, "value": value} for key, value in form.question.in_words],
        "answered_on": timezone.localdate(),
        "address": request.get_full_path(),
    }
    return render(request, "placements/ask.html", context)


@login_not_required
@require_safe
def template_csv(request):
    return _attached(downloads.template_csv(), "text/csv; charset=utf-8", "placements-template.csv")


@login_not_required
@require_safe
def template_xlsx(request):
    return _attached(downloads.template_xlsx(), XLSX, "placements-template.xlsx")


def _attached(content, content_type, name):
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
