"""What a person at the desk reads of a matter: how long there is, and where the clock stands."""

from datetime import date

from django.utils.translation import gettext, ngettext

from audits.cases.enums import WaitsOn


def due_in_words(due_on: date | None, today: date) -> str:
    """Days left or over, counted from `today`."""
    if due_on is None:
        return gettext("No day is set")
    days = (due_on - today).days
    if days > 0:
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    if days == 0:
        return gettext("Due today")
    return ngettext("%(days)d day over", "%(days)d days over", -days) % {"days": -days}


def tone_of(due_on: date | None, today: date) -> str:
    """The colour beside those words, which say the same without it."""
    if due_on is None:
        return "grey"
    days = (due_on - today).days
    return "red" if days < 0 else "orange" if days <= 7 else "blue"


def clock_in_words(case, today: date) -> str:
    """Whose days run, and why ours stand still where they do."""
    if case.closed_at:
        return gettext("The clock has stopped: the matter is closed.")
    if case.waits_on == WaitsOn.REGULATOR:
        if case.due_on is None:
            return gettext("No clock runs: this stage has no day of its own.")
        return gettext("Our clock runs: %(due)s.") % {"due": due_in_words(case.due_on, today)}
    still = gettext("Our clock stands still: it waits for the other side (%(stage)s).") % {
        "stage": case.get_stage_display().lower()
    }
    if case.days_left is None:
        return still
    left = ngettext(
        "%(days)d of our days is left.", "%(days)d of our days are left.", case.days_left
    ) % {"days": case.days_left}
    return f"{still} {left}"
