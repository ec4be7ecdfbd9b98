"""What kind of file this is, by its content and never by its name alone.

Only kinds that evidence and imports need are taken. A file that two programs would read as two
kinds (a PDF that is also a ZIP) is refused, and so is whatever could run. This is no virus scan:
it decides what a file is, not whether every program that opens it is safe.
"""

import codecs
import io
import re
import struct
from collections.abc import Callable, Iterator
from enum import Enum
from typing import BinaryIO

from agencies.lib.zip_files import (
    DEFAULT_LIMITS,
    END,
    ZipBudget,
    ZipLimits,
    ZipRefused,
    zip_budget,
)

__all__ = [
    "DEFAULT_LIMITS",
    "FileKind",
    "FileRefused",
    "ZipBudget",
    "ZipLimits",
    "ZipRefused",
    "kind_of",
    "zip_budget",
]

MOST_PIXELS = 100_000_000
"""Of a picture; a page scanned at 600 dots per inch has 35 million."""

_HEAD, _TAIL, _CHUNK = 4096, 0xFFFF + 22, 1 << 20
_PNG = b"\x89PNG\r\n\x1a\n"
_MARKUP = re.compile(rb"\s*<(?:[a-z!?/])", re.IGNORECASE)
_MARKUP_INSIDE = re.compile(rb"<(?:!doctype\s+html|html|script|svg|iframe|body)\b", re.IGNORECASE)
_PDF_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia)\b")
_PDF_LOCKED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
_TEXT_NAMES = frozenset({"", "txt", "md", "log"})
_TABLE_NAMES = frozenset({"csv", "tsv", "tab"})
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# The frames of a JPEG that say its size (all SOF markers; C4, C8 and CC are tables).
_SIZE_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class FileKind(Enum):
    """A kind that is taken: the type it is served as, and the ending of its name."""

    PDF = ("application/pdf", "pdf")
    PNG = ("image/png", "png")
    JPEG = ("image/jpeg", "jpg")
    TEXT = ("text/plain", "txt")
    CSV = ("text/csv", "csv")
    XLSX = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
    DOCX = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")

    def __init__(self, media_type: str, ending: str) -> None:
        self.media_type = media_type
        self.ending = ending


class FileRefused(ValueError):
    """The file is not of a kind that is taken; the message says what to do."""


_NOT_TAKEN = (
    (b"MZ", "This is a program, not a document."),
    (b"\x7fELF", "This is a program, not a document."),
    (b"\xca\xfe\xba\xbe", "This is a program, not a document."),
    (b"\xcf\xfa\xed\xfe", "This is a program, not a document."),
    (b"#!", "This is a script, not a document."),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "This is a shortcut to a file. Send the file itself."),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        (
            "This is an Office file of the old kind, or locked with a password. "
            "Save it as .docx, .xlsx or PDF, without a password."
        ),
    ),
    (b"Rar!", "This is an archive. Unpack it and send its files one by one."),
    (b"7z\xbc\xaf", "This is an archive. Unpack it and send its files one by one."),
    (b"\x1f\x8b", "This is an archive. Unpack it and send its files one by one."),
    (b"BZh", "This is an archive. Unpack it and send its files one by one."),
    (b"PK\x05\x06", "This is an empty archive. Send the files themselves."),
    (b"PK\x07\x08", "This is one part of an archive. Send the files themselves."),
    (b"GIF8", "This is a GIF picture. Save it as PNG or JPEG."),
    (b"BM", "This is a bitmap picture. Save it as PNG or JPEG."),
    (b"II*\x00", "This is a TIFF picture. Save it as PDF, PNG or JPEG."),
    (b"MM\x00*", "This is a TIFF picture. Save it as PDF, PNG or JPEG."),
    (b"RIFF", "This is a picture or sound of a kind that is not taken. Save it as PNG or JPEG."),
    (b"{\\rtf", "This is a rich text file. Save it as .docx or PDF."),
    (b"%!PS", "This is a PostScript file. Save it as PDF."),
)


def kind_of(
    content: bytes | BinaryIO, name: str = "", *, limits: ZipLimits = DEFAULT_LIMITS
) -> FileKind:
    """The kind of the whole content, or FileRefused with what to do.

    Give all of it (bytes, or a file open for reading, which is left where it was): what makes a
    file two kinds at once stands at its end. The name only tells CSV from plain text.
    """
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    before = file.tell()
    try:
        size = file.seek(0, 2)
        file.seek(0)
        head = file.read(_HEAD)
        file.seek(max(0, size - _TAIL))
        tail = file.read(_TAIL)
        if not head:
            raise FileRefused("This file is empty. Check that it was saved, and send it again.")
        for beginning, check in _CHECKS:
            if head.startswith(beginning):
                return check(file, tail, limits)
        for beginning, sentence in _NOT_TAKEN:
            if head.startswith(beginning) and not _reads_as_text(beginning, head):
                raise FileRefused(sentence)
        if head[4:8] == b"ftyp":
            raise FileRefused("This is a picture or film of a phone. Save it as JPEG.")
        return _text(file, head, name)
    except struct.error as broken:
        raise FileRefused(
            "This file is cut short. Save it again and send the new copy."
        ) from broken
    finally:
        file.seek(before)


