"""The demonstration's placements: the same from the same seed, over real corridors, invented."""

from datetime import date

import pytest

from attestations.crosscheck.enums import Mode
from config.demo import portfolio
from config.demo.story import HABITS, ROWS

HABIT = portfolio.Habits(
    destinations=("GBR", "IRL"),
    first=date(2011, 1, 1),
    last=date(2026, 9, 30),
    active_from_listed=0.0,
    fee_charged=0.01,
    unanswered=0.01,
    spoiled=0.05,
)
LISTED = frozenset({"NGA", "PAK", "SDN", "GHA"})


def drawn(seed="one", habits=HABIT, count=2000):
    return list(
        portfolio.rows(
            habits,
            prefix="T",
            count=count,
            seed=seed,
            listed=lambda country, day: country in LISTED,
        )
    )


def test_the_same_seed_draws_the_same_rows_and_another_draws_others():
    assert drawn() == drawn()
    assert drawn() != drawn(seed="two")


def test_every_mode_appears_and_rows_run_over_every_year():
    rows = [right for _, right in drawn()]

    assert {row.mode for row in rows} == {mode.value for mode in Mode}
    assert {row.recruited_on[:4] for row in rows} == {str(year) for year in range(2011, 2027)}


def test_an_agency_that_does_not_recruit_actively_from_listed_countries_does_not():
    active = {"AGENCY", "EMPLOYER", "ONLINE_AD", "REFERRAL", "G2G"}

    assert [right for _, right in drawn() if right.source in LISTED and right.mode in active] == []


def test_a_spoiled_row_keeps_its_reference_and_differs_from_the_right_one():
    spoiled = [(wrong, right) for wrong, right in drawn() if wrong != right]

    assert 40 <= len(spoiled) <= 160
    assert all(wrong.reference == right.reference for wrong, right in spoiled)


def test_a_corridor_stands_in_the_published_figures():
    published = {(dest, source) for dest, source, _ in portfolio.corridors(("GBR", "IRL"))}

    assert {(right.destination, right.source) for _, right in drawn()} <= published


def test_the_story_holds_at_least_twenty_thousand_rows():
    assert sum(ROWS.values()) >= 20_000
    assert HABITS.keys() == ROWS.keys()


@pytest.mark.parametrize("count", [0, 3])
def test_a_file_has_a_heading_and_a_line_for_each_row(tmp_path, count):
    path = tmp_path / "rows.csv"

    written = portfolio.write(path, (right for _, right in drawn(count=count)))

    assert (written, len(path.read_text().splitlines())) == (count, count + 1)


def test_a_file_that_was_not_written_to_its_end_is_not_there(tmp_path):
    def interrupted():
        yield next(right for _, right in drawn(count=1))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        portfolio.write(tmp_path / "rows.csv", interrupted())

    assert not (tmp_path / "rows.csv").exists()
