"""The rules know no framework, no database and no clock."""

import ast
import sys

import pytest

from tests.attestations.crosscheck.examples import ROOT

FOLDER = ROOT / "attestations" / "crosscheck"
PURE = (
    "answers ask case_documents case_inputs case_register changes codes concentration cover enums "
    "explain facts keys lists places record reference_files rules ruleset sentences values verdict "
    "wording"
)
MODULES = [
    path
    for name in PURE.split()
    for path in (sorted((FOLDER / name).glob("*.py")) or [FOLDER / f"{name}.py"])
]
CLOCKS = {"today", "now", "utcnow", "time", "time_ns", "monotonic"}


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def is_allowed(module):
    room, _, rest = module.partition("attestations.crosscheck.")
    if not room and rest:
        return rest.partition(".")[0] in PURE.split()
    return module.partition(".")[0] in sys.stdlib_module_names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_imports_only_itself_and_the_standard_library(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))

    called = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }

    assert [module for module in imported(tree) if not is_allowed(module)] == []
    assert called & CLOCKS == set()
