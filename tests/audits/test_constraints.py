"""What the database itself refuses, past every service."""

import pytest
from django.db import IntegrityError, transaction

from audits.models import Audit, FindingEvidence
from audits.services import Evidence
from tests.factories import audits as make
from tests.factories.placements import placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make.case()


def refused(queryset, **values):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        queryset.update(**values)
    return str(error.value)


def test_a_conclusion_has_words_a_person_and_a_moment(people):
    audit = make.concluded(make.opened(people), people)
    rows = Audit.objects.filter(pk=audit.pk)

    assert "audits_audit_conclusion_said" in refused(rows, conclusion="")
    assert "audits_audit_conclusion_said" in refused(rows, method="")
    assert "audits_audit_concluded_pair" in refused(rows, concluded_by=None)


def test_a_report_takes_a_conclusion_and_two_people(people):
    audit = make.reported(people)
    rows = Audit.objects.filter(pk=audit.pk)

    assert "audits_audit_report_takes_two_people" in refused(rows, reported_by=people.leader)
    assert "audits_audit_reported_after_conclusion" in refused(
        rows, concluded_at=None, concluded_by=None
    )


def test_a_cited_placement_is_pinned(people):
    audit = make.opened(people)
    cited = placement(people.agency)
    make.finding(audit, people, evidence=[Evidence(placement=cited)])
    rows = FindingEvidence.objects.all()

    assert "audits_findingevidence_version_pinned" in refused(rows, placement_version=None)
    assert "audits_findingevidence_edition_of_a_day" in refused(rows, judged_on=None)
