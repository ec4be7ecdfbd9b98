"""From HTML to a tagged PDF/A-3 document, on this machine's word alone.

Nothing is fetched: the fonts lie in a package, pictures are part of the HTML, and every other
address stops the rendering. The same HTML gives the same bytes in every process: the fonts are
named by a fonts.conf of our own, and no clock is read. Knows neither Django nor the register, so
that a child process starts quickly (`audits.documents.apart`).
"""

import datetime as dt
import os
import re
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree as Xml

STYLE_SHEET = Path(__file__).resolve().parents[2] / "templates" / "pdf/print.css"

VARIANT = "pdf/a-3a"
# Level A asks for a character behind every glyph. Devanagari joins letters into glyphs that stand
# for none, so a document with such a name claims level B; its words are in the attached statement.
VARIANT_OF_JOINED_LETTERS = "pdf/a-3b"
JOINED_LETTERS = re.compile("[\u0900-\u097f\ua8e0-\ua8ff]")
COLOURS = "sRGB"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_PDFUA = "http://www.aiim.org/pdfua/ns/id/"

# Latin, Arabic, Devanagari; print.css names them in this order.
FONT_PACKAGES = ("fontpkg_atkinson_hyperlegible", "fontpkg_ibm_plex_sans_arabic", "fontpkg_mukta")

_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>{folders}<cachedir>{cache}</cachedir></fontconfig>
"""

# PDF/A allows a property of PDF/UA only where its schema is described.
_UA_SCHEMA = f"""
<rdf:Description xmlns:rdf="{_RDF}" rdf:about=""
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>{_PDFUA}</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>Part of ISO 14289 that is followed</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


class RenderingRefused(Exception):
    """The document asks for something outside itself, or cannot be drawn within its limits."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that travels inside the document, as data that belong to it (ISO 32000-2, 7.11.3)."""

    name: str
    content: bytes
    description: str
    media_type: str


def render(html: str, *, dated: dt.date, attachments: Iterable[AttachedFile] = ()) -> bytes:
    """The PDF of `html`; the first call of a process loads the fonts and takes a second.

    `dated` is the day that the attached files carry; the document's own day stands in its HTML.
    """
    engine = _engine()
    variant = VARIANT_OF_JOINED_LETTERS if JOINED_LETTERS.search(html) else VARIANT
    try:
        page = engine.weasyprint.HTML(string=html, url_fetcher=engine.fetcher)
        document = page.render(
            font_config=engine.fonts,
            stylesheets=[engine.style],
            color_profiles={COLOURS: engine.profile()},
            pdf_variant=variant,
        )
        _claim_accessibility(document.metadata)
        return document.write_pdf(
            pdf_variant=variant,
            output_intent=COLOURS,
            finisher=_say_what_headers_head,
            attachments=[_attachment(engine, file, dated) for file in attachments],
        )
    except engine.fatal as refused:
        raise RenderingRefused(str(refused)) from None


@dataclass(frozen=True, slots=True)
class _Engine:
    """What is loaded once a process: half of a certificate's time goes into it otherwise."""

    weasyprint: Any
    fetcher: Any
    fatal: type[BaseException]
    fonts: Any
    style: Any
    profile_class: Any
    profile_bytes: bytes

    def profile(self) -> Any:
        """The colours that PDF/A asks for; WeasyPrint would open the file and leave it open."""
        return self.profile_class(
            BytesIO(self.profile_bytes), "sRGB2014.icc", "relative-colorimetric", ("r", "g", "b")
        )


@cache
def _engine() -> _Engine:
    with TemporaryDirectory(prefix="registry-fonts-") as folder:
        settled = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(_write_font_configuration(Path(folder)))
        try:
            # FontConfig reads its file when WeasyPrint is first imported
            import weasyprint  # noqa: PLC0415 -- takes a second; only workers draw
            from weasyprint.css import ColorProfile  # noqa: PLC0415
            from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
            from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: PLC0415

            fonts = FontConfiguration()
        finally:
            if settled is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = settled

    class NothingOutside(URLFetcher):
        """Reads what is written in the address itself (`data:`) and stops at anything else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url[:5].lower() != "data:":
                # derives from BaseException, or WeasyPrint would carry on without the file
                raise FatalURLFetchingError(f"The document asks for {url[:200]!r}.")
            return super().fetch(url, headers)

    fetcher = NothingOutside(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
    style = weasyprint.CSS(
        string=STYLE_SHEET.read_text(encoding="utf-8"), font_config=fonts, url_fetcher=fetcher
    )
    return _Engine(
        weasyprint=weasyprint,
        fetcher=fetcher,
        fatal=FatalURLFetchingError,
        fonts=fonts,
        style=style,
        profile_class=ColorProfile,
        profile_bytes=files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes(),
    )


def _write_font_configuration(folder: Path) -> Path:
    """A fonts.conf that knows our families and no other: the machine's fonts stay out."""
    configuration = folder / "fonts.conf"
    shipped = "".join(f"<dir>{files(name).joinpath('files')}</dir>" for name in FONT_PACKAGES)
    configuration.write_text(
        _FONTS.format(folders=shipped, cache=folder / "cache"), encoding="utf-8"
    )
    return configuration


def _attachment(engine: _Engine, file: AttachedFile, dated: dt.date) -> Any:
    moment = dt.datetime.combine(dated, dt.time(), tzinfo=dt.UTC)
    attachment = engine.weasyprint.Attachment(
        string=file.content,
        url_fetcher=engine.fetcher,
        name=file.name,
        description=file.description,
        created=moment,
        modified=moment,
        relationship="Data",
    )
    # by its name alone the type would be what the machine's own tables make of it
    attachment.source = nullcontext((BytesIO(file.content), None, None, file.media_type))
    return attachment


def _say_what_headers_head(_: Any, pdf: Any) -> None:
    """Give each header cell its scope: WeasyPrint ties cells to headers, which is less than asked.

    A row's header stands for no cell of its own column, so its column's header would head nothing.
    """
    tagged = {each.reference: each for each in pdf.objects if isinstance(each, dict)}
    for cell in tagged.values():
        if cell.get("S") == "/TH":
            group = tagged[tagged[cell["P"]]["P"]]
            scope = "/Column" if group["S"] == "/THead" else "/Row"
            cell["A"] = type(cell)({"O": "/Table", **(cell.get("A") or {}), "Scope": scope})


def _claim_accessibility(metadata: Any) -> None:
    """Say PDF/UA-1 (ISO 14289-1) beside PDF/A: WeasyPrint writes one claim a document."""
    archival = metadata.generate_rdf_metadata

    def both(variant: str, version: int, conformance: str | None) -> bytes:
        Xml.register_namespace("pdfuaid", _PDFUA)
        claims = Xml.fromstring(archival(variant, version, conformance))  # noqa: S314 -- our own
        claim = Xml.SubElement(claims, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""})
        claim.set(f"{{{_PDFUA}}}part", "1")
        claims.append(Xml.fromstring(re.sub(r"\s*\n\s*", " ", _UA_SCHEMA).replace("> <", "><")))  # noqa: S314 -- our own
        return Xml.tostring(claims, encoding="utf-8")

    metadata.generate_rdf_metadata = both
