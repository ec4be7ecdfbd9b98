"""What a new certificate takes over: corridors, from its first day, and never a suspended one's."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audits.certificates import services
from audits.enums import AuditKind, DocumentState
from audits.models import CertificateScope
from audits.register.rules import Corridor
from audits.register.standing import standing
from tests.audits.certificates.services.test_issuing import DOCTORS, NURSES, open_scopes, verbs
from tests.factories import agencies as make
from tests.factories import certificates as certify

pytestmark = pytest.mark.django_db


def test_a_renewal_supersedes_from_its_own_first_day():
    agency = make.agency()
    old = certify.issued(agency)
    begins = timezone.localdate() + timedelta(days=40)

    new = certify.issued(agency, kind=AuditKind.RENEWAL, valid_from=begins)

    old.refresh_from_db()
    row = CertificateScope.objects.get(certificate=old)
    assert (old.superseded_by, old.superseded_on) == (new, begins)
    assert (row.ended_on, row.replaced_by) == (begins, new)
    assert open_scopes(new) == [NURSES]
    assert verbs(old)[-1] == "certificate.superseded"


def test_a_certificate_that_loses_one_corridor_stays_for_the_other():
    agency = make.agency()
    old = certify.issued(agency, scopes=(NURSES, DOCTORS))

    new = certify.issued(agency, scopes=(DOCTORS,))

    old.refresh_from_db()
    assert (old.superseded_by, open_scopes(old), open_scopes(new)) == (None, [NURSES], [DOCTORS])


def test_a_certificate_speaks_until_the_last_of_its_corridors_goes():
    agency = make.agency()
    old = certify.issued(agency, scopes=(NURSES, DOCTORS))
    later = timezone.localdate() + timedelta(days=30)
    certify.issued(agency, scopes=(DOCTORS,), valid_from=later)

    certify.issued(agency, scopes=(NURSES,))

    old.refresh_from_db()
    assert old.superseded_on == later
    assert {
        on: str(standing(agency, on=on, corridor=Corridor(*DOCTORS)).word)
        for on in (later - timedelta(days=1), later)
    } == {later - timedelta(days=1): "certified", later: "certified"}


def test_two_certificates_at_once_may_be_replaced_by_one():
    agency = make.agency()
    first = certify.issued(agency, scopes=(NURSES,))
    second = certify.issued(agency, scopes=(DOCTORS,))

    new = certify.issued(agency, scopes=(NURSES, DOCTORS))

    assert set(new.supersedes.all()) == {first, second}


def test_nothing_takes_the_place_of_a_suspended_certificate():
    people = certify.people()
    certify.confirmed(certify.issued(people.agency), people)

    with pytest.raises(ValidationError, match="suspended"):
        certify.prepared(people.agency)


def test_a_renewal_waits_for_a_certificate_suspended_meanwhile():
    people = certify.people()
    old = certify.issued(people.agency)
    new = certify.prepared(people.agency)
    certify.confirmed(old, people)

    with pytest.raises(ValidationError, match="suspended"):
        services.issue_certificate(certificate_id=new.pk)

    new.refresh_from_db()
    assert (new.state, new.claimed_at) == (DocumentState.PREPARED, None)
