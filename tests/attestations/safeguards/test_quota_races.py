"""Two imports that cite the last place of an agreement at once: on PostgreSQL, with two real
transactions, and with the lock taken away."""

import threading

import pytest
from django.db import connection

from attestations.models import Placement
from attestations.placements.applying import apply_import
from attestations.safeguards.revisions.quotas import places_of
from tests.factories import agencies as people
from tests.factories import attestations as make
from tests.factories import placements

pytestmark = [
    pytest.mark.postgresql_only,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
SETTLED = 'UPDATE "attestations_placementimport"'
PATIENCE = 5


def both_applied(imports, *, locked):
    """Each in a thread of its own; neither commits before both have settled the quota, unless the
    other one is made to wait for longer than PATIENCE."""
    settled = threading.Barrier(len(imports))
    problems = []

    def wait_for_the_other(execute, sql, params, many, context):
        if not locked and "attestations_agreement" in sql:
            sql = sql.replace(" FOR UPDATE", "")
        if sql.startswith(SETTLED):
            try:
                settled.wait(PATIENCE)
            except threading.BrokenBarrierError:
                settled.abort()
        return execute(sql, params, many, context)

    def run(import_id):
        try:
            with connection.execute_wrapper(wait_for_the_other):
                apply_import(import_id=import_id)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each.pk,)) for each in imports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def codes_by_reference():
    return {
        placement.reference: sorted(
            finding["code"]
            for finding in placement.verdict.findings
            if finding["code"] == "CAP-EXCEEDED"
        )
        for placement in Placement.objects.select_related("verdict")
    }


@pytest.fixture
def two_imports():
    make.reference()
    agreement = make.agreement("LAST-1", source="PHL", destination="IRL", quota=1)
    imports = [
        placements.imported(
            people.agency(), [placements.row(reference=reference, agreement="LAST-1")]
        )
        for reference in ("A", "B")
    ]
    return agreement, imports


def test_the_last_place_is_given_out_once(two_imports):
    agreement, imports = two_imports

    both_applied(imports, locked=True)

    # the agency that is older in the register is served first, whoever came first
    assert codes_by_reference() == {"A": [], "B": ["CAP-EXCEEDED"]}
    assert (places_of(agreement).used, places_of(agreement).left) == (1, 0)


def test_control_without_the_lock_it_is_given_out_twice(two_imports):
    _, imports = two_imports

    both_applied(imports, locked=False)

    assert codes_by_reference() == {"A": [], "B": []}
