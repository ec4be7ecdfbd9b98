"""Run as a script in a process of its own: reads a workbook and writes its rows as JSON lines.

A workbook is a ZIP of XML from a stranger: a crafted one takes all memory or all time, and kills
the process that reads it. So the limits are set here first, and nothing of Django is loaded.
"""

import datetime as dt
import json
import resource
import sys


def text_of(cell: object) -> str:
    """A cell as a person would type it; days as YYYY-MM-DD."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        if cell.time() == dt.time():
            return cell.date().isoformat()
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell)


def main(path: str, cpu_seconds: int, memory_bytes: int) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import python_calamine  # noqa: PLC0415 -- after the limits are set

    out = sys.stdout
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        for about in workbook.sheets_metadata:
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
            sheet = workbook.get_sheet_by_name(about.name)
            rows = sheet.total_height
            out.write(json.dumps({"sheet": about.name, "hidden": hidden, "rows": rows}) + "\n")
            if hidden:
                continue
            for row in sheet.iter_rows():
                out.write(json.dumps([text_of(cell) for cell in row]) + "\n")
        out.write(json.dumps({"end": True}) + "\n")
    except python_calamine.PasswordError:
        out.write(json.dumps({"error": "password"}) + "\n")
    except Exception as wrong:  # whatever a crafted file provokes is one answer
        out.write(json.dumps({"error": type(wrong).__name__}) + "\n")
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
