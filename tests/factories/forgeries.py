"""What a forger makes of a sealed document, by name: none of it may count as the document.

The classes are those that fooled PDF viewers (pdf-insecurity.org: USF, SWA, ISA, shadow attacks)
and those that fool a check of "the first signature is intact, valid and trusted".
"""

import io
import re
from dataclasses import dataclass

import pikepdf
from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from audits.documents.sealing import ROOM
from tests.factories.documents import self_signed

FLIPS = 230
CUTS = 24
ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

name = generic.NameObject


@dataclass(frozen=True)
class Place:
    """Where the seal of a document lies in its bytes."""

    ranges: tuple[int, int, int, int]
    written: bytes

    @property
    def hole(self):
        return self.ranges[1], self.ranges[2]


def place_of(sealed):
    (found,) = re.finditer(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\] *", sealed)
    return Place(tuple(int(each) for each in found.groups()), found[0])


def contents_of(sealed):
    start, end = place_of(sealed).hole
    return bytes.fromhex(sealed[start + 1 : end - 1].decode())


def with_contents(sealed, contents):
    """The document with another signature in the place of its own."""
    start, end = place_of(sealed).hole
    digits = contents.hex().encode().ljust(end - start - 2, b"0")
    assert len(digits) == end - start - 2
    return sealed[: start + 1] + digits + sealed[end - 1 :]


def with_ranges(sealed, ranges):
    """The document with other words for what its signature spans, in the same room."""
    place = place_of(sealed)
    return sealed.replace(place.written, ranges.ljust(len(place.written)))


def flipped(sealed):
    """One bit of one byte, in many places: in the document, the seal, and what follows."""
    step = len(sealed) / FLIPS
    for number in range(FLIPS):
        at = int(number * step)
        altered = bytearray(sealed)
        altered[at] ^= 1 << (number % 8)
        yield f"flip at {at}", bytes(altered)


def cut_and_lengthened(sealed):
    for number in range(1, CUTS):
        yield f"cut to {number} of {CUTS}", sealed[: len(sealed) * number // CUTS]
    for words, tail in {
        "a line": b"\n",
        "a NUL": b"\0",
        "spaces": b"   \n",
        "a comment": b"% nothing\n",
        "an end of file": b"%%EOF\n",
        "another start": b"startxref\n0\n%%EOF\n",
        "itself": sealed,
        "a thousand NULs": bytes(1000),
        "a web page": b"<html><script>alert(1)</script></html>",
    }.items():
        yield f"followed by {words}", sealed + tail
    yield "preceded by a line", b"\n" + sealed
    yield "preceded by a web page", b"<html>" + sealed
    yield "without its last line", sealed.rstrip(b"\n")
    yield "with other line ends", sealed.replace(b"\n", b"\r\n")


# --- what is added behind -------------------------------------------------------------------------


def _overlay(writer):
    """A white sheet over everything, and other words on it."""
    stream = generic.StreamObject(stream_data=b"q 1 1 1 rg 0 0 600 900 re f Q")
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(stream)
    writer.update_container(page)


def _annotation(writer):
    note = generic.DictionaryObject(
        {
            name("/Type"): name("/Annot"),
            name("/Subtype"): name("/FreeText"),
            name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (50, 700, 550, 800))),
            name("/Contents"): generic.TextStringObject("Valid for ever"),
            name("/DA"): generic.TextStringObject("/Helv 20 Tf"),
        }
    )
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])
    writer.update_container(page)


def _page(writer):
    pages = writer.root["/Pages"]
    page = generic.DictionaryObject(
        {
            name("/Type"): name("/Page"),
            name("/Parent"): writer.root.raw_get("/Pages"),
            name("/MediaBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))),
        }
    )
    pages["/Kids"].append(writer.add_object(page))
    pages["/Count"] = generic.NumberObject(int(pages["/Count"]) + 1)
    writer.update_container(pages)


def _script(writer):
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {name("/S"): name("/JavaScript"), name("/JS"): generic.TextStringObject("app.alert(1)")}
    )
    writer.update_root()


