"""What several pages ask of the room, in a fixed number of queries."""

from django.db.models import Exists, OuterRef, Q

from agencies.models import AgencyRestriction, Authorization, Officer


def with_what_is_missing(agencies, on):
    """Agencies with `lacks_signatory`, `lacks_authorization` and `is_restricted` on a day."""
    in_post = Q(valid_from__lte=on) & (Q(valid_until=None) | Q(valid_until__gte=on))
    signing = Officer.objects.filter(in_post, agency=OuterRef("pk"), may_sign=True)
    authorized = Authorization.objects.filter(in_post, agency=OuterRef("pk"))
    restricted = AgencyRestriction.objects.biting(on).filter(agency=OuterRef("pk"))
    return agencies.annotate(
        lacks_signatory=~Exists(signing),
        lacks_authorization=~Exists(authorized),
        is_restricted=Exists(restricted),
    )
