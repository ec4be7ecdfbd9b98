"""The big list of naughty strings (tests/vectors/blns.json), as texts that a form can hold."""

import json
from functools import cache
from pathlib import Path

NAUGHTY = Path(__file__).parent / "vectors" / "blns.json"


@cache
def naughty_texts(longest):
    """Every string of the list, many to a text, each text at most `longest` characters."""
    texts, text = [], ""
    for string in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        line = string[: longest - 1]
        if len(text) + len(line) >= longest:
            texts.append(text)
            text = ""
        text += f"{line}\n"
    return [*texts, text]