def _language(writer):
    writer.root["/Lang"] = generic.TextStringObject("fr")
    writer.update_root()


def _field(writer):
    box = generic.DictionaryObject(
        {name("/FT"): name("/Tx"), name("/T"): generic.TextStringObject("More")}
    )
    form = writer.root["/AcroForm"]
    form["/Fields"].append(writer.add_object(box))
    writer.update_container(form)


def _no_seal(writer):
    del writer.root["/AcroForm"]
    writer.update_root()


def _no_certification(writer):
    del writer.root["/Perms"]
    writer.update_root()


def _attachment(writer):
    files = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    files[1]["/EF"]["/F"] = writer.add_object(generic.StreamObject(stream_data=b"{}"))
    writer.update_container(files[1])


def _nothing(writer):
    writer.update_root()


APPENDED = {
    "other content": _overlay,
    "a note over it": _annotation,
    "a page": _page,
    "a script": _script,
    "a language": _language,
    "a field": _field,
    "no seal": _no_seal,
    "no certification": _no_certification,
    "another attachment": _attachment,
    "the same catalogue": _nothing,
}


def appended(sealed):
    """Revisions behind the seal: the signature stays intact over what it spans."""
    for words, change in APPENDED.items():
        writer = IncrementalPdfFileWriter(io.BytesIO(sealed), strict=False)
        change(writer)
        out = io.BytesIO()
        writer.write(out)
        yield f"appended: {words}", out.getvalue()
    # incremental saving attacks: a body without what belongs to it
    catalogue = b"2 0 obj\n<</Type /Catalog /Pages 1 0 R>>\nendobj\n"
    end = re.findall(rb"startxref\n(\d+)", sealed)[-1]
    for words, tail in {
        "an object alone": catalogue,
        "an object and an end": catalogue + b"%%EOF\n",
        "an object and the old start": catalogue + b"startxref\n" + end + b"\n%%EOF\n",
        "a trailer without a table": catalogue + b"trailer\n<</Root 2 0 R>>\n%%EOF\n",
        "an empty table": catalogue + b"xref\n0 0\ntrailer\n<</Root 2 0 R /Size 1>>\nstartxref\n"
        b"%d\n%%%%EOF\n" % (len(sealed) + len(catalogue)),
    }.items():
        yield f"saved by half: {words}", sealed + tail


def saved_again(sealed):
    """What other programs write of it."""
    for words, options in {
        "as it is": {},
        "in one line": {"linearize": True},
        "without streams": {"object_stream_mode": pikepdf.ObjectStreamMode.disable},
    }.items():
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(sealed)) as document:
            document.save(out, **options)
        yield f"saved again {words}", out.getvalue()
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed)) as document:
        del document.Root.AcroForm, document.Root.Perms, document.pages[0].Annots
        document.save(out)
    yield "saved without its seal", out.getvalue()


# --- the seal itself ------------------------------------------------------------------------------


