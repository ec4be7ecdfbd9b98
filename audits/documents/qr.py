"""The square code that leads to an address: drawn as SVG, part of the document itself."""

import segno

QUIET_ZONE = 4  # modules, as ISO/IEC 18004 asks


def qr_path(address: str) -> tuple[int, str]:
    """The width in modules and the SVG path of the dark ones, at error correction level M.

    Level M stands a stain or a fold: up to 15 % of the symbol may be lost.
    """
    code = segno.make(address, error="m", micro=False, boost_error=False)
    runs = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                runs.append(f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z")
            x += length or 1
    return len(code.matrix) + 2 * QUIET_ZONE, "".join(runs)
