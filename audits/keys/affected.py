"""What a compromised key leaves in doubt: the documents to be issued again.

A certificate rests on up to three keys: of its statement, of its credential and of its seal. The
row names the first; the entry that published it names all three.
"""

from django.db.models import Q
from django.db.models.fields.json import KT

from agencies.models import JournalEntry
from audits.certificates.models import Certificate
from audits.enums import DocumentState
from audits.models import AuditReport
from audits.transparency.models import LogLeaf
from audits.transparency.queries import size_before

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
