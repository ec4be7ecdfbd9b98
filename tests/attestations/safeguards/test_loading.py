"""What is published does not change, and a file that is wrong in any way changes nothing."""

import hashlib
import shutil
from datetime import date

import pytest

from agencies.models import JournalEntry
from attestations.models import Agreement, ListEdition, ListEntry, NationalGrade
from attestations.safeguards.loading import AlreadyPublished, load_safeguards
from attestations.safeguards.reading import FOLDER, FileRefused
from tests.factories.attestations import LOADED_AT

pytestmark = pytest.mark.usefixtures("reference")
ENTRIES, EDITIONS = "safeguards_list_entries.csv", "safeguards_list_editions.csv"
ENGLAND = "national_list_england.csv"
AGREEMENT = (
    "EX-1,Example agreement,BGD,SAU,2020-01-01,2024-06-30,2221 2222,yes,no,25,read here,yes\n"
)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "safeguards")


def edit(folder, name, before, after, *, sealed=True):
    """Change a file; `sealed` puts its new digest beside it, as a new release would."""
    path = folder / name
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    if sealed:
        new = hashlib.sha256(path.read_bytes()).hexdigest()
        listed = folder / "lists.toml"
        listed.write_text(listed.read_text().replace(old, new))


def state():
    return (
        list(ListEdition.objects.order_by("label").values_list("label", "digest")),
        ListEntry.objects.count(),
        NationalGrade.objects.count(),
        Agreement.objects.count(),
        JournalEntry.objects.count(),
    )


GHANA_2020 = "2020,GH,GHA,Ghana,AFR,carried"


@pytest.mark.parametrize(
    ("name", "before", "after", "message"),
    [
        pytest.param(
            ENTRIES,
            GHANA_2020,
            "2020,KE,KEN,Kenya,AFR,added",
            "The edition 2020 is kept already and differs: KEN (Kenya) is in the file only; "
            "GHA (Ghana) is missing from the file. What is published never changes: load a new "
            "one under a name of its own.",
            id="another country",
        ),
        pytest.param(
            ENTRIES,
            GHANA_2020,
            "2020,GH,GHA,Republic of Ghana,AFR,carried",
            "The edition 2020 is kept already and differs: GHA is kept as “Ghana”, the file says "
            "“Republic of Ghana”. What is published never changes: load a new one under a name of "
            "its own.",
            id="another name",
        ),
        pytest.param(
            EDITIONS,
            "2021-02-25,2021-02-25,2023-03-08",
            "2021-02-25,2021-02-26,2023-03-08",
            "The edition 2020 is kept already and differs: valid from: kept as “2021-02-25”, the "
            "file says “2021-02-26”. What is published never changes: load a new one under a name "
            "of its own.",
            id="another day",
        ),
        pytest.param(
            ENGLAND,
            "NP,NPL,Nepal,amber,2022-08-22",
            "NP,NPL,Nepal,red,2022-08-22",
            "The national list england is kept already and differs: NPL red from 2022-08-22 is in "
            "the file only; NPL amber from 2022-08-22 is not in the file. What is published never "
            "changes: load a new one under a name of its own.",
            id="another grade",
        ),
    ],
)
def test_what_is_published_never_changes(folder, name, before, after, message):
    edit(folder, name, before, after)
    was = state()

    with pytest.raises(AlreadyPublished) as refused:
        load_safeguards(at=LOADED_AT, folder=folder)

    assert str(refused.value) == message
    assert state() == was


