"""A file of placements as rows of texts, whatever it came as, with the rows' own numbers.

Budgets are checked before anything is parsed, and whatever cannot be read says why and where. A
row has the number that a spreadsheet shows for it: the header is 1, and a record of a CSV file
that runs over several lines is one row.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from charset_normalizer import from_bytes

from agencies.lib.zip_files import ZipLimits, ZipRefused, zip_budget
from attestations.placements.layout import recognised

MOST_COLUMNS = 250
LONGEST_FIELD = 128 * 1024
MOST_LINES = 20_000_000

_CHUNK = 1 << 20
_AT_ONCE = 1_000
_SAMPLE = 256 * 1024
_DELIMITERS = ",;\t|"
_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_HEAD = 256
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|\?xml|html|table|!--)", re.IGNORECASE)
# what tells other kinds of ZIP files from a workbook: an entry, and what it is then
_OTHER_ARCHIVES = (
    ("xl/workbook.bin", "a workbook in the binary .xlsb format"),
    ("content.xml", "a document in an OpenDocument format (.ods or .odt)"),
    ("word/document.xml", "a text document"),
    ("ppt/presentation.xml", "a presentation"),
    ("index/document.iwa", "a document of Numbers or Pages"),
)
# what Excel writes, and understands, before the header
_SEPARATOR_LINE = re.compile(r"\"?sep=([^\w\s\"']|\t)\"?(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
_HEADER_WITHIN = 20
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# the same without a mark: which of so many bytes are zero in plain letters, the first one lowest
_ZEROS_OF_WIDE_TEXT = {
    "utf-32-le": (0b1110, 4),
    "utf-32-be": (0b0111, 4),
    "utf-16-le": (0b10, 2),
    "utf-16-be": (0b01, 2),
}
_WIDE_SAMPLE = 32
_STRAY_BYTE = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_WESTERN, _CENTRAL_EUROPEAN = "cp1252", "cp1250"
# bytes that are £ ¥ ¯ ³ ¹ ¼ ¾ in the one and Ł Ą Ż ł ą Ľ ľ in the other, where a word goes on
_CENTRAL_EUROPEAN_WORD = re.compile(rb"[\xa3\xa5\xaf\xb3\xb9\xbc\xbe](?=[a-z]{2})")
# what spreadsheets save text as where it is not UTF-8; anything rarer is asked to be saved again
_ENCODINGS = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("iso8859_15", "mac_roman", "cp932", "gb18030", "big5", "cp949", "utf_16_le", "utf_16_be"),
]
_OTHER_KINDS = (
    (b"%PDF-", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "a workbook in the old .xls format, or one with a password"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"{\\rtf", "a text document"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)


class FileUnreadable(ValueError):
    """The file cannot be read; the message says why, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a file may be, before it is opened."""

    file_bytes: int
    unpacked_bytes: int
    unpack_ratio: int
    rows: int
    cpu_seconds: int
    memory_bytes: int


@dataclass(slots=True)
class Sheet:
    """One table: its name ('' in a CSV file) and its rows with their numbers.

    `notes` are what was noticed about this sheet alone; they matter only where it is taken.
    """

    name: str
    rows: Iterator[tuple[int, list[str]]]
    expected: int = 0
    hidden: bool = False
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Spreadsheet:
    """An opened file: its sheets, one after the other, and what was noticed on opening."""

    sheets: Iterator[Sheet]
    notes: list[str] = field(default_factory=list)


def kind_of(path: Path, budget: Budget) -> str:
    """`csv` or `xlsx`, by what is in the file and not by its name."""
    size = path.stat().st_size
    if size > budget.file_bytes:
        raise FileUnreadable(
            f"The file has {size // 1024**2} MB; {budget.file_bytes // 1024**2} MB are taken. "
            "Split it and send the parts one after the other."
        )
    if size == 0:
        raise FileUnreadable("The file is empty.")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PK"):
        check_archive(path, budget)
        return "xlsx"
    for magic, what in _OTHER_KINDS:
        if head.startswith(magic):
            raise FileUnreadable(
                f"This is {what}. Save the table as CSV (UTF-8) or as a workbook (.xlsx)."
            )
    if _MARKUP.match(head):
        raise FileUnreadable(
            "This is a web page or another document in XML, whatever its name says. Open it in "
            "your spreadsheet program and save the table as CSV (UTF-8) or as a workbook (.xlsx)."
        )
    return "csv"


def check_archive(path: Path, budget: Budget) -> None:
    """Refuses what is no plain workbook, or unpacks to more than the budget."""
    limits = ZipLimits(unpacked=budget.unpacked_bytes, ratio=budget.unpack_ratio, ratio_from=_CHUNK)
    try:
        found = zip_budget(path, limits=limits)
    except ZipRefused as refused:
        raise FileUnreadable(f"{refused} Or save the table as CSV (UTF-8).") from refused
    names = {name.casefold() for name in found.names}
    for name, what in _OTHER_ARCHIVES:
        if name in names:
            raise FileUnreadable(
                f"This is {what}. Save the table as a workbook (.xlsx) or as CSV (UTF-8)."
            )
    if "xl/vbaproject.bin" in names:
        raise FileUnreadable(
            "This workbook holds macros (.xlsm), which are not taken. Save it as a workbook "
            "without macros (.xlsx) or as CSV (UTF-8)."
        )
    if "xl/workbook.xml" not in names:
        raise FileUnreadable(
            "This is a ZIP file but no workbook (.xlsx). Save the table as .xlsx or as CSV (UTF-8)."
        )


@contextmanager
def open_csv(path: Path) -> Iterator[Spreadsheet]:
    """A CSV file as one sheet: encoding and delimiter are found, and said where not the usual."""
    encoding, notes, lines = _encoding_of(path)
    with path.open(encoding=encoding, newline="", errors="strict") as file:
        head = file.read(_SAMPLE)
        file.seek(0)
        separator = _SEPARATOR_LINE.match(head)
        if separator:
            file.readline()
            delimiter = separator[1]
        else:
            delimiter = _delimiter_of(head)
        if delimiter != ",":
            notes.append(
                f"Columns are taken apart at each {_DELIMITER_NAMES.get(delimiter, delimiter)}."
            )
        sheet = Sheet(name="", rows=_records(file, delimiter), expected=max(lines - 1, 0))
        yield Spreadsheet(sheets=iter([sheet]), notes=notes)


def _encoding_of(path: Path) -> tuple[str, list[str], int]:
    """UTF-8 if all of it is; else what its marks or its letters say, if all of it is that."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding, [f"The text is read as {encoding.upper()}."], _decoded(path, encoding)
    wide = _wide_encoding_of(head)
    if wide:
        return wide, [f"The text is read as {wide.upper()}."], _decoded(path, wide)
    try:
        return "utf-8-sig", [], _decoded(path, "utf-8-sig")
    except FileUnreadable as refused:
        wrong = refused
    if _mostly_utf_8(path):
        raise FileUnreadable(
            f"{wrong} The rest of the file is in UTF-8: probably texts of two files were put "
            "together."
        )
    with path.open("rb") as file:
        sample = file.read(4 * _SAMPLE)
    guesses = from_bytes(sample, cp_isolation=_ENCODINGS)
    best = guesses.best()
    if best is None:
        raise wrong
    # what most spreadsheets write in the West, wherever it makes as good a text as any other
    likely = any(_WESTERN in guess.could_be_from_charset for guess in guesses)
    encoding = _WESTERN if likely else best.encoding
    if likely and _CENTRAL_EUROPEAN_WORD.search(sample):
        encoding = _CENTRAL_EUROPEAN
    note = (
        f"The file is not in UTF-8: its text is read as {encoding}. Look whether names of "
        "employers are as you wrote them; if not, save the table as CSV (UTF-8)."
    )
    return encoding, [note], _decoded(path, encoding)