def universal(sealed):
    """USF: signatures that leave out, or spoil, what a viewer would have to check."""
    start, end = place_of(sealed).hole
    room = end - start
    for words, filling in {
        "nothing": b"<>",
        "null": b"null",
        "zeros": b"<" + b"0" * (room - 2) + b">",
        "one zero": b"<00>",
        "a text": b"(" + b"0" * (room - 2) + b")",
        "no digits": b"<" + b"zz" * ((room - 2) // 2) + b">",
        "a reference": b"2 0 R",
    }.items():
        yield f"contents: {words}", sealed[:start] + filling.ljust(room) + sealed[end:]
    yield "no contents", sealed.replace(b"/Contents <", b"/Contentz <")
    one, two, three, four = place_of(sealed).ranges
    for words, ranges in {
        "none": b"",
        "null": b"/ByteRange null",
        "empty": b"/ByteRange []",
        "zeros": b"/ByteRange [0 0 0 0]",
        "two": b"/ByteRange [%d %d]" % (one, two),
        "negative": b"/ByteRange [0 -1 -1 %d]" % four,
        "reversed": b"/ByteRange [%d %d %d %d]" % (three, four, one, two),
        "only the first part": b"/ByteRange [%d %d %d 0]" % (one, two, three),
        "only the second part": b"/ByteRange [0 0 %d %d]" % (three, four),
        "one byte less": b"/ByteRange [%d %d %d %d]" % (one, two, three, four - 1),
        "one byte more": b"/ByteRange [%d %d %d %d]" % (one, two, three, four + 1),
        "a later start": b"/ByteRange [1 %d %d %d]" % (two - 1, three, four),
        "a narrower hole": b"/ByteRange [%d %d %d %d]" % (one, two + 2, three, four),
        "a wider hole": b"/ByteRange [%d %d %d %d]" % (one, two, three + 9, four - 9),
        "overlapping": b"/ByteRange [%d %d %d %d]" % (one, two, two, three + four - two),
        "beyond the end": b"/ByteRange [0 %d %d 999999]" % (two, three),
        "texts": b"/ByteRange [(0) (%d) (%d) (%d)]" % (two, three, four),
    }.items():
        yield f"byte range: {words}", with_ranges(sealed, ranges)
    for words, was, becomes in (
        ("subfilter: pkcs7", b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached"),
        ("subfilter: none", b"/SubFilter", b"/SubFiltre"),
        ("subfilter: timestamp", b"/ETSI.CAdES.detached", b"/ETSI.RFC3161"),
        ("type: other", b"/Type /Sig\n", b"/Type /Sog\n"),
        ("allows forms", b"/P 1\n", b"/P 2\n"),
        ("allows notes", b"/P 1\n", b"/P 3\n"),
        ("reference: none", b"/Reference [", b"/Referenze ["),
        ("permissions: none", b"/Perms <<", b"/Parms <<"),
        ("flags: none", b"/SigFlags 3", b"/SigFlags 0"),
        ("field: a text", b"/FT /Sig", b"/FT /Tx "),
    ):
        assert was in sealed, words
        yield words, sealed.replace(was, becomes)


def wrapped(sealed):
    """SWA: what is signed moves away, and something else lies in between."""
    _, two, three, four = place_of(sealed).ranges
    first, hole, second = sealed[:two], sealed[two:three], sealed[three:]
    evil = b"\n2 0 obj\n<</Type /Catalog /Pages 1 0 R /Lang (fr)>>\nendobj\n"
    for gap in (0, 1, 64, 4096):
        filling = evil + b" " * gap
        moved = b"/ByteRange [0 %d %d %d]" % (two, three + len(filling), four)
        yield (
            f"wrapped, gap of {gap}",
            first + hole + filling + with_ranges(sealed, moved)[three:],
        )
        yield f"wrapped, old range, gap of {gap}", first + hole + filling + second
        inside = hole[:-1] + b">" + filling + b"<" + hole[1:]
        yield f"wrapped in the hole, gap of {gap}", first + inside + second


def resigned(sealed):
    """Another value for the same signature: it may even verify, and is not what was published."""
    contents = contents_of(sealed)
    start, end = place_of(sealed).hole
    capitals = sealed[start:end].swapcase()
    yield "other digits for the same", sealed[:start] + capitals + sealed[end:]
    yield "something after the signature", with_contents(sealed, contents.rstrip(b"\0") + b"\0\1")

    def changed(change):
        envelope = cms.ContentInfo.load(contents)
        change(envelope["content"])
        return with_contents(sealed, envelope.dump(force=True))

    def other_half(data):
        r, s = decode_dss_signature(data["signer_infos"][0]["signature"].native)
        data["signer_infos"][0]["signature"] = encode_dss_signature(r, ORDER_OF_P256 - s)

    def unsigned_attribute(data):
        data["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes(
            [cms.CMSAttribute({"type": "counter_signature", "values": []})]
        )

    def second_signer(data):
        data["signer_infos"] = cms.SignerInfos([data["signer_infos"][0]] * 2)

    def no_signer(data):
        data["signer_infos"] = cms.SignerInfos([])

    def no_certificate(data):
        data["certificates"] = cms.CertificateSet([])

    def weaker(data):
        data["signer_infos"][0]["digest_algorithm"] = algos.DigestAlgorithm({"algorithm": "sha1"})

    def other_algorithm(data):
        data["signer_infos"][0]["signature_algorithm"] = algos.SignedDigestAlgorithm(
            {"algorithm": "sha256_rsa"}
        )

    def own_content(data):
        data["encap_content_info"]["content"] = core.OctetString(b"something else")

    for words, change in {
        "the other half of the curve": other_half,
        "an unsigned attribute": unsigned_attribute,
        "the same signer twice": second_signer,
        "no signer": no_signer,
        "no certificate": no_certificate,
        "a weaker digest": weaker,
        "another algorithm": other_algorithm,
        "a content of its own": own_content,
    }.items():
        yield words, changed(change)
    yield from (
        (f"signature value {n}", with_contents(sealed, bytes([48, n]))) for n in (0, 1, 128)
    )


# --- other hands ----------------------------------------------------------------------------------


class Hand(signers.Signer):
    """Somebody's key: the register's own, used for what it is not for, or a stranger's."""

    def __init__(self, key, certificate):
        super().__init__(signing_cert=asn1.Certificate.load(certificate))
        self.key = key

    async def async_sign_raw(self, data, digest_algorithm, dry_run=False):
        return bytes(72) if dry_run else self.key.sign(data, ec.ECDSA(hashes.SHA256()))


def signed_by(hand, document, *, field="Seal", certify=True, allows=fields.MDPPerm.NO_CHANGES):
    writer = IncrementalPdfFileWriter(io.BytesIO(document), strict=False)
    wanted = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        certify=certify,
        docmdp_permissions=allows,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    place = fields.SigFieldSpec(field, on_page=0, box=(10, 10, 90, 40))
    signer = signers.PdfSigner(wanted, signer=hand, new_field_spec=place)
    return signer.sign_pdf(writer, bytes_reserved=ROOM).getvalue()


def stranger(like):
    """A key of the same name as a certificate of ours: same subject, issuer and serial number."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Hand(key, self_signed(key, "A stranger", like=like))


def by_strangers(sealed, unsealed, certificate):
    """A second signature, and the document signed by somebody of the same name."""
    hand = stranger(certificate)
    yield "stripped of its seal", unsealed
    yield "sealed by another of the same name", signed_by(hand, unsealed)
    yield "signed by another of the same name", signed_by(hand, unsealed, certify=False)
    yield "a second signature", _forced(hand, sealed)
    other = signed_by(hand, unsealed)
    yield "its signature in another's seal", with_contents(other, contents_of(sealed))
    yield "another's signature in its seal", with_contents(sealed, contents_of(other))


def _forced(hand, sealed):
    """A signature behind a seal that forbids it: a library refuses, a forger does not."""
    permissions = sealed.replace(b"/P 1\n", b"/P 3\n")
    added = signed_by(hand, permissions, field="Mine", certify=False)
    return sealed + added[len(sealed) :]


def by_our_own_key(unsealed, hand):
    """The right key for a wrong purpose: signed, and never sealed as a document is."""
    yield "our key, not certifying", signed_by(hand, unsealed, certify=False)
    for allows in (fields.MDPPerm.FILL_FORMS, fields.MDPPerm.ANNOTATE):
        yield f"our key, allowing {allows.name}", signed_by(hand, unsealed, allows=allows)
    yield "our key, never published", signed_by(hand, unsealed)


def forgeries(sealed, unsealed, certificate):
    """Every forgery of a sealed document that a stranger can make, by name."""
    for made in (flipped, cut_and_lengthened, appended, saved_again, universal, wrapped, resigned):
        yield from made(sealed)
    yield from by_strangers(sealed, unsealed, certificate)
