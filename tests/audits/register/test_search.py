"""Search: any spelling of any name, at once after a change, and the same on both databases."""

import random
from datetime import date

import pytest
from django.core.management import call_command

from agencies import journal
from agencies.models import Agency
from agencies.names import name_keys
from audits.models import NameIndex, NameTrigram
from audits.register.search import (
    bring_index_up_to_date,
    index_agency,
    index_everything,
    near_names,
    search,
)
from tests.factories import agencies as make
from tests.factories import certificates as certify

pytestmark = pytest.mark.django_db


def named(name, **stated):
    agency = make.agency(name, **stated)
    index_agency(agency)
    return agency


def names(text):
    return [hit.agency.legal_name for hit in search(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Florence Nightingale Recruiting Ltd", id="as registered"),
        pytest.param("florence nightingale recruiting limited", id="another legal form"),
        pytest.param("  FLORENCE   NIGHTINGALE ", id="case and blanks"),
        pytest.param("Nightingale", id="one word of it"),
        pytest.param("Florense Nightingale", id="one wrong letter"),
        pytest.param("Florence Nightngale", id="one letter missing"),
        pytest.param("Nightingale Florence", id="another order"),
        pytest.param("Flórençe Nightingâle", id="marks"),
        pytest.param("Ｆｌｏｒｅｎｃｅ Nightingale", id="full width"),
        pytest.param("Fl\u043er\u0435nc\u0435 Nightingale", id="Cyrillic look-alikes"),
        pytest.param("F1orence Nightingale", id="a digit for a letter"),
    ],
)
def test_a_name_is_found_in_any_spelling(text):
    named("Florence Nightingale Recruiting Ltd")
    named("Harbour Care Ltd")

    assert names(text) == ["Florence Nightingale Recruiting Ltd"]


@pytest.mark.parametrize("text", ["", "   ", "?!", "\x00", "zzzz", "Ltd", "Ω" * 200])
def test_what_names_nobody_finds_nobody(text):
    named("Harbour Care Ltd")

    assert names(text) == []


def test_the_likest_comes_first():
    for name in ("Harbour Care Dublin", "Harbour Care", "Harbour Nursing"):
        named(name)

    assert names("Harbour Care")[:2] == ["Harbour Care", "Harbour Care Dublin"]


def test_a_trading_or_former_name_leads_to_the_agency():
    agency = make.agency("Plain Example Ltd")
    make.agency_name(agency, "Golden Bridge Nurses", kind="trading")
    make.agency_name(agency, "Silver Gate", kind="former", valid_until=date(2024, 1, 1))
    index_agency(agency)

    assert {text: search(text)[0].name for text in ("golden bridge", "silver gate")} == {
        "golden bridge": "Golden Bridge Nurses",
        "silver gate": "Silver Gate",
    }


def test_a_number_leads_to_its_agency_however_it_is_typed():
    agency = named("Harbour Care Ltd")
    certificate = certify.published(agency)
    number = agency.register_number

    found = [
        [hit.agency for hit in search(text)]
        for text in (number, number.lower(), f" {number[:4]}-{number[4:]} ", certificate.number)
    ]

    assert found == [[agency]] * 4


def test_the_number_of_a_certificate_never_issued_leads_nowhere():
    certificate = certify.prepared(named("Harbour Care Ltd"))

    assert search(certificate.number) == []


def test_whoever_is_registered_or_renamed_is_found_before_the_index_knows():
    agency = make.agency("Brand New Example")
    journal.record("agency.registered", agency, by=None)
    assert names("brand new") == ["Brand New Example"]

    bring_index_up_to_date()
    Agency.objects.filter(pk=agency.pk).update(
        legal_name="Entirely Other Name", **name_keys("Entirely Other Name")
    )
    agency.refresh_from_db()
    journal.record("agency.renamed", agency, by=None)
    assert names("entirely other") == ["Entirely Other Name"]


def test_bringing_the_index_up_to_date_takes_what_changed_and_nothing_twice():
    first, second = make.agency("First Example"), make.agency("Second Example")
    journal.record("agency.registered", first, by=None)
    journal.record("agency.registered", second, by=None)
    entry = journal.record("user.deactivated", make.user(), by=None)

    assert (bring_index_up_to_date(), bring_index_up_to_date()) == (2, 0)
    assert NameIndex.objects.get().position == entry.position


def test_a_name_that_is_no_longer_borne_leaves_the_index():
    agency = named("Harbour Care Ltd")
    Agency.objects.filter(pk=agency.pk).update(
        legal_name="Quay Nursing", **name_keys("Quay Nursing")
    )
    agency.refresh_from_db()

    index_agency(agency)

    assert not NameTrigram.objects.filter(trigram="har").exists()
    assert names("Quay Nursing") == ["Quay Nursing"]


def test_everything_can_be_indexed_anew(capsys):
    make.agency("Harbour Care Ltd")

    call_command("index_register", "--all")
    call_command("index_register")

    assert names("harbour") == ["Harbour Care Ltd"]
    assert capsys.readouterr().out.splitlines() == [
        "Indexed the names of 1 agencies.",
        "Indexed the names of 0 agencies.",
    ]


def test_searching_writes_nothing(reads_only):
    agency = make.agency("Harbour Care Ltd")
    journal.record("agency.registered", agency, by=None)

    with reads_only():
        assert names("harbour") == ["Harbour Care Ltd"]


def test_near_names_are_those_that_could_be_taken_for_it():
    agency = named("Harbour Care Ltd")
    twin, other = named("Harb0ur Care Limited", country="IND"), named("Mountain Nurses")

    near = [hit.agency for hit in near_names(agency)]

    assert (twin in near, other in near, agency in near) == (True, False, False)


@pytest.mark.slow
def test_one_wrong_letter_among_many_names():
    """Names of invented agencies; a slip in any of them still finds it among the first ten."""
    chance = random.Random(7)
    first = ["Harbour", "Golden", "Northern", "Bright", "Silver", "Atlantic", "Green", "Royal"]
    second = ["Bridge", "Care", "Nursing", "Health", "Medical", "Gate", "Valley", "Horizon"]
    third = ["Recruitment", "Staffing", "Partners", "Services", "International", "Group"]
    for number in range(60):
        words = [chance.choice(words) for words in (first, second, third)]
        named(f"{' '.join(words)} {chr(65 + number % 26)}{chr(97 + number // 26)}")
    missed = []
    for agency in Agency.objects.all():
        name = agency.legal_name
        at = chance.randrange(1, len(name) - 4)
        slip = name[:at] + chance.choice("bcdfgkx") + name[at + 1 :]
        if agency not in [hit.agency for hit in search(slip, limit=10)]:
            missed.append(slip)

    assert missed == []


def test_indexing_twice_changes_nothing():
    named("Harbour Care Ltd")
    before = set(NameTrigram.objects.values_list("pk", flat=True))

    index_everything()

    assert set(NameTrigram.objects.values_list("pk", flat=True)) == before
