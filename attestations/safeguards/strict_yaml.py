"""YAML as plain text with line numbers: no aliases, no tags, no name twice, nothing guessed.

What stands in a file stays the text that it is: `NO` is Norway and no “false”, and a day is read by
the same reader as in a CSV file. Nothing is built from the file but these two kinds of nodes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

DEEPEST = 4


class YamlRefused(ValueError):
    """Why the text is not taken, in a sentence with the person's own line number."""


@dataclass(frozen=True, slots=True)
class Text:
    line: int
    value: str


@dataclass(frozen=True, slots=True)
class Sequence:
    line: int
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Names:
    line: int
    values: Mapping[str, "Node"]


Node = Text | Sequence | Names


class _Strict(yaml.SafeLoader):
    """Composes nodes without what a list needs not and a bomb does: aliases, anchors, tags."""

    _depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise YamlRefused(
                f"Line {line}: a reference (“&” or “*”) is not taken here. Write the text out, or "
                "put it in quotes."
            )
        if event.tag is not None and event.tag != "!":
            raise YamlRefused(f"Line {line}: a tag (“!”) is not taken here. Leave it out.")
        if self._depth >= DEEPEST:
            raise YamlRefused(f"Line {line}: this is nested deeper than an edition is.")
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def read_yaml(text: str) -> Node:
    """The one document of the text. The caller has bounded its size."""
    try:
        node = _Strict(text).get_single_node()
    except yaml.reader.ReaderError as wrong:
        line = text.count("\n", 0, wrong.position) + 1
        raise YamlRefused(f"Line {line}: a character stands there that YAML forbids.") from None
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        where = f"Line {mark.line + 1}: " if mark else ""
        raise YamlRefused(f"{where}this cannot be read as YAML: {wrong.problem}.") from None
    if node is None:
        raise YamlRefused("The file is empty.")
    return _plain(node)


def _plain(node: Any) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        empty = node.tag == "tag:yaml.org,2002:null"
        return Text(line, "" if empty else node.value.strip())
    if isinstance(node, yaml.SequenceNode):
        return Sequence(line, tuple(_plain(item) for item in node.value))
    values: dict[str, Node] = {}
    for name, value in node.value:
        at = name.start_mark.line + 1
        if not isinstance(name, yaml.ScalarNode):
            raise YamlRefused(f"Line {at}: a name has to stand before the colon.")
        if name.value in values:
            raise YamlRefused(f"Line {at}: “{name.value}” stands there twice.")
        values[name.value] = _plain(value)
    return Names(line, values)
