"""The two shapes of an act on a page: a form that is filled in, and a button."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.shortcuts import redirect, render

from agencies.lib.transitions import IllegalTransition


def by_form(request, form, act, *, done, back, template="agencies/form.html", **page):
    """Show the form, or act by it; what was typed stays on the page when something is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except IllegalTransition as refused:
            messages.error(request, str(refused))
            return redirect(back)
        except ValidationError as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, done)
            return redirect(back)
    return render(request, template, {"form": form, "back": back, **page})


def by_button(request, act, *, done, back):
    """Act at once; a refusal becomes a message on the page behind."""
    try:
        act()
    except IllegalTransition as refused:
        messages.error(request, str(refused))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, done)
    return redirect(back)


def show_refusal(form, refused):
    """What an act refused, beside the field it is about where the form has that field."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        known = name if name != NON_FIELD_ERRORS and name in form.fields else None
        form.add_error(known, ValidationError(errors))
