"""The desk of a regulator: its queue, and one matter with all that bears on it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.enums import CASE_ROLES
from agencies.permissions import holds
from audits.cases import services
from audits.cases.filters import CaseFilter
from audits.cases.forms import HandOnForm, ViewForm
from audits.cases.models import Case, SavedView
from audits.cases.permissions import can_assign
from audits.cases.queries import (
    COUNTED,
    TITLES,
    Tab,
    colleagues,
    counts_of,
    news_of,
    others_of,
    page_of,
    queue_of,
    verdicts_of,
)
from audits.cases.reckoning import LEVELS, in_words, risks_of
from audits.cases.wording import clock_in_words, due_in_words, tone_of
from audits.history import in_words as history_in_words
from audits.views.acting import by_button

A_PAGE = 50
LONGEST_QUERY = services.LONGEST_QUERY
# what a saved view remembers; the page one was on is not part of it
REMEMBERED = ("tab", "kind", "stage", "due", "q")


@require_safe
def queue(request):
    """What waits for this person's regulators, under tabs, narrowed by what the address says."""
    _only_for_the_desk(request.user)
    today = timezone.localdate()
    tab = _tab(request)
    cases = queue_of(request.user, tab, today).select_related("agency", "assignee", "regulator")
    narrowed = CaseFilter(request.GET, queryset=cases, today=today)
    shown = Paginator(narrowed.qs, A_PAGE).get_page(request.GET.get("page"))
    query = _remembered(request.GET)
    page = {
        "tabs": _tabs(tab, counts_of(request.user, today)),
        "tab": tab,
        "title": TITLES[tab],
        "filter": narrowed,
        "is_narrowed": any(query.get(name) for name in REMEMBERED if name != "tab"),
        "lines": _lines(shown.object_list, today),
        "many": shown.paginator.count,
        "views": SavedView.objects.filter(user=request.user),
        "view_form": ViewForm(initial={"query": query.urlencode()}),
        "previous_url": _page_url(query, shown.number - 1) if shown.has_previous() else "",
        "next_url": _page_url(query, shown.number + 1) if shown.has_next() else "",
    }
    return render(request, "cases/queue.html", page)


@require_safe
def case(request, public_id):
    """One matter: what it is, what is new, whose it is, its clock, and what else bears on it."""
    matter = _case(request.user, public_id)
    today = timezone.localdate()
    risk = risks_of([matter.agency_id] if matter.agency_id else [], today).get(matter.agency_id)
    news = news_of(matter, request.user)
    others = list(others_of(matter, request.user))
    staff = colleagues(matter.regulator, CASE_ROLES)
    page = {
        "case": matter,
        "clock": clock_in_words(matter, today),
        "due": due_in_words(matter.due_on, today),
        "tone": tone_of(matter.due_on, today),
        "work_page": page_of(matter),
        "risk": _risk(risk),
        "since": history_in_words(news.since),
        "before": history_in_words(news.before),
        "last": news.last,
        "seen_at": news.seen_at,
        "others": [(other, due_in_words(other.due_on, today)) for other in others],
        "verdicts": verdicts_of(matter.agency) if matter.agency else [],
        "may_assign": can_assign(request.user, matter) and matter.closed_at is None,
        "form": HandOnForm(
            colleagues=staff,
            initial={"to": matter.assignee_id, "held_by": matter.assignee_id},
        ),
    }
    return render(request, "cases/case.html", page)


@require_POST
def take(request, public_id):
    """The matter becomes mine, as long as it is still held as the page said."""
    matter = _case(request.user, public_id)
    held_by = _number(request.POST.get("held_by"))
    return by_button(
        request,
        lambda: services.assign_case(
            case_id=matter.pk, to_id=request.user.pk, held_by_id=held_by, by=request.user
        ),
        done=_("%(matter)s is yours.") % {"matter": matter},
        back=_back(request, matter),
    )


