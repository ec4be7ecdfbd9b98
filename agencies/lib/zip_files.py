"""What a ZIP container holds and would cost, read before anything unpacks it.

Two readers of the same ZIP can see different files in it (the local headers say one thing, the
directory at the end another), and a few kilobytes can unpack to gigabytes. So the directory and
every local header are compared, each byte of the file has to belong to something, and each entry is
unpacked once into nothing, under a budget, to see that its size and checksum are what it says.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

END = b"PK\x05\x06"
_LOCAL, _CENTRAL, _DESCRIPTOR = b"PK\x03\x04", b"PK\x01\x02", b"PK\x07\x08"
_ZIP64_LOCATOR = b"PK\x06\x07"
_END_SIZE, _LONGEST_COMMENT = 22, 0xFFFF
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _DESCRIPTOR_FOLLOWS, _UTF8, _STRONG, _MASKED = 0x1, 0x8, 0x800, 0x40, 0x2000
_LONGEST_LISTING = 1024  # of one entry in the directory: its name, its extra field, its comment
_NEWEST_VERSION = 63  # of the format, as its readers count: 6.3
_IN_ZIP64 = 0xFFFFFFFF
_CHUNK = 1 << 16
_MIB = 1 << 20


class ZipRefused(ValueError):
    """The container is damaged, ambiguous, or would cost too much; the message says what to do."""


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What a container may cost. A genuine workbook of a million rows unpacks to 538 MB, 9 to 1."""

    entries: int = 2_000
    unpacked: int = 1 << 30
    ratio: int = 100
    ratio_from: int = 10 * _MIB
    """Below this unpacked size the ratio does not matter: small blank sheets pack very well."""


@dataclass(frozen=True, slots=True)
class ZipBudget:
    """What was found: the names in the order of the directory, and their unpacked size."""

    names: tuple[str, ...]
    packed: int
    unpacked: int


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    flags: int
    method: int
    checksum: int
    packed: int
    unpacked: int
    starts_at: int


DEFAULT_LIMITS = ZipLimits()


def zip_budget(file: BinaryIO | Path, *, limits: ZipLimits = DEFAULT_LIMITS) -> ZipBudget:
    """What the container would cost, or a refusal; an open file is left where it was."""
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return zip_budget(opened, limits=limits)
    before = file.tell()
    try:
        return _budget(file, limits)
    except (struct.error, zlib.error, EOFError, OverflowError) as broken:
        raise ZipRefused("This file is damaged. Save it again and send the new copy.") from broken
    finally:
        file.seek(before)


def _budget(file: BinaryIO, limits: ZipLimits) -> ZipBudget:
    size = file.seek(0, 2)
    count, directory_at, directory_size, ends_at = _end_of_directory(file, size)
    if directory_at + directory_size != ends_at:
        raise ZipRefused("This file holds something besides its contents. Save it again.")
    if count > limits.entries:
        raise ZipRefused(f"This file holds {count:,} parts; at most {limits.entries:,} are taken.")
    if directory_size > count * _LONGEST_LISTING:
        raise ZipRefused("The list of contents of this file is too long. Save it again.")
    entries = list(_directory(file, count, directory_at, directory_size))
    _check_names(entries)
    declared = sum(entry.unpacked for entry in entries)
    packed = sum(entry.packed for entry in entries)
    _check_size(declared, size, limits)
    _check_local_headers(file, entries, directory_at)
    for entry in entries:
        _check_content(file, entry)
    names = tuple(_decoded(entry) for entry in entries)
    return ZipBudget(names=names, packed=packed, unpacked=declared)


def _end_of_directory(file: BinaryIO, size: int) -> tuple[int, int, int, int]:
    reach = min(size, _END_SIZE + _LONGEST_COMMENT)
    file.seek(size - reach)
    tail = file.read(reach)
    found = tail.count(END)
    if found == 0:
        raise ZipRefused("This file is cut short or damaged. Save it again and send the new copy.")
    at = tail.rfind(END)
    disk, first_disk, here, count, directory_size, directory_at, comment = struct.unpack(
        "<4H2LH", tail[at + 4 : at + _END_SIZE]
    )
    if found > 1 or at + _END_SIZE + comment != len(tail):
        raise ZipRefused("Something was added behind the end of this file. Save it again.")
    if disk or first_disk or here != count:
        raise ZipRefused("This file is one part of several. Save it as a single file.")
    if _ZIP64_LOCATOR in tail[max(0, at - 20) : at] or _IN_ZIP64 in (directory_size, directory_at):
        raise ZipRefused("This file is in a form for very large files. Split it and save it again.")
    return count, directory_at, directory_size, size - len(tail) + at


def _directory(file: BinaryIO, count: int, at: int, size: int) -> Iterator[_Entry]:
    file.seek(at)
    directory, place = _exactly(file, size), 0
    for _ in range(count):
        if directory[place : place + 4] != _CENTRAL:
            raise ZipRefused("The list of contents of this file is damaged. Save it again.")
        (
            system,
            version,
            flags,
            method,
            checksum,
            packed,
            unpacked,
            name_length,
            extra_length,
            comment_length,
            attributes,
            starts_at,
        ) = struct.unpack("<xBHHH4x3L3H4xLL", directory[place + 4 : place + 46])
        place += 46
        name = directory[place : place + name_length]
        if flags & (_ENCRYPTED | _STRONG | _MASKED):
            raise ZipRefused("This file is locked with a password. Save it without one.")
        if method not in (_STORED, _DEFLATED) or version > _NEWEST_VERSION:
            raise ZipRefused("This file is packed in an unusual way. Save it again.")
        if _IN_ZIP64 in (packed, unpacked, starts_at):
            raise ZipRefused(
                "This file is in a form for very large files. Split it and save again."
            )
        if system == 3 and (attributes >> 16) & 0o170000 == 0o120000:
            raise ZipRefused("This file holds a link to another place. Save it without links.")
        yield _Entry(name, flags, method, checksum, packed, unpacked, starts_at)
        place += name_length + extra_length + comment_length
    if place != size:
        raise ZipRefused("The list of contents of this file is damaged. Save it again.")