@pytest.mark.parametrize(
    ("name", "before", "after", "problems"),
    [
        pytest.param(
            ENTRIES,
            GHANA_2020,
            "2020,QQ,QQQ,Nowhere,AFR,carried",
            ["Edition 2020: QQQ is no country that is known here."],
            id="no country",
        ),
        pytest.param(
            ENTRIES,
            GHANA_2020,
            "2020,TG,TGO,Togo,AFR,carried",
            ["Edition 2020: TGO is there 2 times."],
            id="a country twice",
        ),
        pytest.param(
            ENTRIES,
            GHANA_2020 + "\n",
            "",
            ["Edition 2020: 46 rows are there, and 47 should be."],
            id="a country less",
        ),
        pytest.param(
            ENTRIES,
            GHANA_2020,
            "2021,GH,GHA,Ghana,AFR,carried",
            [
                "Edition 2020: 46 rows are there, and 47 should be.",
                "Countries are given for the edition 2021, which is not there.",
            ],
            id="an edition that is not there",
        ),
        pytest.param(
            ENGLAND,
            "GH,GHA,Ghana,red,",
            "GH,GHA,Ghana,purple,",
            ["Row 18: “purple” is no grade."],
            id="a grade that is none",
        ),
    ],
)
def test_a_file_that_is_wrong_is_refused_whole(folder, name, before, after, problems):
    edit(folder, name, before, after)
    was = state()

    with pytest.raises(FileRefused) as refused:
        load_safeguards(at=LOADED_AT, folder=folder)

    assert refused.value.problems == problems
    assert state() == was


def test_a_file_that_was_altered_in_silence_is_refused(folder):
    edit(folder, ENTRIES, GHANA_2020, "2020,KE,KEN,Kenya,AFR,added", sealed=False)

    with pytest.raises(FileRefused) as refused:
        load_safeguards(at=LOADED_AT, folder=folder)

    assert refused.value.problems == [
        "safeguards_list_entries.csv is not the file that was taken over: its SHA-256 differs."
    ]


def test_a_new_edition_of_a_later_release_waits_for_a_steward(folder):
    line = "\n2027,Example list 2027,2027-03-01,2027-03-01,,1,certain,invented for a test"
    last = "region counts UN Geneva press briefing Mar 2023"
    edit(folder, EDITIONS, last, last + line)
    edit(folder, ENTRIES, GHANA_2020, "2027,GH,GHA,Ghana,AFR,carried\n" + GHANA_2020)

    kept = load_safeguards(at=LOADED_AT, folder=folder)

    [new] = [str(each) for each in kept if each.is_new]
    assert new == (
        "loaded: List edition 2027, in force from 2027-03-01 (1 rows); not active: a data steward "
        "has to activate it"
    )
    assert ListEdition.objects.in_force(date(2027, 6, 1)).label == "2023"


def test_agreements_are_loaded_once_and_never_changed(folder):
    path = folder / "agreements.csv"
    header = path.read_text()
    path.write_text(header + AGREEMENT)

    for _ in range(2):
        load_safeguards(at=LOADED_AT, folder=folder)

    agreement = Agreement.objects.confirmed().get()
    assert (agreement.source_country_id, agreement.occupations, agreement.quota) == (
        "BGD",
        ["2221", "2222"],
        25,
    )
    assert (agreement.agencies_may_act, agreement.health_ministry_takes_part) == (True, False)
    assert agreement.is_invented
    path.write_text(header + AGREEMENT.replace("25", "250"))
    with pytest.raises(AlreadyPublished, match="quota: kept as “25”, the file says “250”"):
        load_safeguards(at=LOADED_AT, folder=folder)


def test_every_cell_of_an_agreement_that_is_wrong_is_named(folder):
    path = folder / "agreements.csv"
    row = "EX-1,,QQQ,SAU,01/02/2020,,nurse,perhaps,no,many,read here,yes\n"
    path.write_text(path.read_text() + row + AGREEMENT + AGREEMENT)

    with pytest.raises(FileRefused) as refused:
        load_safeguards(at=LOADED_AT, folder=folder)

    assert refused.value.problems == [
        "Row 2, title: this may not be empty.",
        "Row 2, occupations: “nurse” is no ISCO-08 code.",
        "Row 2, agencies_may_act: “perhaps” is neither yes nor no.",
        "Row 2, quota: “many” is no whole number.",
        "Row 2, valid_from: “01/02/2020” is no day: write it as YYYY-MM-DD.",
        "Row 2: QQQ is no country that is known here.",
        "Row 3: an earlier row has the same reference.",
        "Row 4: an earlier row has the same reference.",
    ]
