"""What the register says of the certificates of one status list."""

from collections import defaultdict

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from audits.certificates.models import Certificate, StatusChange
from audits.credentials.status_lists import LENGTH, Bits, position_of
from audits.enums import DocumentState, StatusState
from audits.register.rules import Status, certificate_status
from audits.register.standing import certificate_facts

# A status that is for good is a revocation. The days of validity stand in the credential itself.
BITS = {
    Status.VALID: Bits(),
    Status.NOT_YET_VALID: Bits(),
    Status.EXPIRED: Bits(),
    Status.SUSPENDED: Bits(suspended=True),
    Status.WITHDRAWN: Bits(revoked=True),
    Status.SUPERSEDED: Bits(revoked=True),
    Status.HOLDER_ENDED: Bits(revoked=True),
    Status.NOT_RELIABLE: Bits(revoked=True),
}

# A credential that was signed and not published yet must not be accepted, and may be soon.
_UNPUBLISHED = {
    DocumentState.PREPARED: Bits(suspended=True),
    DocumentState.VOID: Bits(revoked=True),
}


def last_list():
    """The number of the last list that there is; 0 before the first certificate."""
    highest = Certificate.objects.aggregate(highest=Max("status_index"))["highest"]
    return 0 if highest is None else position_of(highest).number


def bits_of_list(number, *, at):
    """What is set in a list at `at`: the indexes that are not clear, with what is set there.

    The status is that of `certificate_status`, as everywhere; only what could be anything but
    clear is asked about.
    """
    on = timezone.localdate(at)
    certificates = list(_touched(number))
    changes = defaultdict(list)
    for change in StatusChange.objects.filter(
        certificate__in=[row.pk for row in certificates if row.has_changes],
        state=StatusState.CONFIRMED,
    ).order_by("confirmed_at", "pk"):
        changes[change.certificate_id].append(change)
    found = {}
    for certificate in certificates:
        bits = _UNPUBLISHED.get(certificate.state)
        if bits is None:
            facts = certificate_facts(certificate, changes=changes[certificate.pk])
            bits = BITS[certificate_status(facts, on=on, known_at=None).status]
        if bits != Bits():
            found[position_of(certificate.status_index).index] = bits
    return found


def _touched(number):
    """The certificates of a list of which something is recorded beyond their issue."""
    first = (number - 1) * LENGTH
    confirmed = StatusChange.objects.filter(certificate=OuterRef("pk"), state=StatusState.CONFIRMED)
    certificates = Certificate.objects.annotate(has_changes=Exists(confirmed)).filter(
        ~Q(state=DocumentState.ISSUED)
        | Q(has_changes=True)
        | Q(superseded_at__isnull=False)
        | Q(agency__ended_on__isnull=False)
        | Q(key__compromised_from__isnull=False),
        status_index__gte=first,
        status_index__lt=first + LENGTH,
    )
    return (
        certificates.select_related("agency", "key", "superseded_by")
        .defer("statement", "signature", "superseded_by__statement", "superseded_by__signature")
        .order_by()
    )
