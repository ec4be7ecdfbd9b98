import csv
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.countries.spellings import (
    DATA,
    Candidate,
    CountryAmbiguous,
    CountryRefused,
    CountryUnknown,
    Place,
    Resolver,
    default_resolver,
    resolve,
    resolve_with_part,
)

PROJECT = Path(__file__).parents[3]


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answer(text):
    try:
        return resolve(text)
    except CountryAmbiguous as refused:
        return {candidate.iso3 for candidate in refused.candidates}


@pytest.mark.parametrize(
    "file", ["country_name_variants.csv", "country_name_variants_more.csv", "countries.csv"]
)
def test_every_known_spelling_names_its_country_or_is_refused_as_shared(file):
    spelled = [
        (row[column], row["iso3"])
        for row in rows(file)
        for column in row
        if column.startswith("name_")
    ]

    wrong = {
        text: (iso3, answer(text))
        for text, iso3 in spelled
        if answer(text) != iso3 and iso3 not in answer(text)
    }
    refused = {text for text, iso3 in spelled if answer(text) != iso3}

    assert wrong == {}
    assert refused <= {"Congo", "Micronesia", "刚果", "Конго", "الكونغو"}


def test_every_demonym_names_its_country_or_is_refused_as_shared():
    for row in rows("demonym_to_iso3.csv"):
        if row["ambiguous"] == "N":
            assert resolve(row["demonym"]) == row["iso3"]
        else:
            with pytest.raises(CountryRefused):
                resolve(row["demonym"])


def test_every_code_and_every_name_shown_is_taken():
    resolver = default_resolver()

    for row in rows("countries.csv"):
        iso2, iso3 = row["iso2"], row["iso3"]
        forms = [iso2, iso3, iso3.lower(), f" {iso3}\t", resolver.name(iso3)]
        forms += [resolver.name(iso3).upper(), resolver.name(iso3).lower()]
        assert {form: resolve(form) for form in forms} == dict.fromkeys(forms, iso3)
    assert len(resolver.codes()) == len(rows("countries.csv"))


NEIGHBOURS = [
    ("Niger", "NER"),
    ("Nigeria", "NGA"),
    ("Nigerien", "NER"),
    ("Nigerian", "NGA"),
    ("Guinea", "GIN"),
    ("Guinea-Bissau", "GNB"),
    ("Guinea Bissau", "GNB"),
    ("Equatorial Guinea", "GNQ"),
    ("Guinea, Equatorial", "GNQ"),
    ("Papua New Guinea", "PNG"),
    ("Guinea (Conakry)", "GIN"),
    ("French Guiana", "GUF"),
    ("Guyana", "GUY"),
    ("Samoa", "WSM"),
    ("Western Samoa", "WSM"),
    ("American Samoa", "ASM"),
    ("Samoa, American", "ASM"),
    ("Sudan", "SDN"),
    ("The Sudan", "SDN"),
    ("South Sudan", "SSD"),
    ("Sudan, South", "SSD"),
    ("Federated States of Micronesia", "FSM"),
    ("Micronesia (Federated States of)", "FSM"),
    ("Dominica", "DMA"),
    ("Dominican Republic", "DOM"),
    ("The Dominican Republic", "DOM"),
    ("Georgia", "GEO"),
    ("South Georgia and the South Sandwich Islands", "SGS"),
    ("Ireland", "IRL"),
    ("Republic of Ireland", "IRL"),
    ("Ireland, Republic of", "IRL"),
    ("British Virgin Islands", "VGB"),
    ("US Virgin Islands", "VIR"),
    ("U.S. Virgin Islands", "VIR"),
    ("Virgin Islands (U.S.)", "VIR"),
    ("Democratic Republic of the Congo", "COD"),
    ("Congo, Democratic Republic of the", "COD"),
    ("Congo (Democratic Republic)", "COD"),
    ("DR Congo", "COD"),
    ("D.R.C.", "COD"),
    ("Congo-Kinshasa", "COD"),
    ("Republic of the Congo", "COG"),
    ("Congo, Rep.", "COG"),
    ("Congo (Brazzaville)", "COG"),
    ("Congo (the)", "COG"),
    ("Republic of Korea", "KOR"),
    ("Korea (South)", "KOR"),
    ("Korea, Rep.", "KOR"),
    ("Democratic People’s Republic of Korea", "PRK"),
    ("Korea, North", "PRK"),
    ("Macao", "MAC"),
    ("Mauritius", "MUS"),
    ("Mauritania", "MRT"),
    ("Slovakia", "SVK"),
    ("Slovenia", "SVN"),
    ("Australia", "AUS"),
    ("Austria", "AUT"),
    ("Iran", "IRN"),
    ("Iraq", "IRQ"),
    ("Gambia", "GMB"),
    ("Zambia", "ZMB"),
    ("Mali", "MLI"),
    ("Malawi", "MWI"),
    ("Swaziland", "SWZ"),
    ("Switzerland", "CHE"),
    ("Liberia", "LBR"),
    ("Libya", "LBY"),
    ("China", "CHN"),
    ("Taiwan", "TWN"),
]


