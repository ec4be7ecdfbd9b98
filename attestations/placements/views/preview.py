"""What the page of a file shows of its rows before they are saved.

What is not saved is the agency's own: only those who act for it see the rows.
"""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from attestations.crosscheck.codes import code_of
from attestations.crosscheck.enums import Outcome
from attestations.placements import preview
from attestations.placements.explaining import changes_in_words, findings_of, values_of
from attestations.placements.preview import PAGE, Place, Tab
from attestations.placements.views.outcomes import shown_outcome

NO_ROWS = {
    Tab.ALL: "The file has no rows.",
    Tab.NEW: "No row is new.",
    Tab.CHANGED: "No row changes a placement.",
    Tab.UNCHANGED: "No row says what is stored already.",
    Tab.REFUSED: "No row was refused.",
}
MOST_DIGITS = 10


def shown_preview(asked, record, *, may_act):
    """What the page of a preview shows of its rows; `asked` are the parameters of its address."""
    counts = preview.counted(record)
    tab = Tab(asked["tab"]) if asked.get("tab") in Tab.values else Tab.ALL
    outcome = asked["outcome"] if asked.get("outcome") in list(Outcome) else ""
    code = asked["finding"] if asked.get("finding") in counts.verdicts_by_code else ""
    after = _place_asked(asked)
    rows = (
        preview.page_of(record, tab, counts, outcome=outcome, code=code, after=after)
        if may_act
        else []
    )
    here = reverse(
        "placements:import_detail", args=(record.agency.register_number, record.public_id)
    )
    narrowed = {"tab": tab.value, "outcome": outcome, "finding": code}

    def address(**more):
        said = {name: text for name, text in {**narrowed, **more}.items() if text != ""}
        return f"{here}?{urlencode(said)}#rows"

    last = rows[PAGE - 1].place if len(rows) > PAGE else None
    return {
        "tabs": [
            {
                "text": f"{_(one.label)} ({counts.rows[one]})",
                "href": address(tab=one.value, outcome="", finding=""),
                "current": one is tab,
            }
            for one in Tab
        ],
        "tab": _(tab.label),
        "outcomes": [
            shown_outcome(
                value, many=many, href=address(outcome=value, finding="") if may_act else ""
            )
            for value, many in counts.outcomes_of(tab)
        ],
        "findings": [
            {
                "code": one.code,
                "title": one.title,
                "severity": one.severity,
                "disposition_in_words": one.disposition_in_words,
                "placements": many,
                "href": address(finding=one.code, outcome="") if may_act else "",
            }
            for one, many in counts.findings_of(tab)
        ],
        "narrowed_to": _narrowed_to(outcome, code),
        "whole_tab": address(outcome="", finding=""),
        "preview_rows": [listed_row(record, row) for row in rows[:PAGE]],
        "no_rows": _(NO_ROWS[tab]),
        "previous_url": address() if after != preview.BEGINNING else "",
        "next_url": address(sheet=last.sheet, row=last.row) if last else "",
    }


def _place_asked(asked) -> Place:
    row = asked.get("row", "")
    if not (row.isascii() and row.isdecimal()) or len(row) >= MOST_DIGITS:
        return preview.BEGINNING
    return Place(asked.get("sheet", "").replace("\x00", ""), int(row))


def _narrowed_to(outcome, code):
    if outcome:
        return _(Outcome(outcome).label).capitalize()
    return f"{_(code_of(code).title)} ({code})" if code else ""


def listed_row(record, row):
    """One line of the table: how the row stands and what weighs most; its page tells the rest."""
    listed = {"place": row.place, "standing": _(row.tab.label), "problems": row.problems}
    if row.staged is None:
        return listed
    address = reverse(
        "placements:import_row",
        args=(record.agency.register_number, record.public_id, row.place.row),
    )
    sheet = f"?{urlencode({'sheet': row.place.sheet})}" if row.place.sheet else ""
    gravest, *others = findings_of(row.staged.verdict) or (None,)
    return listed | {
        "reference": row.staged.reference,
        "href": f"{address}{sheet}",
        "outcome": shown_outcome(row.staged.verdict.outcome),
        "gravest": code_of(gravest.code).title if gravest else "",
        "other_findings": len(others),
        "changed": [change["key"] for change in _changes(row)],
    }


def shown_row(row, explainer):
    """All that its own page says of a row that can be taken."""
    return {
        "place": row.place,
        "standing": _(row.tab.label),
        "reference": row.staged.reference,
        "outcome": shown_outcome(row.staged.verdict.outcome),
        "edition": row.staged.verdict.edition_label,
        "explanations": explainer.of(row.staged, row.staged.verdict).explanations,
        "changes": _changes(row),
    }


def _changes(row):
    return changes_in_words(values_of(row.stored), values_of(row.staged)) if row.stored else []
