"""What the register says of the certificates of one status list."""

from datetime import timedelta

from django.db.models import Exists, Max, Min, OuterRef, Q
from django.utils import timezone

from audits.certificates.models import Certificate, StatusChange
from audits.credentials.status_lists import LENGTH, Bits, position_of
from audits.enums import DocumentState, StatusState
from audits.keys.models import SigningKey
from audits.register.rules import Status
from audits.register.standing import statuses_of

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

# How many certificates are asked about at once; more names than this fit in no statement.
_AT_ONCE = 5_000


def last_list():
    """The number of the last list that there is; 0 before the first certificate."""
    highest = Certificate.objects.aggregate(highest=Max("status_index"))["highest"]
    return 0 if highest is None else position_of(highest).number


def bits_of_list(number, *, at):
    """What is set in a list at `at`: the indexes that are not clear, with what is set there.

    The status is the one of every other answer; only what could be anything but clear is asked
    about.
    """
    on = timezone.localdate(at)
    rows = _touched(number).values_list("pk", "status_index", "state")
    found = {pk: (position_of(index).index, _UNPUBLISHED.get(state)) for pk, index, state in rows}
    issued = [pk for pk, (_, bits) in found.items() if bits is None]
    statuses = {}
    for start in range(0, len(issued), _AT_ONCE):
        some = issued[start : start + _AT_ONCE]
        statuses |= statuses_of(Certificate.objects.filter(pk__in=some).only("pk"), on=on)
    bits = {
        index: unpublished or BITS[statuses[pk].status]
        for pk, (index, unpublished) in found.items()
    }
    return {index: bit for index, bit in bits.items() if bit != Bits()}


def _touched(number):
    """The certificates of a list of which something is recorded beyond their issue."""
    first = (number - 1) * LENGTH
    confirmed = StatusChange.objects.filter(certificate=OuterRef("pk"), state=StatusState.CONFIRMED)
    return Certificate.objects.filter(
        ~Q(state=DocumentState.ISSUED)
        | Exists(confirmed)
        | Q(superseded_at__isnull=False)
        | Q(agency__ended_on__isnull=False)
        | _in_doubt(),
        status_index__gte=first,
        status_index__lt=first + LENGTH,
    ).order_by()


def _in_doubt():
    """Those that a key in other hands may have signed: its own, and all since it was taken."""
    stolen = SigningKey.objects.exclude(compromised_from=None)
    since = stolen.aggregate(since=Min("compromised_from"))["since"]
    if since is None:
        return Q(pk__in=())
    return (
        Q(key__in=stolen)
        | Q(credential__key__in=stolen)
        | Q(issued_at__gte=since - timedelta(days=1))
    )
