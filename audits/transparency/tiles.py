"""The log as static files (C2SP tlog-tiles): 256 hashes a tile, 256 leaves a bundle.

A tile or bundle that is not full is named with its width and never changes under that name.
"""

import re
from dataclasses import dataclass

from audits.transparency.models import LogLeaf, LogNode

WIDTH = 256
_LEVELS = 8

_PLACE = r"(?P<place>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
_TILE = re.compile(rf"(?P<level>0|[1-9]|[1-5][0-9]|6[0-3])/{_PLACE}")
_ENTRIES = re.compile(rf"entries/{_PLACE}")


@dataclass(frozen=True, slots=True)
class Tile:
    """One file of the log; `level` is None for a bundle of leaves."""

    level: int | None
    place: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Its address below `tile/`."""
        digits = f"{self.place:03}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        place = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return f"{'entries' if self.level is None else self.level}/{place}{part}"


def tile_at(path: str) -> Tile | None:
    """The tile of this address, written in its one way; None where there can be none."""
    found = _TILE.fullmatch(path) or _ENTRIES.fullmatch(path)
    if not found:
        return None
    parts = found.groupdict()
    tile = Tile(
        int(parts["level"]) if "level" in parts else None,
        int(parts["place"].replace("x", "").replace("/", "")),
        int(parts["width"] or WIDTH),
    )
    return tile if tile.path == path and tile.width <= WIDTH else None


def tiles_of(size: int, *, since: int = 0) -> list[Tile]:
    """Every tile of a log of `size` that is not there yet, as the same tile, at size `since`."""
    found = []
    for level in (None, *range(_LEVELS)):
        shift = _LEVELS * (level or 0)
        count, before = size >> shift, since >> shift
        if not count:
            break
        first = before // WIDTH
        found += [
            Tile(level, place, min(WIDTH, count - place * WIDTH))
            for place in range(first, -(-count // WIDTH))
            if min(count, (place + 1) * WIDTH) > before
        ]
    return found


def content_of(tile: Tile) -> bytes | None:
    """The bytes of a tile, or None where the log has not come so far."""
    begin = tile.place * WIDTH
    stretch = range(begin, begin + tile.width)
    if tile.level is None:
        leaves = LogLeaf.objects.filter(position__gte=stretch.start, position__lt=stretch.stop)
        found = list(leaves.order_by("position").values_list("content", flat=True))
        whole = b"".join(_bundled(content.encode()) for content in found)
    else:
        nodes = LogNode.objects.filter(
            level=_LEVELS * tile.level, place__gte=stretch.start, place__lt=stretch.stop
        )
        found = list(nodes.order_by("place").values_list("hash", flat=True))
        whole = b"".join(bytes(node) for node in found)
    return whole if len(found) == tile.width else None


def _bundled(content: bytes) -> bytes:
    return len(content).to_bytes(2, "big") + content
