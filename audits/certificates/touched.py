"""Which certificates a change of the List touches; the room of the lists asks through a registry.

This module is imported in `AppConfig.ready()`, as the invariants are.
"""

from django.db.models import Q

from attestations.safeguards.impact import TouchedCertificate, certificates_counted_by
from audits.certificates.models import CertificateScope
from audits.enums import DocumentState


@certificates_counted_by
def certificates_from(countries, on):
    """Certificates that hold on the day and cover a corridor from one of these countries.

    A suspended one counts, because it may be restored; what was withdrawn, superseded or has
    expired by then does not.
    """
    held = Q(ended_on=None) | Q(ended_on__gt=on)
    scopes = CertificateScope.objects.filter(
        held,
        Q(agency__ended_on=None) | Q(agency__ended_on__gt=on),
        source__in=countries,
        certificate__state=DocumentState.ISSUED,
        certificate__valid_until__gte=on,
    )
    rows = scopes.order_by().values_list("source", "certificate", "agency").distinct()
    return [TouchedCertificate(*row) for row in rows]
