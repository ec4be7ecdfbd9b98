"""The register's people in a process of their own: `python deciding_worker.py`.

Issues a certificate and says which, then does what each line of its input names: `suspension`,
`restoration` or `withdrawal`. After each it says when the act was committed (`time.monotonic`,
which all processes of a machine share).
"""

import json
import sys
import time

import django

django.setup()

from django.utils import timezone  # noqa: E402 -- after setup

from audits.keys.enums import Purpose  # noqa: E402
from audits.keys.signing import current  # noqa: E402
from audits.transparency.queries import size  # noqa: E402
from config.celery import app  # noqa: E402
from tests.factories import certificates as certify  # noqa: E402


def main():
    # what an act sends to a worker is done here and now
    app.conf.task_always_eager = True
    people = certify.people()
    certificate = certify.issued(people.agency)
    for purpose in Purpose:
        current(purpose, at=timezone.now())
    say(
        number=certificate.number,
        agency=people.agency.register_number,
        index=certificate.status_index,
        log=size(),
    )
    for line in sys.stdin:
        certify.confirmed(certificate, people, kind=line.strip())
        say(committed=time.monotonic(), log=size())


def say(**said):
    print(json.dumps(said), flush=True)  # noqa: T201 -- what it is for


main()
