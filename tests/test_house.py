"""The conventions of the house, as tests: what a machine can keep, nobody needs to remember."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import CASCADE
from guardian.models import UserObjectPermissionBase

ROOT = Path(settings.BASE_DIR)
ROOMS = ("agencies", "attestations", "audits", "config")
LONGEST_MODULE = 450

# What may vanish with its owner: a delegation with the thing it hangs on, a search key with its
# name. The other two fields of a delegation are guardian's own.
MAY_CASCADE = {
    "agencies.AgencyUserObjectPermission.content_object",
    "audits.AuditUserObjectPermission.content_object",
    "audits.NameTrigram.agency",
}

NAMES_THAT_SAY_NOTHING = {"data", "helper", "helpers", "manager", "managers", "misc", "process"}
NAMES_THAT_SAY_NOTHING |= {"common", "util", "utils"}

# Names that Django makes up when nobody says why a migration is there.
AUTO_NAMED = re.compile(
    r"^\d{4}_(initial$|auto_|(alter|remove|rename|delete)_[a-z_]+(_and_more|_[a-z]+_[a-z]+)$|"
    r".*_and_more$|.*_squashed_)"
)


def tracked(*patterns):
    """The project's own files: in git, or about to be."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def modules():
    return [path for path in tracked("*.py") if "migrations" not in path.parts]


def relative(path):
    return str(path.relative_to(ROOT))


def our_models():
    return [model for room in ROOMS for model in apps.get_app_config(room).get_models()]


def test_nothing_vanishes_with_its_owner_unless_listed():
    cascading = {
        str(field)
        for model in our_models()
        for field in model._meta.local_fields
        if field.remote_field
        and field.remote_field.on_delete is CASCADE
        and not (
            issubclass(model, UserObjectPermissionBase) and field.name in ("permission", "user")
        )
    }

    assert cascading == MAY_CASCADE


def test_no_model_overrides_save_or_delete():
    overriding = [
        f"{model._meta.label}.{name}"
        for model in our_models()
        for name in ("save", "delete")
        if name in vars(model)
    ]

    assert overriding == []


def test_every_constraint_has_a_name_of_ours():
    unnamed = [
        constraint.name
        for model in our_models()
        for constraint in model._meta.constraints
        if not constraint.name.startswith(f"{model._meta.app_label}_")
    ]

    assert unnamed == []


def test_migrations_say_why_they_are_there():
    loader = MigrationLoader(connection, ignore_no_migrations=True, load=False)
    loader.load_disk()
    named = [name for app, name in loader.disk_migrations if app in ROOMS]

    assert [name for name in named if AUTO_NAMED.match(name)] == []


@pytest.mark.django_db
def test_each_room_has_one_last_migration():
    loader = MigrationLoader(connection)

    assert loader.detect_conflicts() == {}


def test_modules_are_short():
    lengths = {relative(path): len(path.read_text().splitlines()) for path in modules()}

    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_modules_have_names_that_say_something():
    empty = [relative(path) for path in modules() if path.stem in NAMES_THAT_SAY_NOTHING]

    assert empty == []


def test_functions_have_names_that_say_something():
    found = [
        f"{relative(path)}:{node.lineno} {node.name}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and node.name.lower() in NAMES_THAT_SAY_NOTHING
    ]

    assert found == []


def test_docstrings_promise_and_do_not_list_arguments():
    listing = re.compile(r"^\s+Args:$", re.MULTILINE)
    found = [relative(path) for path in modules() if listing.search(path.read_text())]

    assert found == []


def test_no_signals_no_generic_keys():
    doors = re.compile(r"post_save|pre_save|GenericForeignKey|\.signals import")
    found = [
        relative(path)
        for path in modules()
        if path.parts[len(ROOT.parts)] in ROOMS and doors.search(path.read_text())
    ]

    assert found == []


def test_no_template_or_module_trusts_text():
    trusting = re.compile(r"\|\s*safe\b|\bmark_safe\b|autoescape off|\bsafestring\b|\|\s*safeseq\b")
    files = [path for path in tracked("templates", "*.py") if path != Path(__file__)]
    found = [relative(path) for path in files if trusting.search(path.read_text())]

    assert found == []


