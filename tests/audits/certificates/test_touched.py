from datetime import date

import pytest

from attestations.safeguards.impact import TouchedCertificate
from audits.certificates.touched import certificates_from
from audits.models import CertificateScope
from tests.factories import certificates as make

pytestmark = [pytest.mark.usefixtures("reference"), pytest.mark.slow]


def test_a_certificate_counts_for_the_sources_that_it_covers_while_it_holds():
    certificate = make.published()
    source = CertificateScope.objects.get(certificate=certificate).source_id
    touched = [TouchedCertificate(source, certificate.pk, certificate.agency_id)]
    last = certificate.valid_until

    assert certificates_from((source,), last) == touched
    assert certificates_from((source, "TUV"), certificate.valid_from) == touched
    assert certificates_from(("TUV",), last) == []
    assert certificates_from((source,), date.max) == []


def test_one_that_was_withdrawn_or_was_never_issued_counts_no_longer():
    withdrawn, prepared = make.published(), make.prepared()
    scopes = CertificateScope.objects.filter(certificate=withdrawn)
    source = scopes.get().source_id
    ended_at = withdrawn.issued_at
    scopes.update(ended_at=ended_at, ended_on=ended_at.date())

    assert prepared.valid_until > ended_at.date()
    assert certificates_from((source,), ended_at.date()) == []
