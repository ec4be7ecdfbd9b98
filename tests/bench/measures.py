"""Certificates and answers, each against the bare thing beneath it in the same run."""

import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from django.utils import timezone
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from audits.certificates.document import certificate_html, render_certificate
from audits.documents.sealing import seal
from audits.keys.algorithms import key_id_of
from audits.keys.signing import sign_statement
from audits.models import Certificate
from tests.bench.serving import requests_a_second, server
from tests.factories import certificates as certificate_records


def size(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


def timed(act: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def certificates():
    """Milliseconds a certificate, warm, beside WeasyPrint alone on the same HTML."""
    count = size("BENCH_CERTIFICATES", 30)
    statement = certificate_records.issued().statement.encode()
    signature, key = sign_statement(statement, at=timezone.now())
    html = certificate_html(statement=statement, key_id=key_id_of(key.public_key))
    fonts = FontConfiguration()
    plain = [CSS(string="body { font-family: sans-serif }", font_config=fonts)]

    def ours() -> None:
        render_certificate(statement=statement, signature=signature, public_key=key.public_key)

    def bare() -> None:
        HTML(string=html).write_pdf(stylesheets=plain, font_config=fonts)

    drawn = render_certificate(statement=statement, signature=signature, public_key=key.public_key)

    def sealed() -> None:
        seal(drawn, at=timezone.now())

    acts = (ours, bare, sealed)
    for act in acts:
        act()
    rounds = [[timed(act) for act in acts] for _ in range(count)]
    mine, alone, seals = (median(column) * 1000 for column in zip(*rounds, strict=True))
    yield {
        "name": "certificate",
        "rows": count,
        "ms": round(mine, 1),
        "weasyprint_alone_ms": round(alone, 1),
        "seal_ms": round(seals, 1),
        "ratios": {"to_weasyprint_alone": round(mine / alone, 2)},
    }


def answers():
    """Answers a second of the verify JSON, beside a bare view with one indexed query."""
    count = size("BENCH_REQUESTS", 4000)
    number = Certificate.objects.values_list("number", flat=True).first()
    environment = {
        "VAR_ROOT": os.environ["VAR_ROOT"],
        "DATABASE_URL": os.environ["DATABASE_URL"],
    }
    with server(environment) as port:
        ours, bare = [], []
        for _ in range(3):
            ours.append(requests_a_second(port, f"/verify/{number}/?format=json", count=count))
            bare.append(requests_a_second(port, f"/bare/{number}/", count=count))
    yield {
        "name": "verify_json",
        "rows": count,
        "per_second": round(median(ours)),
        "bare_view_per_second": round(median(bare)),
        "ratios": {"bare_to_ours": round(median(bare) / median(ours), 2)},
    }
