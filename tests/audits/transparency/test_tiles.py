"""Tiles stand at the addresses of tlog-tiles, each at one, and hold what the tree holds."""

import pytest

from agencies import journal
from audits.transparency import merkle
from audits.transparency.models import LogLeaf
from audits.transparency.tiles import Tile, content_of, tile_at, tiles_of
from tests.factories import agencies as make

PLACES = {
    Tile(0, 0, 3): "0/000.p/3",
    Tile(0, 273): "0/273",
    Tile(1, 1234067): "1/x001/x234/067",
    Tile(None, 5, 255): "entries/005.p/255",
    Tile(63, 999999): "63/x999/999",
}


@pytest.mark.parametrize(("tile", "path"), PLACES.items())
def test_a_tile_has_one_address(tile, path):
    assert (tile.path, tile_at(path)) == (path, tile)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "0/0",
        "0/0000",
        "0/x000/001",
        "0/x001",
        "64/000",
        "00/000",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/999",
        "0/000.p/01",
        "entries/../000",
        "0/٠٠٠",
        "-1/000",
    ],
)
def test_no_other_address_is_one(path):
    assert tile_at(path) is None


def test_a_log_has_the_tiles_that_its_size_asks_for():
    assert [tile.path for tile in tiles_of(256 * 256 + 1)][-3:] == [
        "0/256.p/1",
        "1/000",
        "2/000.p/1",
    ]
    assert [tile.path for tile in tiles_of(0)] == []
    assert [tile.path for tile in tiles_of(300)] == [
        "entries/000",
        "entries/001.p/44",
        "0/000",
        "0/001.p/44",
        "1/000.p/1",
    ]


@pytest.mark.parametrize("since", [0, 1, 255, 256, 257, 300, 511, 512])
def test_later_tiles_are_those_that_were_not_there_before(since):
    before = {tile.path for tile in tiles_of(since)}

    later = tiles_of(600, since=since)

    assert {tile.path for tile in later} == {tile.path for tile in tiles_of(600)} - before


@pytest.mark.slow
def test_tiles_hold_the_hashes_and_bundles_the_leaves(db):
    agency = make.agency()
    for _ in range(5):
        journal.record("agency.renamed", agency, by=None, on="2026-01-01")
    contents = [content.encode() for content in LogLeaf.objects.values_list("content", flat=True)]

    bundle, hashes = content_of(Tile(None, 0, 5)), content_of(Tile(0, 0, 5))

    assert hashes == b"".join(map(merkle.leaf_hash, contents))
    assert bundle == b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in contents)
    assert content_of(Tile(0, 0, 6)) is None
    assert content_of(Tile(1, 0, 1)) is None
