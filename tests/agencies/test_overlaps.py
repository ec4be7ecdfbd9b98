"""What PostgreSQL refuses by itself, whoever writes; beside it, what it lets stand."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from agencies.models import Authorization, Officer, SchemeMembership
from tests.factories import agencies as make

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_only]

LATER = date(2024, 6, 1)


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ({}, {}, True),
        ({}, {"number": "ea 1234/56", "valid_from": LATER}, True),
        ({"valid_until": LATER}, {"valid_from": LATER}, True),
        ({"valid_until": date(2024, 5, 31)}, {"valid_from": LATER}, False),
        ({}, {"number": "Another"}, False),
        ({}, {"country": "IND"}, False),
    ],
)
def test_one_authorization_for_one_day(first, second, refused):
    agency = make.agency()
    make.authorization(agency, **first)

    if refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            make.authorization(agency, **second)
    else:
        make.authorization(agency, **second)

    assert Authorization.objects.count() == (1 if refused else 2)


def test_one_account_in_one_post_and_one_place_in_a_scheme():
    agency = make.agency()
    person = make.agency_person(agency)
    make.officer(agency, user=person, valid_until=LATER)
    make.scheme_membership(agency, valid_until=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        make.officer(agency, user=person, valid_from=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.scheme_membership(agency, valid_from=LATER)

    assert (Officer.objects.count(), SchemeMembership.objects.count()) == (1, 1)
