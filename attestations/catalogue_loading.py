"""The Code, version by version, and the catalogue's editions, from the files in `data`.

What was loaded never changes: a file that says something else under the same label is refused with
the difference named. Requirements may only lean on articles that their Code version has, and what
was not verified is kept apart from what may be printed.
"""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from django.db import transaction

from agencies import journal
from agencies.lib.canonical import digest
from attestations.enums import BreachSeverity
from attestations.models import CatalogueEdition, CodeArticle, CodeVersion, Requirement
from attestations.safeguards.loading import AlreadyPublished, Kept
from attestations.safeguards.reading import FileRefused

FOLDER = Path(__file__).resolve().parent / "data"

_VERSION = ("label", "title", "resolution", "is_verified", "source")
_ARTICLE = ("number", "paraphrase", "addressed_to", "checked_how", "is_verified")
_EDITION = ("label", "urn", "title", "code_version_id", "source")
_REQUIREMENT = (
    "ref",
    "position",
    "theme",
    "theme_title",
    "wording",
    "articles",
    "sources",
    "sources_unverified",
    "presupposes",
    "evidence_expected",
    "evidence_required",
    "breach_severity",
    "breach_note",
)


@transaction.atomic
def load_code_versions(folder: Path = FOLDER) -> list[Kept]:
    """Every version of the Code, with its articles in our own words."""
    return [_load_version(_read(path)) for path in sorted((folder / "code").glob("*.toml"))]


@transaction.atomic
def load_catalogue_editions(folder: Path = FOLDER) -> list[Kept]:
    """Every edition of the catalogue; the Code versions it rests on have to be loaded before."""
    return [
        _load_edition(path.name, _read(path))
        for path in sorted((folder / "catalogue").glob("*.toml"))
    ]


def version_as_kept(version: CodeVersion) -> dict[str, Any]:
    """What the rows of a Code version say now; its digest is over exactly this."""
    return _version_statement(version, version.articles.order_by("number"))


def edition_as_kept(edition: CatalogueEdition) -> dict[str, Any]:
    """What the rows of a catalogue edition say now; its digest is over exactly this."""
    return _edition_statement(edition, edition.requirements.order_by("position"))


def _load_version(text: dict[str, Any]) -> Kept:
    version = CodeVersion(
        label=text["label"],
        title=text["title"],
        adopted_on=text["adopted_on"],
        resolution=text["resolution"],
        is_verified=text["verified"],
        source=text["source"].strip(),
    )
    articles = [
        CodeArticle(
            version=version,
            number=article["number"],
            paraphrase=article["paraphrase"],
            addressed_to=article["addressed_to"],
            checked_how=article["checked"],
            is_verified=article["verified"],
        )
        for article in sorted(text.get("articles", []), key=lambda article: article["number"])
    ]
    statement = _version_statement(version, articles)
    what = f"Code version {version.label}{'' if version.is_verified else ', unverified'}"
    stored = CodeVersion.objects.select_for_update().filter(label=version.label).first()
    if stored:
        _refuse_other(what, version_as_kept(stored), statement, rows="articles", key="number")
        return Kept(what, len(articles), False)
    version.digest = digest(statement)
    version.save(force_insert=True)
    CodeArticle.objects.bulk_create(articles)
    journal.record("code.version_loaded", version, by=None, digest=version.digest)
    return Kept(what, len(articles), True)


def _load_edition(name: str, text: dict[str, Any]) -> Kept:
    version = CodeVersion.objects.filter(label=text["code_version"]).first()
    if version is None:
        raise FileRefused(name, [f"The Code version {text['code_version']} is not loaded."])
    verified = dict(version.articles.values_list("number", "is_verified"))
    if problems := _problems(text, verified):
        raise FileRefused(name, problems)
    edition = CatalogueEdition(
        label=text["label"],
        urn=text["urn"],
        title=text["title"],
        published_on=text["published_on"],
        code_version=version,
        source=text["source"].strip(),
    )
    requirements = [
        _requirement(edition, position, row, text["themes"], verified)
        for position, row in enumerate(text["requirements"], start=1)
    ]
    statement = _edition_statement(edition, requirements)
    what = f"Catalogue edition {edition.label}"
    stored = CatalogueEdition.objects.select_for_update().filter(label=edition.label).first()
    if stored:
        _refuse_other(what, edition_as_kept(stored), statement, rows="requirements", key="ref")
        return Kept(what, len(requirements), False)
    edition.digest = digest(statement)
    edition.save(force_insert=True)
    Requirement.objects.bulk_create(requirements)
    journal.record("catalogue.edition_loaded", edition, by=None, digest=edition.digest)
    return Kept(what, len(requirements), True)