def _pdf(file: BinaryIO, tail: bytes, limits: ZipLimits) -> FileKind:
    if b"%%EOF" not in tail[-1024:]:
        raise FileRefused("This PDF is cut short. Save it again and send the new copy.")
    _refuse_two_kinds(tail, "PDF")
    file.seek(0)
    content = file.read()
    if _MARKUP_INSIDE.search(content[:1024]):
        raise FileRefused("This PDF is a web page as well. Print it to a new PDF and send that.")
    if _PDF_LOCKED.search(content):
        raise FileRefused("This PDF is locked. Save it without a password and send it again.")
    if _PDF_ACTIVE.search(content):
        raise FileRefused(
            "This PDF holds a script, an attachment or a command. Print it to a new PDF and send "
            "that."
        )
    return FileKind.PDF


def _png(file: BinaryIO, tail: bytes, limits: ZipLimits) -> FileKind:
    _refuse_two_kinds(tail, "picture")
    file.seek(len(_PNG))
    first = True
    while True:
        header = file.read(8)
        if len(header) < 8:
            raise FileRefused("This picture is cut short. Save it again and send the new copy.")
        length, kind = struct.unpack(">L4s", header)
        if first:
            if kind != b"IHDR" or length != 13:
                raise FileRefused("This picture is damaged. Save it again and send the new copy.")
            _check_pixels(*struct.unpack(">2L", file.read(8)))
            length, first = length - 8, False
        file.seek(length + 4, 1)
        if kind == b"IEND":
            if file.read(1):
                raise FileRefused("Something was added behind this picture. Save it again as PNG.")
            return FileKind.PNG


def _jpeg(file: BinaryIO, tail: bytes, limits: ZipLimits) -> FileKind:
    _refuse_two_kinds(tail, "picture")
    file.seek(2)
    while True:
        marker = file.read(4)
        if len(marker) < 4 or marker[0] != 0xFF:
            raise FileRefused("This picture is damaged. Save it again as JPEG.")
        length = int.from_bytes(marker[2:], "big")
        if marker[1] in _SIZE_FRAMES:
            height, width = struct.unpack(">x2H", file.read(5))
            _check_pixels(width, height)
            break
        file.seek(max(0, length - 2), 1)
    # some cameras pad the end with zeros
    if not tail.rstrip(b"\x00").endswith(b"\xff\xd9"):
        raise FileRefused("This picture is cut short, or has something behind it. Save it again.")
    return FileKind.JPEG


def _office(file: BinaryIO, tail: bytes, limits: ZipLimits) -> FileKind:
    try:
        names = set(zip_budget(file, limits=limits).names)
    except ZipRefused as refused:
        raise FileRefused(str(refused)) from refused
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused("This file holds macros. Save it without them, as .xlsx or .docx.")
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return FileKind.XLSX
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        return FileKind.DOCX
    raise FileRefused("This is an archive. Unpack it and send its files one by one.")


def _text(file: BinaryIO, head: bytes, name: str) -> FileKind:
    ending = name.rpartition(".")[2].casefold() if "." in name else ""
    table = ending in _TABLE_NAMES
    first = True
    for piece in _as_utf8(file, head):
        # a stray control character in a table is an error of its cell, not of the file
        if (b"\x00" in piece) if table else _CONTROLS.search(piece):
            raise FileRefused(
                "This is not a kind of file that is taken. Send a PDF, a picture (PNG or JPEG), a "
                "text in UTF-8, a CSV file, a workbook (.xlsx) or a document (.docx)."
            )
        if first and _MARKUP.match(piece):
            raise FileRefused("This is a web page, a drawing or XML. Print it to PDF.")
        first = False
    if ending not in _TEXT_NAMES | _TABLE_NAMES:
        raise FileRefused(
            f"This is a text, but its name ends in .{ending[:12]}. If it is evidence, save it as "
            ".txt or PDF."
        )
    return FileKind.CSV if table else FileKind.TEXT


def _as_utf8(file: BinaryIO, head: bytes) -> Iterator[bytes]:
    """The text piece by piece; any encoding that keeps ASCII as it is passes unchanged."""
    mark = next((mark for mark in _BYTE_ORDER_MARKS if head.startswith(mark)), b"")
    decoder = codecs.getincrementaldecoder(_BYTE_ORDER_MARKS[mark])() if mark else None
    file.seek(len(mark))
    while True:
        piece = file.read(_CHUNK)
        if decoder is None:
            yield piece
        else:
            try:
                yield decoder.decode(piece, final=not piece).encode("utf-8")
            except UnicodeError as broken:
                raise FileRefused("This text is damaged. Save it again as UTF-8.") from broken
        if not piece:
            return


def _refuse_two_kinds(tail: bytes, kind: str) -> None:
    if END in tail:
        raise FileRefused(f"This {kind} is an archive as well. Save it anew as one thing only.")


def _check_pixels(width: int, height: int) -> None:
    if not width or not height or width * height > MOST_PIXELS:
        raise FileRefused(
            f"This picture is {width:,} by {height:,} dots; at most {MOST_PIXELS // 10**6} million "
            "dots are taken. Make it smaller."
        )


def _reads_as_text(beginning: bytes, head: bytes) -> bool:
    """`BM` and `MZ` begin words too: a text has no control characters, a program always has."""
    return beginning.isalnum() and not _CONTROLS.search(head)


_CHECKS: tuple[tuple[bytes, Callable[[BinaryIO, bytes, ZipLimits], FileKind]], ...] = (
    (b"%PDF-", _pdf),
    (_PNG, _png),
    (b"\xff\xd8\xff", _jpeg),
    (b"PK\x03\x04", _office),
)
