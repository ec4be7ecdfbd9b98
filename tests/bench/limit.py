"""The limit: DuckDB reads the same CSV and joins the lists to it, and nothing is stored."""

import sys
import time
from pathlib import Path

import duckdb

LISTS = Path(__file__).parents[2] / "attestations" / "data" / "safeguards"


def seconds_of(path: Path) -> float:
    """From the file to the count of each finding, on two threads."""
    with duckdb.connect() as database:
        database.execute("SET threads = 2")
        for name in ("safeguards_list_entries", "safeguards_list_editions"):
            database.execute(
                f"CREATE TABLE {name} AS FROM read_csv(?, all_varchar = true)",
                [str(LISTS / f"{name}.csv")],
            )
        begin = time.perf_counter()
        database.execute(
            """
            WITH dated AS (
                SELECT *, try_cast(recruited_on AS DATE) AS day
                FROM read_csv(?, all_varchar = true, header = true)
            ), editions AS (
                SELECT edition, CAST(valid_from AS DATE) AS since FROM safeguards_list_editions
            ), placed AS (
                SELECT d.*, e.edition AS in_force FROM dated d
                ASOF LEFT JOIN editions e ON d.day >= e.since
            )
            SELECT mode, in_force, l.iso3 IS NOT NULL AS is_listed,
                   t.iso3 IS NOT NULL AS trained_in_listed, fees = 'none' AS no_fees,
                   source <> residence AS differs, started_on < recruited_on AS early, count(*)
            FROM placed p
            LEFT JOIN safeguards_list_entries l ON l.iso3 = residence AND l.edition = in_force
            LEFT JOIN safeguards_list_entries t ON t.iso3 = training AND t.edition = in_force
            GROUP BY ALL
            """,
            [str(path)],
        ).fetchall()
        return time.perf_counter() - begin


if __name__ == "__main__":
    print(seconds_of(Path(sys.argv[1])))  # noqa: T201 -- what it is for
