"""Files drawn by a seed: a valid table over all columns, known faults in known cells, any dialect.

Whoever draws a file knows its faults by their places in the spreadsheet's own numbers, so that a
test can ask whether exactly those are reported.
"""

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from random import Random

import xlsxwriter

from attestations.placements.columns import COLUMNS, Kind

DAYS = [column.name for column in COLUMNS if column.kind is Kind.DAY]
COUNTRIES = ["Philippines", "IND", "Ghana", "NGA", "Côte d'Ivoire", "Nepal", "KEN", "Peru"]
DESTINATIONS = ["Ireland", "DEU", "Canada", "Norway", "AUS"]
OCCUPATIONS = ["2221", "2211", "3221", "Registered nurses", "5322", "2264"]
MODES = ["agency", "EMPLOYER", "online ad", "direct", "Facilitated", "g2g", "", "unknown"]
FEES = ["none", "visa 120; medical 80", "placement fee EUR 1500.50", "", "yes"]
REPAYMENTS = ["none", "flight; visa; disclosed yes; tapers no", "", "training"]
EMPLOYERS = ["Example Hospital", "Krankenhaus Köln", 'The "Old" Ward, 7', "Two\nlines", ""]
NOTES = ["x", "", "our own; kept | aside", "7"]

WRONG_COUNTRIES = ["Irland", "Philippnes", "Zimbabwee", "Nigerria", "Congo", "Gahna", "Nowhere"]
WRONG_OCCUPATIONS = ["nurce", "9999", "midwifes", "22"]
WRONG_DAYS = ["05/04/2024", "2023-02-30", "31/12/2023", "1 May 2024", "1999-12-31", "2099-01-01"]
WRONG_DAYS += ["2024-13-01", "soon", "2024-05-10 12:30", "4.5.24"]
# characters that XML can hold as well
HIDDEN = ["\u202e", "\x9f", "\u2066"]

FAULTS = {
    Kind.REFERENCE: [("", "missing_reference"), ("R" * 61, "too_long"), ("a@b.org", "personal")],
    Kind.COUNTRY: [(text, "unknown_country") for text in WRONG_COUNTRIES],
    Kind.DESTINATION: [(text, "unknown_country") for text in WRONG_COUNTRIES],
    Kind.PART: [("x" * 21, "too_long")],
    Kind.MONTHS: [(text, "not_a_number") for text in ("a year", "-1", "1201", "12.5", "1e2")],
    Kind.OCCUPATION: [(text, "unknown_occupation") for text in WRONG_OCCUPATIONS],
    Kind.OCCUPATIONS: [("2221; nurce", "unknown_occupation"), ("2221, 99", "unknown_occupation")],
    Kind.MODE: [(text, "unknown_mode") for text in ("agancy", "by boat", "7")],
    Kind.YES_NO: [(text, "not_yes_or_no") for text in ("maybe", "2", "yes and no")],
    Kind.DAY: [(text, "not_a_date") for text in WRONG_DAYS],
    Kind.FEES: [(text, "not_an_amount") for text in ("visa 12 34", "1,200", "1.2.3", "fee 5-7")],
    Kind.REPAYMENT: [("flight; disclosed perhaps", "not_yes_or_no"), ("x" * 61, "too_long")],
    Kind.TEXT: [("x" * 201, "too_long"), ("x" * 2001, "too_long")],
}
for faults in FAULTS.values():
    faults += [(text, "spreadsheet_error") for text in ("#REF!", "#N/A", "########")]


@dataclass(slots=True)
class Table:
    """Rows as they should be and as they are; faults by (row of the table, our column's name)."""

    names: list[str]
    right: list[dict[str, str]]
    written: list[dict[str, str]]
    faults: dict[tuple[int, str], str] = field(default_factory=dict)
    extra: dict[int, list[str]] = field(default_factory=dict)
    repeated: set[int] = field(default_factory=set)

    def refused(self, kind: str) -> set[int]:
        """The rows that are not taken, without those whose reference is repeated."""
        wrong = {at for at, _ in self.faults} | set(self.too_long(kind))
        return wrong - self.repeated

    def too_long(self, kind: str) -> list[int]:
        """Cells beside the table have moved a row of a CSV file, and are notes in a workbook."""
        return list(self.extra) if kind == "csv" else []


@dataclass(slots=True)
class Dialect:
    """How a table is written: the same for each upload of it."""

    kind: str
    delimiter: str
    encoding: str
    line_end: str
    rows_above: int
    blank_after: set[int]
    sheet: str
    first_column: int
    days_as_numbers: bool
    epoch_1904: bool

    def row_of(self, at: int) -> int:
        """The number that a spreadsheet shows for a row of the table."""
        above = sum(before < at for before in self.blank_after)
        return self.rows_above + 2 + at + above


def table(draw: Random, *, faults: int) -> Table:
    """A valid table with so many faults in it; a repeated reference is one."""
    rows = draw.randrange(8, 25)
    names = [column.name for column in COLUMNS]
    draw.shuffle(names)
    right = [_row(draw, at) for at in range(rows)]
    made = Table(names, right, [dict(row) for row in right])
    for _ in range(faults):
        draw.choices([_spoil_cell, _repeat_reference, _add_cells], weights=[10, 1, 1])[0](
            draw, made
        )
    return made