def test_no_template_carries_script_or_style_of_its_own():
    inline = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"|javascript:", re.I)
    pages = [
        path
        for path in tracked("templates/*.html")
        if path.relative_to(ROOT / "templates").parts[0] != "pdf"
    ]
    found = [relative(path) for path in pages if inline.search(path.read_text())]

    assert found == []


def test_no_template_asks_another_host():
    asking = re.compile(r"(?:src|srcset|action)=\"(?:https?:)?//|<link[^>]*href=\"(?:https?:)?//")
    found = [relative(path) for path in tracked("templates") if asking.search(path.read_text())]

    assert found == []


def test_every_template_is_used():
    """By a view, a mail or a document that names it, or by another template."""
    by_django = re.compile(r"^(django/|40[034](_csrf)?\.html$|500\.html$|registration/)")
    names = {str(path.relative_to(ROOT / "templates")) for path in tracked("templates")}
    sources = [
        path.read_text() for path in tracked("templates", *(f"{room}/*.py" for room in ROOMS))
    ]
    text = "\n".join(sources)
    # a mail is named without its ending (`agencies.journal.post`)
    unused = [
        name
        for name in names
        if not by_django.match(name) and name.removesuffix(".txt") not in text
    ]

    assert sorted(unused) == []


def test_components_say_what_they_need():
    silent = [
        relative(path)
        for path in tracked("templates/components")
        if not path.read_text().startswith("{% comment %}")
    ]

    assert silent == []


LETTER_FRAMES = {"base", "to_staff"}


def test_every_letter_fills_the_parts_of_its_frame():
    """What happened, why, by when, what next: see templates/email/base.txt and test_letters."""
    wanting = {}
    for path in tracked("templates/email/*.txt"):
        text = path.read_text()
        extends = re.match(r'\{% extends "email/(\w+)\.txt" %\}', text)
        if path.stem in LETTER_FRAMES:
            continue
        blocks = set(re.findall(r"\{% block (\w+) %\}", text))
        missing = {"subject", "happened", "why", "next"} - blocks
        unknown = blocks - {"subject", "happened", "why", "when", "next", "ask"}
        if missing or unknown or not extends or extends[1] not in LETTER_FRAMES:
            wanting[path.stem] = (missing, unknown)

    assert wanting == {}


def test_no_file_names_a_registry_of_packages():
    """A mirror's address in a lock file would bind every machine to it."""
    host = re.compile(
        rb"(?:index|registry|extra-index|find-links)[-_ a-z]*[=: ]+\"?(?:https?|file)://|"
        rb"\"resolved\"\s*:|files\.pythonhosted|registry\.npmjs|registry\.yarnpkg|/simple/"
    )
    found = [
        relative(path)
        for path in tracked()
        if path != Path(__file__) and host.search(path.read_bytes())
    ]

    assert found == []


def test_requirements_are_locked_by_hash():
    unlocked = [
        f"{path.name}: {line}"
        for path in tracked("requirements/*.txt")
        for line in path.read_text().splitlines()
        if line and line[0].isalnum() and not line.endswith(" \\")
    ]

    assert unlocked == []


def test_no_work_is_left_for_later():
    """Markers are written apart here so that this file does not find itself."""
    markers = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error"))
    left = re.compile(rf"\b(?:{markers})\b|pytest\.(?:mark\.)?(?:skip|xfail)")
    found = [
        relative(path)
        for path in tracked("*.py", "*.html", "*.sh", "*.scss", "Makefile")
        if path != Path(__file__) and left.search(path.read_text())
    ]

    assert found == []


def test_no_form_is_included_without_its_token():
    """`only` takes the token of `{% csrf_token %}` away with all else, and the form is refused.

    A test client does not ask for the token, so nobody but a browser would see it.
    """
    holders = {
        str(path.relative_to(ROOT / "templates"))
        for path in tracked("templates/*.html")
        if "csrf_token" in path.read_text(encoding="utf-8")
    }
    include = re.compile(r'{% include "([^"]+)"[^%]* only %}')
    wrong = [
        f"{relative(path)} includes {name}"
        for path in tracked("templates/*.html")
        for name in include.findall(path.read_text(encoding="utf-8"))
        if name in holders
    ]

    assert wrong == []