@pytest.mark.parametrize(("text", "iso3"), NEIGHBOURS)
def test_near_names_are_kept_apart(text, iso3):
    assert resolve(text) == iso3


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("côte d'ivoire", "CIV"),
        ("COTE D’IVOIRE", "CIV"),
        ("Cote d`Ivoire", "CIV"),
        ("Ivory Coast", "CIV"),
        ("Burma", "MMR"),
        ("Zaire", "COD"),
        ("Simbabwe", "ZWE"),
        ("Demokratische Republik Kongo", "COD"),
        ("Cape Verde", "CPV"),
        ("East Timor", "TLS"),
        ("Turkiye", "TUR"),
        ("TURKEY", "TUR"),
        ("Czechia", "CZE"),
        ("Holland", "NLD"),
        ("U.K.", "GBR"),
        ("u.s.a.", "USA"),
        ("UAE", "ARE"),
        ("The Gambia", "GMB"),
        ("Gambia (the)", "GMB"),
        ("the  Philippines ", "PHL"),
        ("Republic of the Philippines", "PHL"),
        ("Republic of Ghana", "GHA"),
        ("Republic of Nigeria", "NGA"),
        ("Trinidad & Tobago", "TTO"),
        ("St. Lucia", "LCA"),
        ("Saint Lucia", "LCA"),
        ("São Tomé & Príncipe", "STP"),
        ("Sao Tome and Principe", "STP"),
        ("Lao Peoples Democratic Republic", "LAO"),
        ("l'Afghanistan", "AFG"),
        ("le Niger", "NER"),
        ("Royaume-Uni", "GBR"),
        ("غانا", "GHA"),
        ("加纳", "GHA"),
        ("Гана", "GHA"),
        ("Gha\u200bna", "GHA"),
        ("Ｇｈａｎａ", "GHA"),
        ("Ghana*", "GHA"),
        ("Cote\u0302 d'Ivoire".replace("Cote\u0302", "Co\u0302te"), "CIV"),
        ("NA", "NAM"),
        ("NO", "NOR"),
        ("GH", "GHA"),
        ("gh", "GHA"),
        ("Gha", "GHA"),
    ],
)
def test_dress_does_not_matter(text, iso3):
    assert resolve(text) == iso3


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Zanzibar", Place("TZA", "Zanzibar")),
        ("Zanzibar, Tanzania", Place("TZA", "Zanzibar")),
        ("England", Place("GBR", "England")),
        ("ENGLAND (UK)", Place("GBR", "England")),
        ("Scotland, United Kingdom", Place("GBR", "Scotland")),
        ("Scottish", Place("GBR", "Scotland")),
        ("Wales", Place("GBR", "Wales")),
        ("Northern Ireland", Place("GBR", "Northern Ireland")),
        ("Ireland, Northern", Place("GBR", "Northern Ireland")),
        ("Northern Irish", Place("GBR", "Northern Ireland")),
        ("GB-SCT", Place("GBR", "Scotland")),
        ("Great Britain", Place("GBR", None)),
        ("Ghana", Place("GHA", None)),
    ],
)
def test_a_part_without_a_code_is_its_country_and_is_remembered(text, place):
    assert resolve_with_part(text) == place
    assert resolve(text) == place.iso3


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Congo", ["COG", "COD"]),
        ("the Congo", ["COG", "COD"]),
        ("Le Congo", ["COG", "COD"]),
        ("CONGO", ["COG", "COD"]),
        ("Congolese", ["COG", "COD"]),
        ("Kongo", ["COG", "COD"]),
        ("Korea", ["KOR", "PRK"]),
        ("korean", ["KOR", "PRK"]),
        ("Guinean", ["GIN", "GNB"]),
        ("Dominican", ["DMA", "DOM"]),
        ("Republic of Dominica", ["DMA", "DOM"]),
        ("Virgin Islands", ["VGB", "VIR"]),
        ("Channel Islander", ["JEY", "GGY"]),
        ("Dutch Antillean", ["BES", "CUW", "SXM"]),
        ("Republic of China", ["CHN", "TWN"]),
        ("China, Republic of", ["CHN", "TWN"]),
        ("Micronesia", ["FSM", "GUM", "KIR", "MHL", "MNP", "NRU", "PLW"]),
        ("Rhodesia", ["ZMB", "ZWE"]),
        ("Timor", ["IDN", "TLS"]),
        ("New Guinea", ["PNG", "IDN"]),
        ("Serbia and Montenegro", ["SRB", "MNE"]),
    ],
)
def test_a_name_that_several_share_is_refused_with_all_of_them(text, codes):
    with pytest.raises(CountryAmbiguous) as refused:
        resolve(text)

    assert [candidate.iso3 for candidate in refused.value.candidates] == codes


