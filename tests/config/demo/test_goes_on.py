"""A story that was interrupted is told on from where it stood, with nobody and no file missing."""

import pytest

from agencies.models import Regulator, RegulatorMembership
from config.demo import cast
from tests.factories import attestations

pytestmark = pytest.mark.django_db


class Interrupted(cast.Passwords):
    """Ctrl+C comes when it is this person's turn."""

    def of(self, email):
        if email.startswith("decider@"):
            raise KeyboardInterrupt
        return super().of(email)


def test_a_regulator_begins_with_all_its_people_or_not_at_all(tmp_path):
    attestations.reference()
    appointed = (cast.SOURCE, "PHL")
    with pytest.raises(KeyboardInterrupt):
        cast.appoint_regulator(*appointed, Interrupted(tmp_path / "sign-in.json"))
    assert not Regulator.objects.exists()

    assert cast.appoint_regulator(*appointed, cast.Passwords(tmp_path / "sign-in.json"))

    assert RegulatorMembership.objects.count() == len(cast.STAFF[cast.SOURCE])