def _wide_encoding_of(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: in a header of plain letters every second byte is zero."""
    start = head[:_WIDE_SAMPLE]
    for encoding, (zeros, step) in _ZEROS_OF_WIDE_TEXT.items():
        places = [start[at::step] for at in range(step)]
        if len(start) >= 2 * step and all(
            (place.count(0) == len(place)) if zeros >> at & 1 else 0 not in place
            for at, place in enumerate(places)
        ):
            return encoding
    return None


def _mostly_utf_8(path: Path) -> bool:
    """Whether more letters stand in valid UTF-8 than bytes that are none: no other encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    letters = stray = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            if not text.isascii():
                found = len(_STRAY_BYTE.findall(text))
                stray += found
                letters += len(_BEYOND_ASCII.findall(text)) - found
    return letters > stray


def _decoded(path: Path, encoding: str) -> int:
    """Reads all of the file in this encoding and returns how many lines it has."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    ends_with = ""
    chunk = b""
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                text = decoder.decode(chunk)
                lines += text.count("\n") or text.count("\r")
                ends_with = text[-1:] or ends_with
                if lines > MOST_LINES:
                    raise FileUnreadable(
                        f"The file has more than {MOST_LINES:,} lines. Delete the empty rows "
                        "below the table, or split it."
                    )
            decoder.decode(b"", final=True)
    except UnicodeError as wrong:
        before = chunk[: wrong.start] if isinstance(wrong, UnicodeDecodeError) else b""
        lines += before.count(b"\n") or before.count(b"\r")
        raise FileUnreadable(
            f"Near line {lines + 1} there are bytes that are not text in any encoding we know. "
            "Save the table as CSV (UTF-8) and send that."
        ) from wrong
    return lines + (ends_with not in "\r\n")


def _delimiter_of(head: str) -> str:
    """The delimiter under which one of the first records holds most of our columns."""

    def worth(delimiter: str) -> tuple[int, int]:
        records = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        others = set(_DELIMITERS) - {delimiter}
        best = (0, 0)
        try:
            for record in islice(records, _HEADER_WITHIN):
                # a cell that keeps another delimiter was not taken apart
                whole = [cell for cell in record if not others.intersection(cell.strip())]
                best = max(best, (recognised(whole), len(record)))
        except csv.Error:
            pass
        return best

    return max(_DELIMITERS, key=worth)


def _records(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_FIELD)
    records = enumerate(csv.reader(lines, delimiter=delimiter, strict=True), start=1)
    row = 0
    while True:
        # what was read before an error stays, and says in which row it came
        read: list[tuple[int, list[str]]] = []
        try:
            read.extend(islice(records, _AT_ONCE))
        except csv.Error as wrong:
            raise FileUnreadable(_words_for(str(wrong), row + len(read) + 1)) from wrong
        if not read:
            return
        if max(len(record) for _, record in read) > MOST_COLUMNS:
            for row, record in read:
                check_width(record, row)
        yield from read
        row = read[-1][0]


def _words_for(error: str, row: int) -> str:
    if "field larger" in error:
        return (
            f"Row {row} holds a cell of more than {LONGEST_FIELD:,} characters. Shorten it; or "
            "close the quotation mark, if one opens there and the rest of the file reads as one "
            "cell."
        )
    if "unexpected end of data" in error:
        return (
            f"Row {row} holds a quotation mark that opens and is not closed, so that the rest of "
            "the file reads as one cell. Close it and send the file again."
        )
    if "expected after" in error:
        return (
            f"Row {row} holds a quotation mark in the middle of a cell. Write it twice, or put the "
            "whole cell into quotation marks."
        )
    return f"Row {row} cannot be read as CSV ({error}). Save the table again as CSV (UTF-8)."


def check_width(record: Sequence[str], row: int) -> None:
    if len(record) > MOST_COLUMNS:
        raise FileUnreadable(too_wide(len(record), row))


def too_wide(columns: int, row: int) -> str:
    return f"Row {row} has {columns} columns; {MOST_COLUMNS} are taken. Is this the right file?"
