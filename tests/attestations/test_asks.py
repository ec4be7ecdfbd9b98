from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from agencies import journal
from agencies.models import Delivery
from attestations import services
from attestations.asks import asks_of, open_asks
from attestations.models import Ask, Attestation
from tests.factories import agencies as people
from tests.factories import attestations as make

pytestmark = pytest.mark.usefixtures("reference")
AT = make.LOADED_AT
LATER = AT + timedelta(days=1)
ASKS = {"REQ-12": "Name the edition.", "REQ-02": "Send the policy that was signed."}


@pytest.fixture
def submitted(db):
    return make.submitted_attestation(people.agency())


def returned(attestation, asks=None):
    return services.return_for_changes(
        attestation_id=attestation.pk,
        note="Two answers need another look.",
        asks=ASKS if asks is None else asks,
        by=people.staff(attestation.agency.regulator),
        at=AT,
    )


def copy_of(attestation):
    return services.continue_returned(
        attestation_id=attestation.pk, by=people.agency_person(attestation.agency), at=LATER
    )


def test_each_ask_stands_at_its_requirement_with_a_last_day(submitted, settings):
    settings.ATTESTATION_CHANGES_DAYS = 10

    attestation = returned(submitted)

    assert list(attestation.asks.values_list("requirement__ref", "words")) == [
        ("REQ-02", "Send the policy that was signed."),
        ("REQ-12", "Name the edition."),
    ]
    assert attestation.answer_by == date(2026, 12, 2)
    entry = journal.history_of(attestation).get()
    assert entry.data == {
        "digest": attestation.statement_digest,
        "answer_by": "2026-12-02",
        "asks": ["REQ-02", "REQ-12"],
    }
    assert Delivery.objects.get(template="email/attestation_returned").context["answer_by"] == (
        "2026-12-02"
    )


@pytest.mark.parametrize(
    ("asks", "words"),
    [
        pytest.param({"REQ-99": "Why?"}, "no requirement REQ-99", id="of no requirement"),
        pytest.param({"REQ-02": " \u200b"}, "Say what you ask about REQ-02", id="that say nothing"),
        pytest.param({"REQ-02": "x" * 5001}, "at most 5000 characters for REQ-02", id="too long"),
    ],
)
def test_asks_are_refused_whole(submitted, asks, words):
    with pytest.raises(ValidationError, match=words):
        returned(submitted, asks)

    assert Ask.objects.count() == 0
    assert Attestation.objects.get(pk=submitted.pk).state == "submitted"


def test_a_copy_knows_what_was_asked_and_what_of_it_is_untouched(submitted):
    draft = copy_of(returned(submitted))
    by = draft.started_by

    assert list(asks_of(draft)) == list(open_asks(draft)) == ["REQ-02", "REQ-12"]

    services.answer_requirement(
        attestation_id=draft.pk, ref="REQ-12", choice="complies", explanation="2023.", by=by
    )
    file = make.evidence_file(draft.agency, content=b"The policy.", by=by)
    services.attach_evidence(
        attestation_id=draft.pk, ref="REQ-02", evidence_id=file.pk, covers_from=AT.date(), by=by
    )

    assert list(asks_of(draft)) == ["REQ-02", "REQ-12"]
    assert open_asks(draft) == {}

    services.detach_evidence(attestation_id=draft.pk, ref="REQ-02", evidence_id=file.pk, by=by)

    assert list(open_asks(draft)) == ["REQ-02"]


def test_an_attestation_that_goes_on_from_nothing_has_no_asks(submitted):
    assert (asks_of(submitted), open_asks(submitted)) == ({}, {})


def test_who_sees_the_attestation_sees_its_asks(submitted):
    returned(submitted)
    agency = submitted.agency

    seen = {
        "agency": Ask.objects.visible_to(people.agency_person(agency)).count(),
        "regulator": Ask.objects.visible_to(people.staff(agency.regulator)).count(),
        "another regulator": Ask.objects.visible_to(people.staff(people.regulator())).count(),
        "another agency": Ask.objects.visible_to(people.agency_person(people.agency())).count(),
    }

    assert seen == {"agency": 2, "regulator": 2, "another regulator": 0, "another agency": 0}
