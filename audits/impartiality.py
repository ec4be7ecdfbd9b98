"""Who may not take part in a case, because of what they were (ISO/IEC 17065 on impartiality)."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from audits.deadlines import years_before


def has_tie(user, agency, *, at: datetime) -> bool:
    """Whether `user` is, or was within the last years, a member or an officer of the agency.

    The number of years is our choice, a setting.
    """
    since = years_before(timezone.localdate(at), settings.IMPARTIALITY_YEARS)
    memberships = user.agency_memberships.filter(agency=agency)
    offices = user.officerships.filter(agency=agency)
    return (
        memberships.filter(Q(ended_at=None) | Q(ended_at__date__gte=since)).exists()
        or offices.filter(Q(valid_until=None) | Q(valid_until__gte=since)).exists()
    )
