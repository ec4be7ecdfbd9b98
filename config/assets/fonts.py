"""Writes the web fonts, as WOFF2, and their licence into the folder named on the command line."""

import sys
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont


def write_fonts(target: Path) -> None:
    package = files("fontpkg_atkinson_hyperlegible")
    target.mkdir(parents=True, exist_ok=True)
    (target / "LICENSE").write_bytes(package.joinpath("LICENSE").read_bytes())
    for source in package.joinpath("files").iterdir():
        with source.open("rb") as stream, TTFont(stream, recalcTimestamp=False) as font:
            font.flavor = "woff2"
            font.save(target / f"{Path(source.name).stem}.woff2")


if __name__ == "__main__":
    write_fonts(Path(sys.argv[1]))
