"""What the register says of the certificates of one status list."""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Exists, Max, Min, OuterRef, Q
from django.utils import timezone

from agencies.models import JournalHead
from audits.certificates.models import Certificate, StatusChange
from audits.credentials.status_lists import LENGTH, Bits, position_of
from audits.enums import DocumentState, StatusState
from audits.keys.models import SigningKey
from audits.register.distrust import distrusted_at
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

# How many certificates are asked about at once; more names than this fit in no statement.
_AT_ONCE = 5_000

# All that a status follows from, of a certificate's hundred joined columns.
_READ = (
    "number",
    "status_index",
    "statement_digest",
    "issued_at",
    "valid_from",
    "valid_until",
    "conditions",
    "superseded_at",
    "superseded_on",
    "superseded_by__number",
    "agency__ended_on",
    "key",
)

# Statements of certificates that this process has seen revoked. A revocation is for good, and in
# the end most places of a list are those of certificates that were replaced long ago.
_revoked: set[str] = set()

# What each list said last, and as of which state of the journal and day.
_said: dict[int, tuple] = {}


def last_list():
    """The number of the last list that there is; 0 before the first certificate."""
    highest = Certificate.objects.aggregate(highest=Max("status_index"))["highest"]
    return 0 if highest is None else position_of(highest).number


def bits_of_list(number, *, at):
    """What is set in a list at `at`: the indexes that are not clear, with what is set there.

    The status is that of every other answer; only what could be anything but clear is asked about,
    and nothing is asked twice while no act was recorded.
    """
    on = timezone.localdate(at)
    head = JournalHead.objects.first()
    version = (head.size, head.last_recorded_at, on) if head else None
    said = _said.get(number)
    if version is not None and said is not None and said[0] == version:
        return said[1]
    bits = _bits_on(number, on)
    _said[number] = (version, bits)
    return bits


def _bits_on(number, on):
    found, open_still = {}, []
    rows = _touched(number).values_list("status_index", "state", "statement_digest")
    for status_index, state, digest in rows:
        if state in _UNPUBLISHED:
            found[status_index] = _UNPUBLISHED[state]
        elif digest in _revoked:
            found[status_index] = Bits(revoked=True)
        else:
            open_still.append(status_index)
    for start in range(0, len(open_still), _AT_ONCE):
        found |= _bits_of(open_still[start : start + _AT_ONCE], on)
    return {position_of(place).index: bits for place, bits in found.items() if bits != Bits()}


def _bits_of(status_indexes, on):
    read = Certificate.objects.filter(status_index__in=status_indexes)
    certificates = list(read.select_related("agency", "superseded_by").only(*_READ).order_by())
    changes = defaultdict(list)
    confirmed = StatusChange.objects.filter(
        certificate__in=[certificate.pk for certificate in certificates],
        state=StatusState.CONFIRMED,
    )
    for change in confirmed.order_by("confirmed_at", "pk"):
        changes[change.certificate_id].append(change)
    distrusted = distrusted_at(certificates)
    found = {}
    for certificate in certificates:
        facts = certificate_facts(
            certificate,
            changes=changes[certificate.pk],
            distrusted_at=distrusted.get(certificate.number),
        )
        bits = BITS[certificate_status(facts, on=on, known_at=None).status]
        found[certificate.status_index] = bits
        if bits.revoked:
            _revoked.add(certificate.statement_digest)
    return found


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