def _check_names(entries: list[_Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = _decoded(entry)
        if name.startswith(("/", "\\")) or "\\" in name or "\x00" in name or ":" in name:
            raise ZipRefused("This file holds a part with a dangerous name. Save it again.")
        if ".." in name.split("/"):
            raise ZipRefused("This file holds a part with a dangerous name. Save it again.")
        if name.casefold() in seen:
            raise ZipRefused("This file holds the same part twice. Save it again.")
        seen.add(name.casefold())


def _check_size(declared: int, size: int, limits: ZipLimits) -> None:
    if declared > limits.unpacked:
        raise ZipRefused(
            f"This file unpacks to {declared // _MIB:,} MiB; at most {limits.unpacked // _MIB:,} "
            "MiB are taken. Split it."
        )
    if declared > limits.ratio_from and declared > limits.ratio * size:
        raise ZipRefused(
            "This file unpacks to far more than a real one would. Clear empty rows and columns "
            "beyond your data and save it again."
        )


def _check_local_headers(file: BinaryIO, entries: list[_Entry], directory_at: int) -> None:
    """Each entry says at its place what the directory says, and nothing lies between them."""
    expected_at = 0
    for entry in sorted(entries, key=lambda entry: entry.starts_at):
        if entry.starts_at != expected_at:
            raise ZipRefused("The parts of this file overlap or leave gaps. Save it again.")
        content_at, header = _local_header(file, entry)
        flags, method, checksum, packed, unpacked, name = header
        deferred = bool(flags & _DESCRIPTOR_FOLLOWS)
        same = (name, flags, method) == (entry.name, entry.flags, entry.method)
        for said, known in ((checksum, entry.checksum), (packed, entry.packed)):
            same = same and (said == known or (deferred and said in (0, _IN_ZIP64)))
        same = same and (unpacked == entry.unpacked or (deferred and unpacked in (0, _IN_ZIP64)))
        if not same:
            raise ZipRefused("This file lists its contents in two different ways. Save it again.")
        expected_at = content_at + entry.packed
        if deferred:
            expected_at += _descriptor_size(file, expected_at, entry)
    if expected_at != directory_at:
        raise ZipRefused("The parts of this file overlap or leave gaps. Save it again.")


def _local_header(
    file: BinaryIO, entry: _Entry
) -> tuple[int, tuple[int, int, int, int, int, bytes]]:
    file.seek(entry.starts_at)
    fixed = _exactly(file, 30)
    if fixed[:4] != _LOCAL:
        raise ZipRefused("The parts of this file are not where it says. Save it again.")
    flags, method, checksum, packed, unpacked, name_length, extra_length = struct.unpack(
        "<2xHH4x3L2H", fixed[4:]
    )
    name = _exactly(file, name_length)
    if _IN_ZIP64 in (packed, unpacked):
        packed, unpacked = _wide_sizes(_exactly(file, extra_length)) or (packed, unpacked)
    content_at = entry.starts_at + 30 + name_length + extra_length
    return content_at, (flags, method, checksum, packed, unpacked, name)


def _wide_sizes(extra: bytes) -> tuple[int, int] | None:
    """The sizes that a cautious writer put into the extra field, though they would fit."""
    while len(extra) >= 4:
        kind, length = struct.unpack("<2H", extra[:4])
        if kind == 1 and length >= 16:
            unpacked, packed = struct.unpack("<2Q", extra[4:20])
            return packed, unpacked
        extra = extra[4 + length :]
    return None


def _descriptor_size(file: BinaryIO, at: int, entry: _Entry) -> int:
    """The bytes behind an entry that was written before its size was known; 32 or 64 bits wide."""
    file.seek(at)
    found = file.read(24)
    for mark in (_DESCRIPTOR, b""):
        for form in ("<3L", "<LQQ"):
            expected = mark + struct.pack(form, entry.checksum, entry.packed, entry.unpacked)
            if found.startswith(expected):
                return len(expected)
    raise ZipRefused("The parts of this file are not where it says. Save it again.")


def _check_content(file: BinaryIO, entry: _Entry) -> None:
    """Unpack the entry into nothing: as long as it says, and with the checksum it says."""
    content_at, _ = _local_header(file, entry)
    file.seek(content_at)
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS) if entry.method == _DEFLATED else None
    left, found, checksum = entry.packed, 0, 0
    while left and found <= entry.unpacked:
        piece = _exactly(file, min(left, _CHUNK))
        left -= len(piece)
        more = True
        while more and found <= entry.unpacked:
            if unpacker is None:
                out, more = piece, False
            else:
                out = unpacker.decompress(piece, _MIB)
                piece = unpacker.unconsumed_tail
                more = bool(piece) or len(out) == _MIB
            found += len(out)
            checksum = zlib.crc32(out, checksum)
    ended = unpacker is None or (unpacker.eof and not unpacker.unused_data)
    if left or not ended or found != entry.unpacked or checksum != entry.checksum:
        raise ZipRefused("A part of this file is not what it says it is. Save it again.")


def _decoded(entry: _Entry) -> str:
    return entry.name.decode("utf-8" if entry.flags & _UTF8 else "cp437", errors="replace")


def _exactly(file: BinaryIO, size: int) -> bytes:
    found = file.read(size)
    if len(found) != size:
        raise EOFError
    return found
