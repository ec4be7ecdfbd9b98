"""Rows from a person's CSV or YAML file, each read by the form of its kind."""

from attestations.safeguards.edition_files import LARGEST_YAML, is_yaml
from attestations.safeguards.reading import MOST_ROWS, FileRefused, read_lines
from attestations.safeguards.revisions.forms import FORMS
from attestations.safeguards.strict_yaml import Names, Sequence, Text, YamlRefused, read_yaml


def columns_of(kind):
    """What a file of this kind may say, needed ones first in the form's own order."""
    return tuple(FORMS[kind].base_fields)


def read_rows(kind, content, *, name):
    """The rows as they are kept; FileRefused names everything that is wrong with any cell."""
    form_class = FORMS[kind]
    columns = columns_of(kind)
    lines = _from_yaml(content, name) if is_yaml(name) else _from_csv(content, name)
    rows, problems = [], []
    for where, cells in lines:
        problems += [
            f"{where}: “{column}” is nothing that such a row says."
            for column in cells
            if column and column not in columns
        ]
        form = form_class({column: cells.get(column, "") for column in columns})
        if form.is_valid():
            rows.append(form.row())
        problems += [
            f"{where}, {column}: {problem}"
            for column, found in form.errors.items()
            for problem in found
        ]
    if not lines:
        problems.append("The file has no row.")
    if problems:
        raise FileRefused(name, problems)
    return rows


def _from_csv(content, name):
    return [
        (f"Row {line.number}", line.cells)
        for line in read_lines(content, name=name, needs=("valid_from",))
        if any(line.cells.values())
    ]


def _from_yaml(content, name):
    """A list of rows, each of names and texts."""
    if len(content) > LARGEST_YAML:
        raise FileRefused(name, ["The file is larger than 128 kB."])
    try:
        document = read_yaml(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FileRefused(name, ["This is not a text in UTF-8. Save it as UTF-8."]) from None
    except YamlRefused as refused:
        raise FileRefused(name, [str(refused)]) from None
    if not isinstance(document, Sequence):
        raise FileRefused(name, ["The file has to be a list, each row beginning with “-”."])
    if len(document.items) > MOST_ROWS:
        raise FileRefused(name, [f"The file has more than {MOST_ROWS} rows."])
    lines, problems = [], []
    for item in document.items:
        if not isinstance(item, Names):
            problems.append(f"Line {item.line}: a row has to begin with names, such as “country:”.")
            continue
        problems += [
            f"Line {node.line}: “{column}” has to be a text."
            for column, node in item.values.items()
            if not isinstance(node, (Text, Sequence))
        ]
        lines.append((f"Line {item.line}", {k: _text(node) for k, node in item.values.items()}))
    if problems:
        raise FileRefused(name, problems)
    return lines


def _text(node):
    """A list in a row, as of posts, is one a line."""
    if isinstance(node, Sequence):
        return "\n".join(item.value for item in node.items if isinstance(item, Text))
    return node.value if isinstance(node, Text) else ""
