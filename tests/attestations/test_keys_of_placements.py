"""On PostgreSQL the keys of placements are checked set by set (migration 0014), as keys are."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from attestations.placements.models import Placement
from tests.factories import agencies
from tests.factories import placements as make

pytestmark = [pytest.mark.postgresql_only, pytest.mark.slow]

COLUMNS = {
    "agency_id": "agencies_agency",
    "placement_import_id": "attestations_placementimport",
    "verdict_id": "attestations_verdict",
}
NOBODY = 987_654_321


@pytest.fixture
def two(reference):
    """Two placements of one file."""
    make.applied(agencies.agency(), [make.row(reference="A"), make.row(reference="B")])
    return Placement.objects.order_by("reference")


def refusal(statement, *parameters):
    """What the database says against a statement; None where it is taken."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            # what is left of ordinary keys is asked here, and not at a commit that never comes
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as refused:
        return str(refused).splitlines()[0]
    return None


def keys():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.attname FROM pg_constraint c JOIN pg_attribute a"
            " ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.contype = 'f' AND c.conrelid = 'attestations_placement'::regclass"
        )
        constraints = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT relpersistence FROM pg_class WHERE relname = 'attestations_stagedplacement'"
        )
        return constraints & COLUMNS.keys(), cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize("column", COLUMNS)
def test_a_placement_never_comes_to_name_what_is_not_there(two, column):
    missing = f"a placement names a row of {COLUMNS[column]} that is not there"
    changed = refusal(
        f"UPDATE attestations_placement SET {column} = %s WHERE reference = 'B'", NOBODY
    )
    names = [
        field.column for field in Placement._meta.concrete_fields if field.column not in ("id",)
    ]
    taken = [
        "%s" if name == column else "'C'" if name == "reference" else f'"{name}"' for name in names
    ]
    columns = ", ".join(f'"{name}"' for name in names)
    added = refusal(
        f"INSERT INTO attestations_placement ({columns}) SELECT {', '.join(taken)}"
        " FROM attestations_placement WHERE reference = 'A'",
        NOBODY,
    )

    assert (changed, added) == (missing, missing)
    assert two.filter(**{column: NOBODY}).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("column", COLUMNS)
def test_what_a_placement_names_never_goes(two, column):
    named = two.values_list(column, flat=True)[0]
    refused = refusal(f"DELETE FROM {COLUMNS[column]} WHERE id = %s", named)

    assert refused == f"a placement names a row of {COLUMNS[column]} that would go"


@pytest.mark.django_db
def test_nothing_named_is_no_fault(two):
    taken = refusal("UPDATE attestations_placement SET verdict_id = NULL WHERE reference = 'B'")

    assert taken is None


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_migration_goes_back_and_forth_with_placements_there(two):
    with_sets = keys()
    call_command("migrate", "attestations", "0013", verbosity=0)
    by_row = keys()
    refused = refusal("UPDATE attestations_placement SET verdict_id = %s", NOBODY)
    call_command("migrate", "attestations", verbosity=0)

    assert (with_sets, by_row, keys()) == ((set(), "u"), (set(COLUMNS), "p"), (set(), "u"))
    assert "violates foreign key constraint" in refused
    assert two.count() == 2
