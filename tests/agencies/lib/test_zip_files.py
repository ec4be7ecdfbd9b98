import io
import random
import struct
import zipfile

import pytest
import xlsxwriter

from agencies.lib.zip_files import ZipBudget, ZipLimits, ZipRefused, zip_budget

PARTS = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>" * 50}


def container(parts=PARTS, method=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return made.getvalue()


def budget(content, **limits):
    return zip_budget(io.BytesIO(content), limits=ZipLimits(**limits))


class Unseekable(io.RawIOBase):
    """A writer that cannot go back, so that sizes come behind each entry."""

    def __init__(self):
        self.written = b""

    def writable(self):
        return True

    def write(self, piece):
        self.written += bytes(piece)
        return len(piece)


def streamed():
    sink = Unseekable()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
    return sink.written


def cautious():
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("big.xml", "w", force_zip64=True) as entry,
    ):
        entry.write(b"x" * 1000)
    return made.getvalue()


def workbook():
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(50):
            sheet.write_row(row, 0, ["reference", row])
    return made.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_plain_container_is_measured(method):
    content = container(method=method)

    found = budget(content)

    packed = sum(entry.compress_size for entry in zipfile.ZipFile(io.BytesIO(content)).infolist())
    assert found == ZipBudget(tuple(PARTS), packed, sum(map(len, PARTS.values())))


@pytest.mark.parametrize("made", [streamed, cautious, workbook, lambda: container({})])
def test_what_honest_writers_make_is_taken(made):
    content = made()

    assert budget(content).names == tuple(zipfile.ZipFile(io.BytesIO(content)).namelist())


def test_a_path_and_an_open_file_are_read_alike(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(container())

    with path.open("rb") as file:
        file.seek(3)
        assert zip_budget(file) == zip_budget(path)
        assert file.tell() == 3


def with_byte(content, at, value):
    return content[:at] + bytes([value]) + content[at + 1 :]


def renamed_locally():
    content = container()
    return content.replace(b"xl/workbook.xml", b"xl/workbooK.xml", 1)


def twice(first, second):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(first, b"one")
        archive.writestr(second, b"two")
    return made.getvalue()


def lying_size():
    """The directory and the header both say that the entry is small."""
    content = container({"a.xml": b"x" * 5000})
    return content.replace(struct.pack("<L", 5000), struct.pack("<L", 50))


def encrypted():
    content = container()
    at = content.rindex(b"PK\x01\x02")
    return with_byte(content, at + 8, content[at + 8] | 1)


def linked():
    made = io.BytesIO()
    info = zipfile.ZipInfo("a")
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return made.getvalue()


def gap():
    """Bytes between the last entry and the directory, with the directory's place corrected."""
    content = container()
    at = content.index(b"PK\x01\x02")
    moved = bytearray(content[:at] + b"hidden" + content[at:])
    struct.pack_into("<L", moved, len(moved) - 6, at + 6)
    return bytes(moved)


def overlapping():
    """Two names for the same bytes: the trick that makes a small file unpack to petabytes."""
    content = bytearray(container({"a": b"same", "b": b"same"}))
    second = content.rindex(b"PK\x01\x02")
    struct.pack_into("<L", content, second + 42, 0)
    return bytes(content)


REFUSED = [
    pytest.param(b"", "cut short or damaged", id="nothing"),
    pytest.param(container()[:-30], "cut short or damaged", id="truncated"),
    pytest.param(container() + b"more", "added behind the end", id="trailing data"),
    pytest.param(container() + container({}), "added behind the end", id="two ends"),
    pytest.param(b"GIF89a" + container(), "besides its contents", id="something in front"),
    pytest.param(twice("a.xml", "A.XML"), "the same part twice", id="the same name twice"),
    pytest.param(twice("a", "../b"), "dangerous name", id="out of the folder"),
    pytest.param(twice("a", "/etc/b"), "dangerous name", id="an absolute name"),
    pytest.param(twice("a", "c:b"), "dangerous name", id="a drive"),
    pytest.param(linked(), "a link to another place", id="a link"),
    pytest.param(encrypted(), "locked with a password", id="encrypted"),
    pytest.param(renamed_locally(), "in two different ways", id="local and central names differ"),
    pytest.param(lying_size(), "not what it says it is", id="the sizes lie"),
    pytest.param(gap(), "overlap or leave gaps", id="hidden bytes"),
    pytest.param(overlapping(), "overlap or leave gaps", id="overlapping entries"),
]


@pytest.mark.parametrize(("content", "reason"), REFUSED)
def test_a_hostile_container_is_refused(content, reason):
    with pytest.raises(ZipRefused, match=reason):
        budget(content)


def test_an_unusual_method_is_refused():
    with pytest.raises(ZipRefused, match="packed in an unusual way"):
        budget(container(method=zipfile.ZIP_LZMA))


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"entries": 1}, "holds 2 parts; at most 1 are taken"),
        ({"unpacked": 500}, "unpacks to"),
        ({"ratio": 1, "ratio_from": 1}, "far more than a real one"),
    ],
)
def test_beyond_a_limit_it_is_refused(limits, reason):
    with pytest.raises(ZipRefused, match=reason):
        budget(container(), **limits)


def test_a_bomb_is_refused_by_its_directory_without_being_unpacked():
    content = container({"a.xml": bytes(20 << 20)})

    assert len(content) < 25_000
    with pytest.raises(ZipRefused, match="far more than a real one"):
        budget(content)


def test_damage_anywhere_is_a_refusal_and_never_a_crash():
    whole = container()
    chance = random.Random(7)

    for _ in range(400):
        at, value = chance.randrange(len(whole)), chance.randrange(256)
        damaged = with_byte(whole, at, value)
        try:
            found = budget(damaged)
        except ZipRefused:
            continue
        with zipfile.ZipFile(io.BytesIO(damaged)) as archive:
            assert archive.testzip() is None
            assert tuple(archive.namelist()) == found.names
    for end in range(len(whole)):
        with pytest.raises(ZipRefused):
            budget(whole[:end])


def test_a_long_list_of_contents_is_not_even_read():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        entry = zipfile.ZipInfo("xl/workbook.xml")
        entry.comment = b"x" * 2_000
        archive.writestr(entry, b"x")

    with pytest.raises(ZipRefused, match="too long"):
        zip_budget(made)