# Each is one step from a country and none is one: nothing may come out.
NEAR_MISSES = (Path(__file__).parent / "near_misses.txt").read_text(encoding="utf-8").splitlines()


def test_there_are_enough_near_misses():
    assert len(set(NEAR_MISSES)) == len(NEAR_MISSES) >= 200


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_a_near_miss_is_refused(text):
    with pytest.raises(CountryRefused):
        resolve(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Nigerr",
            (
                "“Nigerr” is not a country name that is known here. "
                "Did you mean Niger (NER) or Nigeria (NGA)?"
            ),
        ),
        (
            "Congo",
            (
                "“Congo” can mean more than one country. Type COG for Congo (Republic of the) "
                "or COD for Democratic Republic of the Congo."
            ),
        ),
        (
            "na",
            "“na” is not a country name that is known here. Did you mean Namibia (NAM)?",
        ),
        (
            "qwzx",
            (
                "“qwzx” is not a country name that is known here. "
                "Type its English name or its ISO code, such as GHA."
            ),
        ),
        ("  ", "No country was given. Type its English name or its ISO code, such as GHA."),
        ("-", "No country was given. Type its English name or its ISO code, such as GHA."),
        (
            "Kosovo",
            "Kosovo has no code in ISO 3166-1; the register cannot record it as a country.",
        ),
        ("West Africa", "This is a region. Type the country."),
    ],
)
def test_the_refusal_says_what_to_type(text, message):
    with pytest.raises(CountryRefused) as refused:
        resolve(text)

    assert str(refused.value) == message


def test_suggestions_are_given_as_data_too():
    with pytest.raises(CountryUnknown) as refused:
        resolve("Nigerr")

    assert refused.value.suggestions == (Candidate("NER", "Niger"), Candidate("NGA", "Nigeria"))
    assert refused.value.text == "Nigerr"


def test_a_very_long_text_is_refused_without_being_printed():
    with pytest.raises(CountryUnknown) as refused:
        resolve("Ghana " * 10_000)

    assert len(str(refused.value)) < 200


@given(st.text(max_size=200))
def test_any_text_is_one_country_or_a_refusal(text):
    try:
        iso3 = resolve(text)
    except CountryRefused:
        return
    assert iso3 in default_resolver().codes()
    assert resolve(unicodedata.normalize("NFD", text)) == iso3


def test_a_spelling_that_two_files_give_to_two_countries_is_refused(tmp_path):
    for source in DATA.glob("*.csv"):
        (tmp_path / source.name).write_bytes(source.read_bytes())
    with (tmp_path / "country_name_variants_more.csv").open("a", encoding="utf-8") as file:
        file.write("Ruritania,GHA,,test\nRuritania,TGO,,test\nElbonia,KEN,UGA,test\n")
    resolver = Resolver(tmp_path)

    for text, codes in (("Ruritania", ["GHA", "TGO"]), ("Elbonia", ["KEN", "UGA"])):
        with pytest.raises(CountryAmbiguous) as refused:
            resolver.resolve(text)
        assert [candidate.iso3 for candidate in refused.value.candidates] == codes


def test_our_own_file_may_not_contradict_the_others(tmp_path):
    for source in DATA.glob("*.csv"):
        (tmp_path / source.name).write_bytes(source.read_bytes())
    with (tmp_path / "country_spellings_added.csv").open("a", encoding="utf-8") as file:
        file.write("Ghana,TGO,,test\n")

    with pytest.raises(ValueError, match="'GHANA' is added as TGO, but known as GHA"):
        Resolver(tmp_path)


def test_a_spelling_seen_before_costs_a_look_into_a_table():
    resolver = default_resolver()
    resolver.resolve("Republic of Ghana")

    started = time.perf_counter()
    for _ in range(100_000):
        resolver.resolve("Republic of Ghana")

    assert time.perf_counter() - started < 0.5


def test_it_loads_quickly_and_without_django():
    script = (
        "import sys, time; started = time.perf_counter();"
        "from agencies.countries.spellings import resolve; resolve('GHA');"
        "assert not any(name.split('.')[0] == 'django' for name in sys.modules);"
        "assert time.perf_counter() - started < 1"
    )

    subprocess.run([sys.executable, "-c", script], cwd=PROJECT, check=True)
