import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.lib.plain_text import clean, name_key, pieces, similarity, skeleton, trigrams, words

NAUGHTY = json.loads(
    (Path(__file__).parents[2] / "vectors" / "blns.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("  Care\u00a0 and\tCure \n", "Care and Cure", id="blanks are single"),
        pytest.param("Cafe\u0301", "Café", id="composed"),
        pytest.param("a\x00b\x1bc\x9f", "abc", id="controls go"),
        pytest.param("invoice\u202egpj.exe", "invoicegpj.exe", id="the override goes"),
        pytest.param("\u2066a\u2069\u200b\ufeff\u00adb", "ab", id="isolates and fillers go"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="a joiner that Persian needs stays"),
        pytest.param("\u200fعيادة", "\u200fعيادة", id="a direction mark stays"),
        pytest.param("😀 👩\u200d⚕️", "😀 👩\u200d⚕️", id="emoji stay"),
        pytest.param("\ud800lone", "lone", id="half a character goes"),
        pytest.param("O’Brien & Söhne", "O’Brien & Söhne", id="nothing to do"),
        pytest.param("", "", id="empty"),
    ],
)
def test_clean(text, expected):
    assert clean(text) == expected


def test_clean_keeps_lines_where_lines_are_meant():
    assert clean("\r\none \r\ntwo\u2028three\x85\n\n", multiline=True) == "one\ntwo\nthree"
    assert clean("one\n\n  two", multiline=True) == "one\n\n  two"


@given(st.text() | st.sampled_from(NAUGHTY), st.booleans())
def test_clean_text_can_be_stored_and_stays_as_it_is(text, multiline):
    stored = clean(text, multiline=multiline)

    assert clean(stored, multiline=multiline) == stored
    assert stored.encode("utf-8").decode("utf-8") == stored
    assert unicodedata.is_normalized("NFC", stored)
    assert not {"\x00", "\r", "\u202e", "\u2066", "\u200b"} & set(stored)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ACME Care Ltd.", "acme care"),
        ("Acme Care Limited", "acme care"),
        ("Acme-Care, L.L.C.", "acme care"),
        ("ACME CARE (PVT) LTD", "acme care"),
        ("Acme Care GmbH & Co. KG", "acme care"),
        ("ＡＣＭＥ Care S.A.R.L.", "acme care"),
        ("Âcmé Cåre Sp. z o.o.", "acme care"),
        ("Smith & Sons", "smith and sons"),
        ("Rest and", "rest and"),
        ("Limited", "limited"),
        ("Ltd Ltd", "ltd"),
        ("O'Brien’s", "obriens"),
        ("Straße Łódź Ærø", "strasse lodz aero"),
        ("Инновация", "инновация"),
        ("مُحَمَّد", "محمد"),
        ("हिन्दी", "हिन्दी"),
        ("!!!", ""),
        ("", ""),
    ],
)
def test_name_key(text, expected):
    assert name_key(text) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("Acme Care", "Асmе Саrе", id="Cyrillic"),
        pytest.param("ACME CARE", "АСМЕ САRЕ", id="Cyrillic capitals"),
        pytest.param("Nova", "Νονα", id="Greek"),
        pytest.param("Acme Care", "Ac\u200bme C\u200dare", id="zero width"),
        pytest.param("Global Health", "G1oba1 Hea1th", id="digits"),
        pytest.param("Modern Nurses", "Modem Nurses", id="rn for m"),
        pytest.param("IRIS", "lris", id="capital i and small l"),
        pytest.param("Acme Care Ltd", "ACME-CARE", id="dress"),
        pytest.param("Paypal", "Pаypаl", id="mixed scripts"),
    ],
)
def test_look_alikes_share_a_skeleton(left, right):
    assert skeleton(left) == skeleton(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Acme Care", "Acme Cure"), ("Nigeria Care", "Niger Care"), ("Bright", "Blight")],
)
def test_names_that_look_different_do_not(left, right):
    assert skeleton(left) != skeleton(right)


def test_trigrams_are_padded_by_word():
    assert trigrams("Ca re") == {"  c", " ca", "ca ", "  r", " re", "re "}
    assert trigrams("CÁ!") == trigrams("ca")
    assert trigrams("") == trigrams("…") == set()


@given(st.text(max_size=40))
def test_the_pieces_of_a_stored_key_need_no_second_reading(text):
    for key in (name_key(text), skeleton(text)):
        assert pieces(key.split()) == trigrams(key)


def test_similarity():
    assert similarity(trigrams("Acme Care"), trigrams("acme CARE")) == 1.0
    assert similarity(trigrams("Acme Care"), trigrams("Acme Cara")) == pytest.approx(8 / 12)
    assert similarity(trigrams("Acme"), trigrams("")) == 0.0
    assert similarity(set(), set()) == 0.0


@given(st.text() | st.sampled_from(NAUGHTY))
def test_a_key_is_its_own_key(text):
    assert " ".join(words(name_key(text))) == name_key(text)
    assert name_key(text) == name_key(text.swapcase()) or not text.isascii()
    assert trigrams(text) == trigrams(clean(text))
    assert isinstance(skeleton(text), str)
