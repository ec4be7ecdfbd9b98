"""What is told of a certificate: issued, and each change of its status."""

from audits.enums import StatusKind
from tests.factories import certificates as make


def issued_suspended_restored_withdrawn():
    who = make.people()
    certificate = make.issued(who.agency)
    for kind in StatusKind:
        make.confirmed(certificate, who, kind=kind)


LIVES = (issued_suspended_restored_withdrawn,)
