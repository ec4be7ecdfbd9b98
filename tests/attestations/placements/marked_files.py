"""Workbooks made plainly, and files on their way back."""

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import xlsxwriter

from attestations.placements import annotating


def marked(record, folder):
    place = Path(folder) / f"marked-{record.pk}"
    annotating.write_annotated(record, place)
    return place.read_bytes()


def workbook(sheets):
    """A workbook with these sheets: rows of values by name; a name in brackets is hidden."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name.strip("()"))
            if name.startswith("("):
                sheet.hide()
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date | datetime):
                        sheet.write_datetime(at, column, value, day)
                    elif str(value).startswith("<r>"):
                        sheet.write_rich_string(at, column, value[:1], day, value[1:])
                    elif value != "":
                        sheet.write(at, column, value)
    return content.getvalue()
