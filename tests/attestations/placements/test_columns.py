import pytest

from attestations.placements.columns import COLUMNS, column_called
from attestations.placements.layout import looks_personal
from attestations.placements.models import PlacementColumns


def test_the_columns_fill_every_field_that_a_placement_states_and_no_other():
    stated = {field.name for field in PlacementColumns._meta.get_fields()} - {"unresolved"}

    assert {column.field for column in COLUMNS} == stated | {"reference"}


def test_no_name_of_a_column_is_claimed_twice_or_looks_personal():
    spellings = [
        (spelling, column.name)
        for column in COLUMNS
        for spelling in (column.name, column.field, *column.aliases)
    ]

    assert [
        (spelling, name) for spelling, name in spellings if column_called(spelling).name != name
    ] == []
    assert [column.name for column in COLUMNS if looks_personal(column.name)] == []


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("reference", "reference"),
        ("  REFERENCE ", "reference"),
        ("Country of residence", "residence"),
        ("country_of_residence", "residence"),
        ("Destination Country", "destination"),
        ("Employer's name", None),
        ("employer name", "employer"),
        ("Recruitment date", "recruited_on"),
        ("ｒｅｆ", "reference"),
    ],
)
def test_a_header_is_known_by_our_name_or_one_of_peoples(header, name):
    found = column_called(header)

    assert (found and found.name) == name
