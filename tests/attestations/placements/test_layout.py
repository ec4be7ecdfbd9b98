import pytest

from attestations.placements.columns import BY_NAME, COLUMNS
from attestations.placements.layout import (
    NO_NAMES,
    ColumnsRefused,
    lay_out,
    looks_personal,
    read_mapping,
    recognised,
)

OURS = f"which is none of our columns. Ours are: {', '.join(BY_NAME)}."
NEEDED = [column.name for column in COLUMNS if column.required]


@pytest.mark.parametrize(
    "header",
    [
        *("Name", "names", "Surname", "First name", "last_name", "LastName", "Full Name", "Worker"),
        *("nom", "Prénom", "Apellidos", "Nombre", "Nachname", "worker name", "Candidate's name"),
        *("passport", "Passport No.", "passeport", "Date of birth", "DOB", "born", "birth date"),
        *("e-mail", "Email address", "E Mail", "phone", "Mobile number", "WhatsApp", "téléphone"),
        *("National ID", "identity card number", "Social insurance number", "home address"),
    ],
)
def test_a_header_that_speaks_of_a_person_is_personal(header):
    assert looks_personal(header)


@pytest.mark.parametrize(
    "header",
    [
        *("employer name", "Name of hospital", "country name", "Job name", "agreement name"),
        *("hospital address", "worker id", "nurse grade", "salary", "", "  ", "notes", "PIN"),
    ],
)
def test_a_header_that_speaks_of_a_thing_is_not_personal(header):
    assert not looks_personal(header)


def test_columns_are_laid_out_in_any_order_and_unknown_ones_left_aside():
    headers = ["salary", *reversed(NEEDED), "notes", ""]

    layout = lay_out(headers)

    assert layout.aside == ("salary", "notes")
    assert {name: headers[at] for name, at in layout.positions.items()} == {
        name: name for name in NEEDED
    }


def test_every_missing_column_is_told_with_what_was_found_and_what_may_be_meant():
    with pytest.raises(ColumnsRefused) as refused:
        lay_out(["ref", "Residencee", "destination", "salary"])

    assert refused.value.reasons == (
        "The column residence is missing (Country where the worker lived when recruited).",
        "Is “Residencee” meant?",
        "The column qualified_as is missing (Occupation the worker is qualified in).",
        "The column placed_as is missing (Occupation of the post).",
        "The column mode is missing (How recruiter and worker came together).",
        f"The column recruited_on is missing ({BY_NAME['recruited_on'].words}).",
        "Columns found: ref, destination.",
        "Columns we do not know: Residencee, salary.",
    )


def test_a_workers_name_is_refused_with_the_reason():
    with pytest.raises(ColumnsRefused) as refused:
        lay_out([*NEEDED, "First name", "passport"])

    assert refused.value.personal
    assert str(refused.value) == (
        "These columns look like personal details of a worker: "
        f"“First name”, “passport”; {NO_NAMES}."
    )


def test_a_mapping_does_not_bring_a_workers_name_in():
    with pytest.raises(ColumnsRefused) as refused:
        lay_out(["Name", *NEEDED[1:]], {"Name": "reference"})

    assert refused.value.personal


def test_the_same_column_under_two_names_is_refused():
    with pytest.raises(ColumnsRefused) as refused:
        lay_out([*NEEDED, "Country of residence"])

    assert refused.value.reasons == (
        "“residence” and “Country of residence” both say residence. Keep one of them.",
    )


def test_a_mapping_says_which_header_fills_which_column():
    mapping = read_mapping({"Pays": "residence", "Vers": "Destination country", "residence": None})
    headers = ["Pays", "vers", "residence", *(set(NEEDED) - {"residence", "destination"})]

    layout = lay_out(headers, mapping)

    assert (layout.positions["residence"], layout.positions["destination"]) == (0, 1)
    assert layout.aside == ("residence",)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (
            ["Pays"],
            'The mapping must be one JSON object: {"header in the file": "our column"}.',
        ),
        (
            {"Pays": "land of origin"},
            f"The mapping sends “Pays” to “land of origin”, {OURS}",
        ),
        (
            {"Pays": 3},
            f"The mapping sends “Pays” to “3”, {OURS}",
        ),
    ],
)
def test_a_mapping_that_says_nothing_is_refused(given, reason):
    with pytest.raises(ColumnsRefused) as refused:
        read_mapping(given)

    assert refused.value.reasons == (reason,)


def test_a_mapping_of_a_header_that_is_not_there_is_told():
    with pytest.raises(ColumnsRefused) as refused:
        lay_out(NEEDED, {"Pays": "residence"})

    assert refused.value.reasons == (
        "The mapping speaks of a column “Pays”, which the file does not have.",
    )


def test_a_header_row_is_told_by_how_many_of_our_columns_it_names():
    assert recognised(["ref", "Reference", "residence", "x"]) == 2
