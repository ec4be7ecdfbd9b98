import pytest
from django.core.management import call_command

from agencies.models import Country, JournalEntry
from attestations.models import (
    CatalogueEdition,
    CodeArticle,
    CodeVersion,
    ListEdition,
    ListEntry,
    NationalGrade,
    Requirement,
)
from attestations.reference import load_reference
from tests.factories.attestations import LOADED_AT

TABLES = (Country, CodeVersion, CodeArticle, CatalogueEdition, Requirement, ListEdition)
TABLES += (ListEntry, NationalGrade)


def counts():
    return {model.__name__: model.objects.count() for model in TABLES}


EVERYTHING = {
    "Country": 249,
    "CodeVersion": 2,
    "CodeArticle": 46,
    "CatalogueEdition": 1,
    "Requirement": 38,
    "ListEdition": 3,
    "ListEntry": 57 + 47 + 55,
    "NationalGrade": 57 + 159,
}


@pytest.mark.django_db
def test_the_files_hold_what_they_say_and_loading_twice_changes_nothing():
    first = load_reference(at=LOADED_AT)
    entries = JournalEntry.objects.count()

    second = load_reference(at=LOADED_AT)

    assert counts() == EVERYTHING
    assert [each.what for each in first] == [each.what for each in second]
    assert [each.what for each in second if each.is_new] == []
    assert JournalEntry.objects.count() == entries == 2 + 1 + 2 * 3 + 2


@pytest.mark.django_db
def test_the_command_says_what_it_kept(capsys):
    call_command("load_reference")

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "loaded: Countries and territories (ISO 3166-1) (249 rows)",
        "loaded: Code version 2026, unverified (0 rows)",
        "loaded: Code version 2010 (46 rows)",
    ]
    assert len(lines) == 13


def test_the_fixture_brings_the_same_rows(reference):
    assert counts() == EVERYTHING
    assert ListEdition.objects.active().count() == 3
    assert JournalEntry.objects.count() == 0
