import io
import struct
import zipfile
import zlib

import pytest
import xlsxwriter
from PIL import Image

from agencies.lib.file_kinds import FileKind, FileRefused, kind_of
from agencies.lib.zip_files import ZipLimits

PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"


def picture(kind, mode="RGB", size=(3, 2), **options):
    made = io.BytesIO()
    Image.new(mode, size).save(made, kind, **options)
    return made.getvalue()


def archive(parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as container:
        for name in parts:
            container.writestr(name, b"<x/>")
    return made.getvalue()


def workbook():
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        book.add_worksheet().write(0, 0, "reference")
    return made.getvalue()


PNG, JPEG, XLSX = picture("PNG"), picture("JPEG"), workbook()
DOCX = archive(["[Content_Types].xml", "word/document.xml"])


def huge_png():
    header = b"IHDR" + struct.pack(">2L5B", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">L", 13)
        + header
        + struct.pack(">L", zlib.crc32(header))
    )


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        pytest.param(PDF, "licence.pdf", FileKind.PDF, id="PDF"),
        pytest.param(PDF, "licence.exe", FileKind.PDF, id="the name does not decide"),
        pytest.param(PNG, "", FileKind.PNG, id="PNG"),
        pytest.param(picture("PNG", "P"), "", FileKind.PNG, id="PNG with a palette"),
        pytest.param(JPEG, "", FileKind.JPEG, id="JPEG"),
        pytest.param(picture("JPEG", progressive=True), "", FileKind.JPEG, id="progressive JPEG"),
        pytest.param(JPEG + b"\x00" * 9, "", FileKind.JPEG, id="JPEG padded by a camera"),
        pytest.param(XLSX, "placements.xlsx", FileKind.XLSX, id="XLSX"),
        pytest.param(XLSX, "placements.csv", FileKind.XLSX, id="XLSX named .csv"),
        pytest.param(DOCX, "a.docx", FileKind.DOCX, id="DOCX"),
        pytest.param(b"reference,source\n1,GHA\n", "a.csv", FileKind.CSV, id="CSV"),
        pytest.param(b"a\tb\n", "a.TSV", FileKind.CSV, id="TSV"),
        pytest.param(b"a,b\n\x01,2\n", "a.csv", FileKind.CSV, id="a control in one cell"),
        pytest.param(b"We agree.\r\n", "a.txt", FileKind.TEXT, id="text"),
        pytest.param("é".encode("cp1252"), "a.txt", FileKind.TEXT, id="text in an old encoding"),
        pytest.param("\ufeffé".encode(), "a.csv", FileKind.CSV, id="UTF-8 with a mark"),
        pytest.param("é,b".encode("utf-16"), "a.csv", FileKind.CSV, id="UTF-16 with a mark"),
        pytest.param("国名,国".encode("shift-jis"), "a.csv", FileKind.CSV, id="Shift-JIS"),
        pytest.param(b"MZ and BM are letters", "a.txt", FileKind.TEXT, id="letters only"),
        pytest.param(b"1 < 2", "a.txt", FileKind.TEXT, id="a less-than sign"),
        pytest.param(b"name\n<script>alert(1)</script>\n", "a.csv", FileKind.CSV, id="in a cell"),
    ],
)
def test_the_content_decides(content, name, kind):
    assert kind_of(content, name) is kind
    assert kind_of(io.BytesIO(content), name) is kind


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        pytest.param(b"", "a.pdf", "This file is empty", id="zero bytes"),
        pytest.param(b"\x00", "a.csv", "not a kind of file that is taken", id="a NUL"),
        pytest.param(b"\x00\x01\x02", "a", "not a kind of file that is taken", id="binary"),
        pytest.param(b"MZ\x90\x00\x03", "a.pdf", "This is a program", id="EXE"),
        pytest.param(b"\x7fELF\x02\x01", "a.pdf", "This is a program", id="ELF"),
        pytest.param(b"#!/bin/sh\n", "a.txt", "This is a script", id="script"),
        pytest.param(
            b"L\x00\x00\x00\x01\x14\x02\x00\x00", "a.pdf", "This is a shortcut", id="shortcut"
        ),
        pytest.param(b"<!DOCTYPE html><p>", "a.txt", "This is a web page", id="HTML"),
        pytest.param(b" \n<html>", "a.csv", "This is a web page", id="HTML behind blanks"),
        pytest.param(b"<svg onload=x>", "a.png", "This is a web page, a drawing", id="SVG"),
        pytest.param("\ufeff<svg/>".encode("utf-16-le"), "a", "a drawing", id="SVG in UTF-16"),
        pytest.param(b"<?xml version='1.0'?>", "a", "a drawing or XML", id="XML"),
        pytest.param(b"hello", "a.html", "its name ends in .html", id="a text named .html"),
        pytest.param(b"hello", "a.js", "its name ends in .js", id="a text named .js"),
        pytest.param(picture("GIF"), "a.gif", "This is a GIF picture", id="GIF"),
        pytest.param(picture("GIF") + XLSX, "a.xlsx", "This is a GIF picture", id="GIF and XLSX"),
        pytest.param(picture("TIFF"), "a.tif", "This is a TIFF picture", id="TIFF"),
        pytest.param(picture("BMP"), "a.bmp", "This is a bitmap picture", id="BMP"),
        pytest.param(b"\x00\x00\x00\x18ftypheic", "a", "picture or film of a phone", id="HEIC"),
        pytest.param(b"RIFF\x00\x00\x00\x00WEBP", "a", "kind that is not taken", id="WebP"),
        pytest.param(b"{\\rtf1}", "a.rtf", "rich text file", id="RTF"),
        pytest.param(b"\x1f\x8b\x08\x00", "a.gz", "This is an archive", id="gzip"),
        pytest.param(b"Rar!\x1a\x07", "a.rar", "This is an archive", id="RAR"),
        pytest.param(archive(["a.txt"]), "a.zip", "This is an archive", id="ZIP"),
        pytest.param(archive([]), "a.zip", "This is an empty archive", id="empty ZIP"),
        pytest.param(
            archive(["[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"]),
            "a.xlsx",
            "holds macros",
            id="a workbook with macros",
        ),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "a.xlsx", "locked with a password", id="OLE"
        ),
        pytest.param(PDF + archive(["a"]), "a.pdf", "an archive as well", id="PDF and ZIP"),
        pytest.param(PNG + archive(["a"]), "a.png", "an archive as well", id="PNG and ZIP"),
        pytest.param(JPEG + archive(["a"]), "a.jpg", "an archive as well", id="JPEG and ZIP"),
        pytest.param(archive(["a"]) + PDF, "a.pdf", "added behind the end", id="ZIP and PDF"),
        pytest.param(
            b"%PDF-1.7\n<html><script>1</script>\n%%EOF",
            "a",
            "a web page as well",
            id="PDF and HTML",
        ),
        pytest.param(PDF[:-8], "a.pdf", "This PDF is cut short", id="PDF cut short"),
        pytest.param(
            PDF.replace(b"/Root", b"/Encrypt 5 0 R/Root"),
            "a.pdf",
            "This PDF is locked",
            id="locked",
        ),
        pytest.param(
            PDF.replace(b"<</Type", b"<</S/JavaScript/Type"), "a", "holds a script", id="PDF script"
        ),
        pytest.param(PDF.replace(b"<</Type", b"<</S/Launch/Type"), "a", "a command", id="launch"),
        pytest.param(PNG + b"x", "a.png", "added behind this picture", id="PNG and more"),
        pytest.param(PNG[:-9], "a.png", "cut short", id="PNG cut short"),
        pytest.param(JPEG + b"more", "a.jpg", "something behind it", id="JPEG and more"),
        pytest.param(JPEG[:-2], "a.jpg", "cut short", id="JPEG cut short"),
        pytest.param(JPEG[:3], "a.jpg", "This picture is damaged", id="JPEG's first bytes"),
        pytest.param(huge_png(), "a.png", "60,000 by 60,000 dots", id="a huge picture"),
    ],
)
def test_what_is_not_taken_is_refused_with_what_to_do(content, name, reason):
    with pytest.raises(FileRefused) as refused:
        kind_of(content, name)

    assert reason in str(refused.value)
    assert str(refused.value).endswith(".")


def test_limits_reach_the_container():
    with pytest.raises(FileRefused, match="at most 3 are taken"):
        kind_of(XLSX, "a.xlsx", limits=ZipLimits(entries=3))


def test_an_open_file_is_left_where_it_was():
    file = io.BytesIO(PDF)
    file.seek(5)

    kind_of(file)

    assert file.tell() == 5


def test_each_kind_is_served_as_its_own_type():
    assert [(kind.media_type, kind.ending) for kind in FileKind][:3] == [
        ("application/pdf", "pdf"),
        ("image/png", "png"),
        ("image/jpeg", "jpg"),
    ]
    assert len({kind.media_type for kind in FileKind}) == len(FileKind) == 7


@pytest.mark.parametrize("content", [PDF, PNG, JPEG, XLSX, DOCX])
def test_no_beginning_of_a_file_crashes(content):
    for end in range(0, len(content), max(1, len(content) // 300)):
        try:
            kind_of(content[:end], "a.bin")
        except FileRefused as refused:
            assert str(refused).endswith(".")  # noqa: PT017 -- either way out is right