def _requirement(edition, position, row, themes, verified) -> Requirement:
    """An article whose content was not verified joins the sources that are never printed."""
    unread = [number for number in row["articles"] if not verified[number]]
    read = [number for number in row["articles"] if verified[number]]
    return Requirement(
        edition=edition,
        ref=row["id"],
        position=position,
        theme=row["theme"],
        theme_title=themes[row["theme"]],
        wording=row["wording"],
        articles=row["articles"],
        sources="\n".join([*_cited(read), *row["sources"]]),
        sources_unverified="\n".join([*_cited(unread), *row["unverified"]]),
        presupposes=row.get("presupposes", []),
        evidence_expected=row["evidence"],
        evidence_required=row.get("evidence_required", False),
        breach_severity=row["severity"],
        breach_note=row.get("severity_note", ""),
    )


def _cited(numbers: list[str]) -> list[str]:
    if not numbers:
        return []
    *before, last = numbers
    return [
        f"WHO Code, Articles {', '.join(before)} and {last}"
        if before
        else f"WHO Code, Article {last}"
    ]


def _problems(text: dict[str, Any], verified: dict[str, bool]) -> list[str]:
    rows = text["requirements"]
    refs = Counter(row["id"] for row in rows)
    problems = [f"{ref} is there {times} times." for ref, times in refs.items() if times > 1]
    if len(rows) != text["requirements_count"]:
        problems.append(
            f"{len(rows)} requirements are there, and {text['requirements_count']} should be."
        )
    for row in rows:
        unknown = [f"Article {each}" for each in row["articles"] if each not in verified]
        unknown += [each for each in row.get("presupposes", []) if each not in refs]
        if row["theme"] not in text["themes"]:
            unknown.append(f"theme {row['theme']}")
        if row["severity"] not in BreachSeverity.values:
            unknown.append(f"severity {row['severity']}")
        problems += [f"{row['id']} names {each}, which is not known." for each in unknown]
    return problems


def _version_statement(version, articles) -> dict[str, Any]:
    return {
        **{field: getattr(version, field) for field in _VERSION},
        "adopted_on": version.adopted_on.isoformat(),
        "articles": [{field: getattr(each, field) for field in _ARTICLE} for each in articles],
    }


def _edition_statement(edition, requirements) -> dict[str, Any]:
    return {
        **{field: getattr(edition, field) for field in _EDITION},
        "published_on": edition.published_on.isoformat(),
        "requirements": [
            {field: getattr(each, field) for field in _REQUIREMENT} for each in requirements
        ],
    }


def _refuse_other(what, kept, given, *, rows, key) -> None:
    """Raises AlreadyPublished, naming each difference, unless both say the same."""
    if kept == given:
        return
    differences = [
        f"{field}: kept as “{kept[field]}”, the file says “{given[field]}”"
        for field in kept
        if field != rows and kept[field] != given[field]
    ]
    before = {row[key]: row for row in kept[rows]}
    after = {row[key]: row for row in given[rows]}
    differences += [f"{each} is in the file only" for each in after if each not in before]
    differences += [f"{each} is missing from the file" for each in before if each not in after]
    differences += [
        f"{each}, {field}: kept as “{row[field]}”, the file says “{after[each][field]}”"
        for each, row in before.items()
        if each in after
        for field in row
        if row[field] != after[each][field]
    ]
    raise AlreadyPublished(what, differences)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as wrong:
        raise FileRefused(path.name, [f"This is not TOML: {wrong}."]) from wrong
