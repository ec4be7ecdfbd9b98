"""What takes minutes (`make test-long`): the same promises, held over many more examples."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.invariants import run_all
from attestations.crosscheck.engine import load_lists
from attestations.enums import ImportState
from attestations.models import Placement
from attestations.placements.applying import apply_import
from attestations.placements.reading import read_import
from attestations.placements.services import start_import
from config.demo import portfolio
from tests.attestations.crosscheck import by_chance, test_keys, test_oracle
from tests.attestations.crosscheck.strategies import agencies, lists, records
from tests.attestations.placements.test_injected_faults import check_round_trip
from tests.factories.agencies import agency

pytestmark = pytest.mark.long

ROWS = 100_000
THOROUGHLY = settings(test_keys.QUICKLY, max_examples=20_000, derandomize=False)

test_equal_keys_give_equal_facts = THOROUGHLY(
    given(records, test_keys.steps, lists, agencies, st.booleans())(
        test_keys.test_equal_keys_give_equal_facts.hypothesis.inner_test
    )
)
test_equal_facts_give_equal_verdicts_and_digests = THOROUGHLY(
    given(records, records, lists, agencies)(
        test_keys.test_equal_facts_give_equal_verdicts_and_digests.hypothesis.inner_test
    )
)


@pytest.mark.django_db
def test_a_hundred_thousand_rows_leave_every_invariant_standing(reference, tmp_path):
    recruiter = agency()
    path = tmp_path / "many.csv"
    habits = portfolio.Habits(
        destinations=("GBR", "IRL", "DEU", "CAN", "AUS", "NZL", "USA", "NOR"),
        first=date(2011, 1, 1),
        last=date(2026, 9, 30),
        active_from_listed=0.3,
        fee_charged=0.02,
        unanswered=0.05,
        spoiled=0.05,
    )
    drawn = portfolio.rows(
        habits, prefix="L", count=ROWS, seed="long", listed=lambda country, day: country == "NGA"
    )
    portfolio.write(path, (first for first, _ in drawn))

    counted = [_imported(recruiter, path) for _ in range(2)]

    first, again = counted
    assert [record.state for record in counted] == [ImportState.APPLIED, ImportState.APPLIED]
    assert first.rows_new + first.rows_refused + first.rows_duplicate == ROWS
    assert (again.rows_new, again.rows_changed) == (0, 0)
    assert again.rows_unchanged == first.rows_new == Placement.objects.count()
    assert [sentence for sentence, violations in run_all() if violations] == []


@pytest.mark.parametrize(
    ("seed", "kind"),
    [(seed, "csv") for seed in range(100, 600)] + [(seed, "xlsx") for seed in range(100, 350)],
)
def test_exactly_the_faults_of_a_file_are_told_and_can_be_mended(reference, seed, kind):
    check_round_trip(seed, kind)


@pytest.mark.django_db
@pytest.mark.parametrize("check", [test_oracle.check_values, test_oracle.check_stored])
def test_twenty_thousand_placements_are_judged_as_each_would_be_alone(check):
    by_chance.invented_documents()

    check(load_lists(), 20_000)


def _imported(recruiter, path):
    with path.open("rb") as file:
        record = start_import(
            agency_id=recruiter.pk, file=file, name=path.name, by=None, send=False
        )
    read_import(import_id=record.pk)
    apply_import(import_id=record.pk)
    record.refresh_from_db()
    return record
