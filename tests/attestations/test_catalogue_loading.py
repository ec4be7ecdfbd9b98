"""The catalogue and the Code: what is loaded stays, and only what was read is printed."""

import shutil

import pytest

from attestations.catalogue_loading import (
    FOLDER,
    load_catalogue_editions,
    load_code_versions,
)
from attestations.models import CatalogueEdition, CodeVersion, Requirement
from attestations.safeguards.loading import AlreadyPublished
from attestations.safeguards.reading import FileRefused
from tests.factories.attestations import requirement

pytestmark = pytest.mark.usefixtures("reference")
CATALOGUE, CODE = "catalogue/2026-1.toml", "code/wha63.16.toml"


@pytest.fixture
def folder(tmp_path):
    for name in ("catalogue", "code"):
        shutil.copytree(FOLDER / name, tmp_path / name)
    return tmp_path


def edit(folder, name, before, after):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        pytest.param(
            "Nobody keeps passports",
            "Few keep passports",
            "REQ-31, wording: kept as “Nobody keeps passports, identity papers or diplomas.”, the "
            "file says “Few keep passports, identity papers or diplomas.”",
            id="another wording",
        ),
        pytest.param(
            'severity = "critical"',
            'severity = "minor"',
            "REQ-07, breach_severity: kept as “critical”, the file says “minor”",
            id="another severity",
        ),
        pytest.param(
            "published_on = 2026-11-22",
            "published_on = 2026-11-23",
            "published_on: kept as “2026-11-22”, the file says “2026-11-23”",
            id="another day",
        ),
    ],
)
def test_a_published_catalogue_never_changes(folder, before, after, difference):
    edit(folder, CATALOGUE, before, after)

    with pytest.raises(AlreadyPublished) as refused:
        load_catalogue_editions(folder)

    assert refused.value.differences == [difference]
    assert Requirement.objects.count() == 38


def test_a_loaded_version_of_the_code_never_changes(folder):
    edit(folder, CODE, "The Code is voluntary.", "The Code is law.")

    with pytest.raises(AlreadyPublished) as refused:
        load_code_versions(folder)

    [difference] = refused.value.differences
    assert difference.startswith("2.1, paraphrase: kept as “The Code is voluntary.")


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        pytest.param(
            'articles = ["8.1", "8.4"]',
            'articles = ["8.1", "12.3"]',
            "REQ-01 names Article 12.3, which is not known.",
            id="no such article",
        ),
        pytest.param(
            'presupposes = ["REQ-01"]',
            'presupposes = ["REQ-77"]',
            "REQ-02 names REQ-77, which is not known.",
            id="no such requirement",
        ),
        pytest.param(
            'id = "REQ-02"',
            'id = "REQ-01"',
            "REQ-01 is there 2 times.",
            id="a requirement twice",
        ),
        pytest.param(
            "requirements_count = 38",
            "requirements_count = 39",
            "38 requirements are there, and 39 should be.",
            id="a requirement less",
        ),
        pytest.param(
            'code_version = "2010"',
            'code_version = "2031"',
            "The Code version 2031 is not loaded.",
            id="no such version of the Code",
        ),
    ],
)
def test_a_catalogue_that_is_wrong_is_refused_whole(folder, before, after, problem):
    edit(folder, CATALOGUE, before, after)

    with pytest.raises(FileRefused) as refused:
        load_catalogue_editions(folder)

    assert refused.value.problems == [problem]
    assert CatalogueEdition.objects.count() == 1


def test_what_rests_on_own_knowledge_is_kept_apart_from_what_is_printed():
    equal = requirement("REQ-33")
    partners = requirement("REQ-05")

    assert equal.sources.splitlines()[0] == "WHO Code, Article 4.4"
    assert equal.sources_unverified == "WHO Code, Articles 3.5 and 4.5"
    assert "ILO" not in partners.sources
    assert partners.sources_unverified.startswith("ILO General principles")


def test_the_amendment_of_2026_is_unverified_and_has_no_articles():
    amended = CodeVersion.objects.get(label="2026")

    assert (amended.is_verified, amended.articles.count(), amended.resolution) == (False, 0, "")


def test_committing_stands_on_knowing():
    presupposed = {
        each.ref: each.presupposes for each in Requirement.objects.all() if each.presupposes
    }

    assert presupposed == {
        "REQ-02": ["REQ-01"],
        "REQ-11": ["REQ-01", "REQ-12"],
        "REQ-14": ["REQ-12"],
    }
