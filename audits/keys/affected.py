"""What a compromised key leaves in doubt: the documents to be issued again, and since when.

A certificate rests on up to three keys: of its statement, of its credential and of its seal. The
row names the first; the entry that published it names all three.
"""

from django.db.models import Q
from django.db.models.fields.json import KT

from agencies.journal import history_of
from agencies.models import JournalEntry
from audits.certificates.models import Certificate
from audits.enums import DocumentState
from audits.keys.models import SigningKey
from audits.models import AuditReport
from audits.transparency.models import LogLeaf
from audits.transparency.queries import position_of, size_before

ISSUED = {Certificate: "certificate.issued", AuditReport: "report.issued"}
NAMED_AS = ("key", "credential_key", "document_key")
COMPROMISED = "signing_key.compromised"


def affected_by(key):
    """The issued certificates and reports whose signature by `key` does not stand any more.

    They are genuine, as the register issued them itself, but nobody else can tell.
    """
    if key.compromised_from is None:
        return []
    return [
        document
        for model, verb in ISSUED.items()
        for document in _in_doubt(model, verb, key).order_by("issued_at", "number")
    ]


def _in_doubt(model, verb, key):
    stood = LogLeaf.objects.filter(kind=verb, position__lt=size_before(key.compromised_from))
    rests_on_key = Q(pk__in=())
    for name in NAMED_AS:
        rests_on_key |= Q(**{f"data__{name}": key.pk})
    entries = JournalEntry.objects.filter(rests_on_key, verb=verb)
    named = entries.annotate(number=KT("data__number")).values("number")
    return model.objects.filter(
        Q(key_id=key.pk) | Q(number__in=named), state=DocumentState.ISSUED
    ).exclude(number__in=stood.values("about"))


def unreliable_since(certificate):
    """When the register said that a key of this certificate was not its own at the time, or None.

    That is the instant at which it was recorded, not that of the theft: until then the certificate
    was answered for in good faith.
    """
    compromised = set(
        SigningKey.objects.exclude(compromised_from=None).values_list("pk", flat=True)
    )
    if not compromised:
        return None
    entry = history_of(certificate).filter(verb=ISSUED[type(certificate)]).first()
    position = position_of(entry) if entry else None
    keys = {certificate.key_id} | {entry.data.get(name) for name in NAMED_AS if entry}
    said = JournalEntry.objects.filter(
        verb=COMPROMISED,
        subject__in=[f"{SigningKey._meta.label_lower}:{pk}" for pk in keys & compromised],
    )
    instants = [
        each.recorded_at
        for each in said
        if position is None or position >= each.data["stands_below"]
    ]
    return min(instants, default=None)
