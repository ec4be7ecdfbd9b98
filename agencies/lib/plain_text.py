"""Text from people: made storable without changing what it says, and keys to find it again by.

`clean` is for what is stored and shown. The keys (`name_key`, `skeleton`, `trigrams`) are for
comparing only; nothing is ever shown from them.
"""

import re
import unicodedata
from collections.abc import Iterable

# Characters that reorder or hide what stands around them (UAX 9 embeddings, overrides, isolates;
# zero-width fillers; tags). The plain direction marks, and the joiners that Persian and Indic
# scripts need, stay.
_HARMFUL = re.compile(
    r"[\u202a-\u202e\u2066-\u2069\u206a-\u206f\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\u00ad\u115f"
    r"\u1160\u3164\uffa0\U000e0000-\U000e007f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_END = re.compile(r"\r\n|[\r\x85\u2028\u2029]")
_INVISIBLE = re.compile(r"[\u200c-\u200f\u061c\u180e\ufe00-\ufe0f]")
_MARKS = re.compile(r"[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u064b-\u065f\u0670\u0640]")
_NOT_A_WORD = re.compile(r"[\W_]+")
_DOTS_AND_APOSTROPHES = re.compile(r"[.'’‘ʼ`´＇]")

_LETTERS_WITHOUT_MARK = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}
    | {"þ": "th", "ĸ": "k", "ŋ": "n"}
)

# Words that say what kind of company it is, not which one.
_FORMS = """
ab ag aps as asa bhd bv bvba co company corp corporation cv dac doo dooel eirl eood ev gbr ggmbh
gie gmbh inc incorporated kft kg kk lda limited limitada llc llp lp ltd ltda mbh nv oo ood oy oyj
pbc plc pllc private pt pte pty pvt sa sae saoc saog sarl sas sasu sdn sl slu snc sp spa spc spol
spzoo srl sro ug unlimited vof wll zrt
"""
LEGAL_FORMS = frozenset(_FORMS.split())
_BETWEEN_FORMS = LEGAL_FORMS | {"and", "z", "o", "s", "r"}

# Letters of other scripts, and digits, that a person takes for a Latin letter (after UTS 39).
_LOOKS_LIKE = str.maketrans(
    dict(zip("АВЕЅІЈКМНОРСТУХаеѕіјорсухԁһԛԝӏ", "ABESIJKMHOPCTYXaesijopcyxdhqwl", strict=True))
    | dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγικνορυωχ", "ABEZHIKMNOPTYXayikvopuwx", strict=True))
    | dict(zip("ɑɡɩıℓ∣│ǀ", "agiillll", strict=True))
    | dict(zip("ՕՍԼհոսօց", "OULhnuog", strict=True))
)
_SAME_SHAPE = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s"})


def clean(text: str, *, multiline: bool = False) -> str:
    """The text as it is stored: composed (NFC), without what is invisible and harmful.

    NUL and other controls, characters that override the direction of reading, and zero-width
    fillers go. Blanks are single and none stand at the ends; with `multiline`, lines are kept.
    """
    text = _LINE_END.sub("\n", text)
    text = _HARMFUL.sub("", _CONTROL.sub("", text))
    text = unicodedata.normalize("NFC", text)
    if not multiline:
        return " ".join(text.split())
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def words(text: str) -> list[str]:
    """The words of the text without case, marks, width and punctuation."""
    text = _CONTROL.sub("", _LINE_END.sub(" ", text.replace("\u00b4", "'")))
    text = _INVISIBLE.sub("", _HARMFUL.sub("", text))
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    text = unicodedata.normalize("NFC", _MARKS.sub("", text)).translate(_LETTERS_WITHOUT_MARK)
    text = _DOTS_AND_APOSTROPHES.sub("", text.replace("&", " and ").replace("+", " and "))
    if text.isascii():
        return _NOT_A_WORD.sub(" ", text).split()
    return "".join(letter if _in_a_word(letter) else " " for letter in text).split()


def name_key(text: str) -> str:
    """A key under which the same name in other dress is found: `ACME Care Ltd.` is `acme care`.

    Legal forms at the end are left out, unless nothing else would remain.
    """
    named = words(text)
    end = len(named)
    while end > 1 and named[end - 1] in _BETWEEN_FORMS:
        end -= 1
    if not any(word in LEGAL_FORMS for word in named[end:]):
        end = len(named)
    return " ".join(named[:end])


def skeleton(text: str) -> str:
    """A key that two names share when they look alike, whatever letters they are made of.

    Cyrillic, Greek and Armenian look-alikes, full-width forms, digits for letters and `rn` for `m`
    come out the same. It flags a name for a second look and proves nothing.
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", _HARMFUL.sub("", text)))
    text = unicodedata.normalize("NFKD", text.translate(_LOOKS_LIKE))
    key = name_key(text.translate(_LOOKS_LIKE)).replace(" ", "")
    return key.translate(_SAME_SHAPE).replace("rn", "m").replace("vv", "w")


def trigrams(text: str) -> set[str]:
    """The three-letter pieces of each word, padded as PostgreSQL's pg_trgm does it.

    The same on every database, because it is made here.
    """
    return pieces(words(text))


def pieces(named: Iterable[str]) -> set[str]:
    """The three-letter pieces of words as `words` gives them, and as a stored key holds them."""
    return {
        padded[at : at + 3]
        for word in named
        for padded in (f"  {word} ",)
        for at in range(len(padded) - 2)
    }


def similarity(left: set[str], right: set[str]) -> float:
    """How much two sets of trigrams share, from 0 to 1."""
    return len(left & right) / len(left | right) if left and right else 0.0


def _in_a_word(letter: str) -> bool:
    """Letters and digits, and the vowel signs that some scripts write as marks."""
    return letter.isalnum() or unicodedata.category(letter) in {"Mn", "Mc"}
