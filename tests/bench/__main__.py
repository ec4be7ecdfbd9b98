"""`make bench`: how fast the hot paths are on this machine, as one JSON object a line.

Also appended to `var/bench.jsonl`. Everything is measured on SQLite and, where a server answers, on
PostgreSQL (DATABASE_URL, else the usual port), each size in a process and a database of its own.
Sizes come from BENCH_ROWS (several, with commas between), BENCH_WORKBOOK_ROWS,
BENCH_IMPORT_EXPORT_ROWS, BENCH_CERTIFICATES, BENCH_REQUESTS,
BENCH_CASES, BENCH_AGENCIES and BENCH_SLIPS; the names that are
sought come from the file that SPONSORS names.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.bench.database import scratch_database

RESULTS = Path("var/bench.jsonl")
USUAL_SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
SIZES = [int(rows) for rows in os.environ.get("BENCH_ROWS", "100000,1000000,5000000").split(",")]
WORKBOOK_ROWS = int(os.environ.get("BENCH_WORKBOOK_ROWS", min(200_000, max(SIZES))))
IMPORT_EXPORT_ROWS = int(os.environ.get("BENCH_IMPORT_EXPORT_ROWS", min(20_000, min(SIZES))))
SPONSORS = Path(
    os.environ.get("SPONSORS", "../shared/samples/uk_home_office_sponsors_2021-07-26.csv.gz")
)
SLIPS = int(os.environ.get("BENCH_SLIPS", "1000"))


def main() -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, RESULTS.open("a") as kept:
        with _prepared(Path(folder), "sqlite:") as model:
            files = _files(Path(folder), model)
        limits = {rows: _limit(files[f"{rows}.csv"]) for rows in SIZES}
        for database, address in _databases().items():
            with _prepared(Path(folder), address) as model:
                for line in _of_database(model, files, limits):
                    said = json.dumps({"database": database, **line})
                    print(said, flush=True)  # noqa: T201 -- what it is for
                    kept.write(f"{said}\n")
                    kept.flush()


@contextmanager
def _prepared(folder: Path, address: str) -> Iterator[str]:
    """The address of a database with all tables and reference data, to be copied."""
    with (
        tempfile.TemporaryDirectory(dir=folder) as own,
        scratch_database(Path(own), address) as one,
    ):
        _run(one, own, "prepare")
        yield one


def _databases() -> dict[str, str]:
    server = os.environ.get("DATABASE_URL", USUAL_SERVER)
    found = {"sqlite": "sqlite:"}
    if server.startswith("postgres"):
        try:
            psycopg.connect(server, connect_timeout=3).close()
        except psycopg.Error:
            print("no PostgreSQL answers; measured on SQLite alone", file=sys.stderr)  # noqa: T201
        else:
            found["postgresql"] = server
    return found


def _files(folder: Path, model: str) -> dict[str, Path]:
    """The files of every size, drawn once from the real corridors by a seed."""
    for rows in SIZES:
        _worker(model, "draw", folder / f"{rows}.csv", rows)
    _worker(model, "draw", folder / "workbook.xlsx", WORKBOOK_ROWS)
    _worker(model, "draw", folder / "clean.csv", IMPORT_EXPORT_ROWS)
    return {path.name: path for path in folder.iterdir()}


def _limit(path: Path) -> float:
    command = [sys.executable, "-m", "tests.bench.limit", str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _of_database(
    address: str, files: dict[str, Path], limits: dict[int, float]
) -> Iterator[dict[str, Any]]:
    others = _worker(address, "import_export", files["clean.csv"], IMPORT_EXPORT_ROWS)
    a_row = others[0]["seconds"] / others[0]["rows"]
    yield from others
    seconds: dict[int, float] = {}
    for rows in SIZES:
        limit = limits[rows]
        yield {
            "name": "limit_duckdb",
            "rows": rows,
            "seconds": round(limit, 2),
            "peak_mb": None,
            "ratios": {},
        }
        path = files[f"{rows}.csv"]
        for line in [
            *_worker(address, "whole", path, rows),
            *_worker(address, "stored_then_judged", path, rows),
        ]:
            if line["name"] == "import_and_judge":
                seconds[rows] = line["seconds"]
                line["ratios"] |= {
                    "to_duckdb": round(line["seconds"] / limit, 1),
                    "import_export_to_ours_a_row": round(a_row * rows / line["seconds"]),
                }
                if rows > SIZES[0]:
                    earlier = max(size for size in seconds if size < rows)
                    line["ratios"][f"to_{earlier}_rows"] = round(
                        line["seconds"] / seconds[earlier], 2
                    )
            yield line
    yield from _worker(address, "workbook", files["workbook.xlsx"], WORKBOOK_ROWS)
    yield from _worker(address, "documents_and_answers", Path(), 0)
    yield from _worker(address, "lists", Path(), 0)
    if SPONSORS.exists():
        yield from _worker(address, "search", SPONSORS, SLIPS)
    else:
        print(f"no list of sponsors at {SPONSORS}: search not measured", file=sys.stderr)  # noqa: T201


def _worker(model: str, what: str, path: Path, rows: int) -> list[dict[str, Any]]:
    """The lines that one measure prints, in a process and a database of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        scratch_database(Path(folder), model, model) as own,
    ):
        return _run(own, folder, what, str(path), str(rows))


def _run(address: str, folder: str, what: str, path: str = "", rows: str = "0") -> list[Any]:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VAR_ROOT": folder,
        "DATABASE_URL": address,
        "LOG_LEVEL": "ERROR",
        "IMPORT_MAX_MEGABYTES": "2000",
        "DATABASE_STATEMENT_SECONDS": "3600",
    }
    command = [sys.executable, "-m", "tests.bench.worker", what, path, rows]
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]


main()
