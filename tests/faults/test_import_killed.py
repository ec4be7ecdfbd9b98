"""A worker that is killed while it reads or saves a file: a real worker, and a real SIGKILL.

The register is an SQLite file of its own, made by migrations, so that what a worker leaves on the
disk is all that the next one knows.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]

# what each worker runs; `die` names the function in whose place it is killed
WORKER = """
import json, os, signal, sys
from datetime import timedelta
from io import BytesIO
import django
django.setup()
from agencies.invariants import run_all
from agencies.models import Agency
from attestations.placements import applying, chunks, reading, services, staging
from attestations.placements.models import Placement, PlacementImport, StagedPlacement
from attestations.reference import load_reference
from django.utils import timezone
from tests.factories import agencies, placements as make

chunks.CHUNK = 10

def killed(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

act = sys.argv[1]
if act == "prepare":
    load_reference(at=timezone.now())
    agency = agencies.agency()
    make.applied(agency, [make.row(reference="R1", residence="Ghana")])
    services.start_import(
        agency_id=agency.pk,
        file=BytesIO(make.csv_file([make.row(reference=f"R{at}") for at in range(50)])),
        name="x.csv", by=None, send=False,
    )
record = PlacementImport.objects.latest("pk")
if act == "read and die":
    staging._Staging.finish = killed
    reading.read_import(import_id=record.pk)
if act == "read":
    PlacementImport.objects.filter(state="running").update(
        claimed_at=timezone.now() - reading.LEASES["csv"] - timedelta(seconds=1)
    )
    reading.read_import(import_id=record.pk)
if act == "save and die":
    applying.settle_quotas = killed
    applying.apply_import(import_id=record.pk)
if act == "save":
    applying.apply_import(import_id=record.pk)
record.refresh_from_db()
print(json.dumps({
    "state": record.state,
    "staged": StagedPlacement.objects.count(),
    "placements": Placement.objects.count(),
    "from the Philippines": Placement.objects.filter(residence="PHL").count(),
    "violations": [found for _, violations in run_all() for found in violations],
}))
"""


@pytest.fixture
def worker(tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'registry.sqlite3'}",
        "VAR_ROOT": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }

    def run(*command):
        return subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, check=False
        )

    migrated = run("manage.py", "migrate", "-v0")
    assert migrated.returncode == 0, migrated.stderr.decode()
    return lambda act: run("-c", WORKER, act)


def told(worker, act):
    ended = worker(act)
    assert ended.returncode == 0, ended.stderr.decode()
    return json.loads(ended.stdout.splitlines()[-1])


def test_a_worker_killed_on_the_way_leaves_nothing_half_done_and_the_next_one_finishes(worker):
    prepared = told(worker, "prepare")
    killed_reading = worker("read and die").returncode
    after_reading = told(worker, "look")
    read_again = told(worker, "read")
    killed_saving = worker("save and die").returncode
    after_saving = told(worker, "look")
    saved = told(worker, "save")

    unsaved = {"placements": 1, "from the Philippines": 0}
    assert (killed_reading, killed_saving) == (-signal.SIGKILL, -signal.SIGKILL)
    assert prepared == {"state": "queued", "staged": 0, **unsaved, "violations": []}
    # fifty rows wait in a file that nobody sees, until its claim runs out
    assert after_reading == {"state": "running", "staged": 50, **unsaved, "violations": []}
    assert read_again == {"state": "preview", "staged": 50, **unsaved, "violations": []}
    assert after_saving == read_again
    assert saved == {
        "state": "applied",
        "staged": 0,
        "placements": 50,
        "from the Philippines": 50,
        "violations": [],
    }
