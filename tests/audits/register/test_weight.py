"""What whoever scans a code has to load: the page and what it names, as a browser is sent it."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings

from tests.factories import certificates as certify

pytestmark = pytest.mark.django_db

MOST = 30_000
BROWSER = {"HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_ENCODING": "gzip, br"}
ASSET = re.compile(r'(?:href|src)="/static/([^"]+\.(?:css|mjs|js|svg))"')


def weight(client, address):
    """Bytes of the page and of its style sheet, scripts and icon; fonts are not counted."""
    page = client.get(address, **BROWSER)
    assert page["Content-Encoding"] == "gzip"
    html = client.get(address, HTTP_ACCEPT="text/html").content.decode()
    static = Path(settings.STATIC_BUILD)
    names = set(ASSET.findall(html))
    scripts = {name for name in names if name.endswith((".mjs", ".js"))}
    # what the one script of the page imports
    for name in scripts:
        names |= set(re.findall(r'from "\./([^"]+)"', (static / name).read_text()))
    assert {"registry.css", "registry.mjs"} <= names
    # as whitenoise compresses them when they are collected
    assets = sum(len(brotli.compress((static / name).read_bytes())) for name in names)
    return len(page.content) + assets


def test_the_page_of_a_certificate_is_light(client):
    certificate = certify.published()
    assert weight(client, f"/verify/{certificate.number}/") <= MOST


def test_files_are_sent_as_they_are(client):
    certificate = certify.issued()
    answer = client.get(f"/verify/{certificate.number}/certificate.pdf", **BROWSER)
    assert not answer.has_header("Content-Encoding")
    answer.close()
