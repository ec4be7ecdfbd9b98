"""The two shapes of an act on a page: a form that is filled in, and a button."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from agencies.lib.transitions import IllegalTransition


def by_form(request, form, act, *, done, back, template="audits/form.html", **page):
    """Show the form, or act by it; what was typed stays on the page when something is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except IllegalTransition as refused:
            messages.error(request, str(refused))
            return redirect(back)
        except ValidationError as refused:
            form.add_error(None, ValidationError(refused.messages))
        else:
            messages.success(request, done)
            return redirect(back)
    return render(request, template, {"form": form, "back": back, **page})


def by_button(request, act, *, done, back):
    """Act at once; a refusal becomes a message on the page behind."""
    try:
        act()
    except (IllegalTransition, ValidationError) as refused:
        reasons = refused.messages if isinstance(refused, ValidationError) else [str(refused)]
        messages.error(request, " ".join(reasons))
    else:
        messages.success(request, done)
    return redirect(back)