@require_POST
def hand_on(request, public_id):
    """To a colleague, or back to the team."""
    matter = _case(request.user, public_id)
    form = HandOnForm(request.POST, colleagues=colleagues(matter.regulator, CASE_ROLES))
    if not form.is_valid():
        messages.error(request, _("Choose a colleague from the list, or nobody."))
        return redirect(_address(matter))
    to = form.cleaned_data["to"]
    return by_button(
        request,
        lambda: services.assign_case(
            case_id=matter.pk,
            to_id=to.pk if to else None,
            held_by_id=form.cleaned_data["held_by"],
            by=request.user,
        ),
        done=_("The matter is with %(who)s.") % {"who": to or _("the team")},
        back=_address(matter),
    )


@require_POST
def mark_seen(request, public_id):
    matter = _case(request.user, public_id)
    upto = min(_number(request.POST.get("position")) or 0, news_of(matter, request.user).last)
    services.mark_seen(case=matter, position=upto, at=timezone.now(), by=request.user)
    messages.success(request, _("What came up so far is marked as seen."))
    return redirect(_address(matter))


@require_POST
def save_view(request):
    _only_for_the_desk(request.user)
    form = ViewForm(request.POST)
    query = _remembered(QueryDict(request.POST.get("query", "")[:LONGEST_QUERY]))
    back = f"{reverse('cases:queue')}?{query.urlencode()}"
    if not form.is_valid():
        messages.error(request, " ".join(form.errors.get("name", ())))
        return redirect(back)
    return by_button(
        request,
        lambda: services.save_view(
            name=form.cleaned_data["name"],
            query=query.urlencode(),
            at=timezone.now(),
            by=request.user,
        ),
        done=_("The view is saved."),
        back=back,
    )


@require_POST
def remove_view(request, public_id):
    view = get_object_or_404(SavedView, public_id=public_id, user=request.user.pk)
    services.remove_view(view=view, by=request.user)
    messages.success(request, _("The view “%(name)s” is removed.") % {"name": view.name})
    return redirect("cases:queue")


def _only_for_the_desk(user):
    """Somebody who is named on an audit has matters to look at, too."""
    if not holds(user, *CASE_ROLES) and not Case.objects.visible_to(user).exists():
        raise Http404


def _case(user, public_id):
    seen = Case.objects.visible_to(user).select_related(
        "agency__regulator", "regulator", "assignee", "audit"
    )
    return get_object_or_404(seen, public_id=public_id)


def _address(matter):
    return reverse("cases:case", args=(matter.public_id,))


def _back(request, matter):
    """To the queue as it was, where the act was done there."""
    if "query" not in request.POST:
        return _address(matter)
    query = _remembered(QueryDict(request.POST["query"][:LONGEST_QUERY]))
    return f"{reverse('cases:queue')}?{query.urlencode()}"


def _tab(request):
    try:
        return Tab(request.GET.get("tab", Tab.MINE))
    except ValueError:
        return Tab.MINE


def _tabs(current, counts):
    return [
        {
            "text": f"{TITLES[tab]} ({_count(counts[tab])})" if tab in counts else TITLES[tab],
            "href": f"{reverse('cases:queue')}?tab={tab}",
            "current": tab == current,
        }
        for tab in Tab
    ]


def _count(number):
    return f"{COUNTED:,}+" if number > COUNTED else f"{number}"


def _lines(cases, today):
    risks = risks_of([each.agency_id for each in cases if each.agency_id], today)
    return [
        {
            "case": each,
            "due": due_in_words(each.due_on, today),
            "tone": tone_of(each.due_on, today),
            "risk": _risk(risks.get(each.agency_id)),
        }
        for each in cases
    ]


def _risk(risk):
    if risk is None:
        return None
    word, tone = LEVELS[risk.level]
    return {"word": word, "tone": tone, "reasons": [in_words(reason) for reason in risk.reasons]}


def _remembered(query):
    kept = QueryDict(mutable=True)
    for name in REMEMBERED:
        if value := query.get(name):
            kept[name] = value
    return kept


def _page_url(query, number):
    query = query.copy()
    query["page"] = number
    return f"?{query.urlencode()}"


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