def dialect(draw: Random, kind: str, rows: int) -> Dialect:
    return Dialect(
        kind=kind,
        delimiter=draw.choice(",;\t|"),
        encoding=draw.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]),
        line_end=draw.choice(["\n", "\r\n", "\r"]),
        rows_above=draw.choice([0, 0, 0, 3]),
        blank_after={draw.randrange(rows) for _ in range(draw.randrange(3))},
        sheet=draw.choice(["Sheet1", "2024 & “others”", "Übersicht"]),
        first_column=draw.choice([0, 0, 2]),
        days_as_numbers=draw.random() < 0.5,
        epoch_1904=draw.random() < 0.3,
    )


def _row(draw: Random, at: int) -> dict[str, str]:
    day = dt.date(2019, 1, 1) + dt.timedelta(days=draw.randrange(2400))
    in_england = draw.random() < 0.3
    said = {
        "reference": f"R-{at:04d}",
        "destination": "England" if in_england else draw.choice(DESTINATIONS),
        "destination_part": "England" if in_england and draw.random() < 0.5 else "",
        "months_resident": draw.choice(["", "0", "36", "1200"]),
        "other_occupations": draw.choice(["", "2222; 3221", "2222, 3221", "none"]),
        "mode": draw.choice(MODES),
        "fees": draw.choice(FEES),
        "repayment": draw.choice(REPAYMENTS),
        "agreement": draw.choice(["", "", "BLA-1"]),
        "employer": draw.choice(EMPLOYERS),
        "evidence_reference": draw.choice(["", "file 17, folder B"]),
    }
    for column in COLUMNS:
        if column.kind is Kind.COUNTRY:
            said[column.name] = draw.choice(COUNTRIES)
        elif column.kind is Kind.OCCUPATION:
            said[column.name] = draw.choice(OCCUPATIONS)
        elif column.kind is Kind.YES_NO:
            said[column.name] = draw.choice(["yes", "No", "unknown", ""])
        elif column.kind is Kind.DAY:
            later = day + dt.timedelta(days=draw.randrange(90))
            said[column.name] = day.isoformat() if column.required else later.isoformat()
    return said


def _spoil_cell(draw: Random, made: Table) -> None:
    free = [at for at in range(len(made.right)) if at not in made.repeated and at not in made.extra]
    if not free:
        return
    at, column = draw.choice(free), draw.choice(COLUMNS)
    if (at, column.name) in made.faults:
        return
    right = made.right[at][column.name]
    text, code = draw.choice(FAULTS[column.kind])
    if draw.random() < 0.1:
        text, code = f"{right[:5]}{draw.choice(HIDDEN)}x", "characters"
    elif column.name == "destination_part" and made.right[at]["destination"] == "England":
        if (at, "destination") in made.faults:
            return
        text, code = "Scotland", "two_parts"
    elif column.name == "destination" and (at, "destination_part") in made.faults:
        return
    made.written[at][column.name] = text
    made.faults[at, column.name] = code


def _repeat_reference(draw: Random, made: Table) -> None:
    touched = {at for at, _ in made.faults} | set(made.extra) | made.repeated
    free = [at for at in range(len(made.right)) if at not in touched]
    if len(free) < 2:
        return
    first, second = draw.sample(free, 2)
    made.written[second]["reference"] = f" {made.right[first]['reference']} "
    made.repeated |= {first, second}
    made.faults[first, "reference"] = made.faults[second, "reference"] = "duplicate"


def _add_cells(draw: Random, made: Table) -> None:
    touched = {at for at, _ in made.faults} | made.repeated
    free = [at for at in range(len(made.right)) if at not in touched]
    if free:
        made.extra[draw.choice(free)] = ["one", "more"]


def written(made: Table, how: Dialect) -> bytes:
    """The file, with a column of the agency's own."""
    return (_workbook if how.kind == "xlsx" else _csv)(made, how)


def _csv(made: Table, how: Dialect) -> bytes:
    lines = [""] * how.rows_above + [_line([*made.names, "our own"], how)]
    for at, row in enumerate(made.written):
        cells = [row[name] for name in made.names]
        lines.append(_line([*cells, NOTES[at % len(NOTES)], *made.extra.get(at, [])], how))
        if at in how.blank_after:
            lines.append(how.delimiter * 3 if at % 2 else "")
    return "".join(line + how.line_end for line in lines).encode(how.encoding)


def _line(cells: list[str], how: Dialect) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=how.delimiter).writerow(cells)
    return text.getvalue().removesuffix("\r\n")


def _workbook(made: Table, how: Dialect) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"date_1904": how.epoch_1904}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        book.add_worksheet("Read me").write_column(0, 0, ["How to fill this in", "", "Row by row"])
        sheet = book.add_worksheet(how.sheet)
        for n, name in enumerate([*made.names, "our own"]):
            sheet.write_string(how.rows_above, how.first_column + n, name)
        for at, row in enumerate(made.written):
            for n, name in enumerate(made.names):
                place = (how.row_of(at) - 1, how.first_column + n)
                as_number = how.days_as_numbers and name in DAYS
                if as_number and row[name] == made.right[at][name]:
                    sheet.write_datetime(*place, dt.date.fromisoformat(row[name]), day)
                elif name == "months_resident" and row[name].isdecimal():
                    sheet.write_number(*place, int(row[name]))
                else:
                    sheet.write_string(*place, row[name])
            rest = [NOTES[at % len(NOTES)], *made.extra.get(at, [])]
            sheet.write_row(how.row_of(at) - 1, how.first_column + len(made.names), rest)
    return content.getvalue()
