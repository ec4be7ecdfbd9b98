"""What the workers of `test_issuing_killed` run: `python issuing_worker.py ACT [WHERE]`.

`prepare` decides on an audit, so that a certificate waits; `issue` works on it and dies at WHERE;
`go on` is the next worker, which first tells what the public sees.
"""

import json
import os
import signal
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402 -- after setup
from django.db.models import F  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from agencies.invariants import run_all  # noqa: E402
from agencies.lib.stored_files import stored_digests  # noqa: E402
from agencies.models import JournalEntry  # noqa: E402
from audits.certificates import services  # noqa: E402
from audits.certificates.services import issuing  # noqa: E402
from audits.documents import keeping  # noqa: E402
from audits.documents.checking import check  # noqa: E402
from audits.models import Certificate, CertificateScope  # noqa: E402
from audits.reports.services import issue_report  # noqa: E402
from config.celery import app  # noqa: E402
from tests.factories import audits as make  # noqa: E402

# what is prepared waits here for the worker that the test starts
app.conf.broker_url = "memory://"


def die():
    os.kill(os.getpid(), signal.SIGKILL)


class Half(BytesIO):
    """A document of which half reaches the disk."""

    def read(self, size=-1, /):
        if self.tell():
            die()
        return super().read(len(self.getbuffer()) // 2)


def prepare():
    make.decided(make.case())
    certificate = Certificate.objects.get()
    issue_report(report_id=certificate.decision.audit.report.pk)


def issue(where):
    certificate = Certificate.objects.get()

    def at_step(step):
        if step == where:
            die()

    if where == "half a file":
        keeping.BytesIO = Half
    services.issue_certificate(certificate_id=certificate.pk, at_step=at_step)
    if where == "committed":
        die()


def look():
    certificate = Certificate.objects.get()
    page = Client().get(reverse("register:verify", args=(certificate.number,)), {"format": "json"})
    paper = Client().get(reverse("register:certificate_pdf", args=(certificate.number,)))
    given = b"".join(paper.streaming_content) if paper.status_code == 200 else b""
    verbs = JournalEntry.objects.filter(verb__startswith="certificate.")
    return {
        "number": certificate.number,
        "state": certificate.state,
        "public": page.json()["status"],
        "paper": check(given).kind if given else None,
        "verbs": list(verbs.order_by("position").values_list("verb", flat=True)),
        "certificates": Certificate.objects.count(),
        "open corridors": CertificateScope.objects.filter(ended_at=None).count(),
        "violations": [found for _, violations in run_all() for found in violations],
        "torn files": [
            digest
            for digest in stored_digests(Path(settings.DOCUMENT_ROOT))
            if keeping.condition(digest) != "intact"
        ],
    }


def go_on():
    between = look()
    # the dead worker's lease runs out
    Certificate.objects.update(claimed_at=F("claimed_at") - issuing.LEASE - timedelta(seconds=1))
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    between["sent again"] = services.resume_prepared()
    return {"between": between, "after": look()}


def main(act, *where):
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = {"prepare": prepare, "issue": lambda: issue(*where), "go on": go_on}[act]()
    sys.stdout.write(f"{json.dumps(answer)}\n")


main(*sys.argv[1:])
