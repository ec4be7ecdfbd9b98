"""An edition that is not yet in force can go, by two people, and leaves every verdict as it was."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from agencies import journal
from agencies.enums import RegulatorRole
from attestations import invariants
from attestations.crosscheck import catching_up
from attestations.models import ListEdition, Placement, VerdictChange
from attestations.safeguards import rolling_back, services
from tests.factories import agencies as people
from tests.factories import attestations as make
from tests.factories import placements

pytestmark = [pytest.mark.usefixtures("reference"), pytest.mark.slow]

DAY = date(2027, 3, 1)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ON_ITS_DAY = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
REASON = "Kenya was printed by mistake."


@pytest.fixture
def stewards(db):
    return [people.staff(people.regulator(), RegulatorRole.DATA_STEWARD) for _ in range(3)]


@pytest.fixture
def placed(db):
    """Placements around the edition's day, from countries it adds, leaves out and carries on."""
    agency, other = people.agency(), people.agency()
    made = []
    for residence in ("KEN", "GHA", "ZWE", "PHL"):
        for recruited, started in (
            (date(2026, 6, 1), date(2026, 9, 1)),
            (date(2027, 2, 28), date(2027, 3, 1)),
            (date(2027, 3, 1), date(2027, 6, 1)),
            (date(2027, 9, 1), None),
            (None, date(2027, 4, 1)),
            (None, None),
        ):
            made.append(
                placements.placement(
                    agency if residence != "ZWE" else other,
                    residence=residence,
                    training="KEN" if residence == "PHL" else residence,
                    source=residence,
                    recruited_on=recruited,
                    started_on=started,
                )
            )
    return made


def verdicts():
    rows = Placement.objects.order_by("pk").values_list(
        "pk", "verdict__facts_digest", "verdict__outcome", "verdict__edition_label"
    )
    findings = dict(Placement.objects.values_list("pk", "verdict__findings"))
    return [(*row, findings[row[0]]) for row in rows]


def activated(stewards, *, label="2027", countries="country\nGhana\nKenya\n"):
    services.load_edition(
        content=countries.encode(),
        name="list.csv",
        label=label,
        title=f"Example list {label}",
        published_on=DAY,
        valid_from=DAY,
        source="invented for a test",
        by=stewards[0],
        at=NOW,
    )
    services.activate_edition(label=label, by=stewards[1], at=NOW)
    services.apply_edition(label=label)


def rolled_back(stewards, label="2027"):
    rolling_back.ask_rollback(label=label, reason=REASON, by=stewards[0], at=NOW)
    rolling_back.confirm_rollback(label=label, by=stewards[1], at=NOW)
    rolling_back.restore_verdicts(label=label)


def test_rolling_back_restores_every_verdict_and_keeps_both_steps(stewards, placed):
    before = verdicts()

    activated(stewards)
    under_it = verdicts()
    rolled_back(stewards)

    assert verdicts() == before
    assert [row[3] for row in under_it].count("2027") >= 8
    steps = VerdictChange.objects.order_by("pk").values_list("reason", "placement", "was", "became")
    there = [step[1:] for step in steps if step[0] == "edition 2027"]
    back = [step[1:] for step in steps if step[0] == "edition 2027 rolled back"]
    assert len(there) == len(back) == len(steps) // 2
    assert {(pk, was) for pk, was, _ in there} == {(pk, became) for pk, _, became in back}


def test_each_act_is_one_entry_and_nothing_is_judged_all_over(stewards, placed):
    activated(stewards)
    judged_by_it = [row[3] for row in verdicts()].count("2027")
    rolled_back(stewards)
    edition = ListEdition.objects.get(label="2027")
    changed = VerdictChange.objects.filter(reason="edition 2027").count()

    assert [(entry.verb, entry.data) for entry in journal.history_of(edition)[2:]] == [
        (
            "list_edition.applied",
            {"digest": edition.digest, "changed": changed, "judged_by_it": judged_by_it},
        ),
        ("list_edition.rollback_asked", {"digest": edition.digest}),
        ("list_edition.rolled_back", {"digest": edition.digest}),
        ("list_edition.restored", {"digest": edition.digest, "changed": changed}),
    ]
    assert (edition.rolled_back_by, edition.rollback_reason) == (stewards[1], REASON)
    verbs = ("list_edition.applied", "list_edition.restored")
    assert not any(verb.startswith(catching_up.OF_EVERYBODY) for verb in verbs)


def test_a_corrected_edition_for_the_same_day_may_follow(stewards, placed):
    activated(stewards)
    with pytest.raises(Exception, match="An edition in force from 2027-03-01"):
        activated(stewards, label="2027b", countries="country\nGhana\n")
    rolled_back(stewards)

    activated(stewards, label="2027b", countries="country\nGhana\n")

    assert ListEdition.objects.in_force(DAY).label == "2027b"
    assert "2027" not in [row[3] for row in verdicts()]
    assert list(invariants.editions_in_force_stay()) == []
    assert list(invariants.list_editions_unchanged()) == []


def test_it_takes_two_stewards_and_either_may_leave_it(stewards):
    activated(stewards)
    first, second, _ = stewards
    stranger = people.staff(people.regulator())

    for person in (stranger, people.user(is_operator=True)):
        with pytest.raises(PermissionDenied):
            rolling_back.ask_rollback(label="2027", reason=REASON, by=person, at=NOW)
    with pytest.raises(ValidationError, match="Say why"):
        rolling_back.ask_rollback(label="2027", reason=" ", by=first, at=NOW)
    with pytest.raises(ValidationError, match="Nobody has asked"):
        rolling_back.confirm_rollback(label="2027", by=second, at=NOW)
    rolling_back.ask_rollback(label="2027", reason=REASON, by=first, at=NOW)
    with pytest.raises(ValidationError, match="asked for this already"):
        rolling_back.ask_rollback(label="2027", reason=REASON, by=second, at=NOW)
    for person in (first, stranger):
        with pytest.raises(PermissionDenied):
            rolling_back.confirm_rollback(label="2027", by=person, at=NOW)
    dropped = rolling_back.drop_rollback(label="2027", by=second)

    assert (dropped.rollback_asked_at, dropped.rollback_reason) == (None, "")
    assert ListEdition.objects.in_force(DAY).label == "2027"
    with pytest.raises(ValidationError, match="Nobody has asked"):
        rolling_back.drop_rollback(label="2027", by=first)


def test_an_edition_in_force_stays_even_if_somebody_asked_before(stewards):
    activated(stewards)
    rolling_back.ask_rollback(label="2027", reason=REASON, by=stewards[0], at=NOW)

    with pytest.raises(ValidationError, match="in force since 2027-03-01: it stays for ever"):
        rolling_back.confirm_rollback(label="2027", by=stewards[1], at=ON_ITS_DAY)
    with pytest.raises(ValidationError, match="in force since 2023-03-08"):
        rolling_back.ask_rollback(label="2023", reason=REASON, by=stewards[0], at=NOW)


def test_the_calendar_of_the_register_says_when_its_day_has_come(stewards, settings):
    settings.TIME_ZONE = "Asia/Manila"
    activated(stewards)
    still_february_in_utc = datetime(2027, 2, 28, 16, 30, tzinfo=UTC)

    with pytest.raises(ValidationError, match="it stays for ever"):
        rolling_back.ask_rollback(
            label="2027", reason=REASON, by=stewards[0], at=still_february_in_utc
        )


def test_nothing_is_rolled_back_or_activated_while_placements_are_being_judged(stewards):
    make.list_edition(loaded_by=stewards[0], activated_by=stewards[1])
    waits = make.list_edition(
        "2028", valid_from=date(2028, 3, 1), loaded_by=stewards[0], is_active=False
    )

    with pytest.raises(ValidationError, match="still being judged by this edition"):
        rolling_back.ask_rollback(label="2027", reason=REASON, by=stewards[0], at=NOW)
    with pytest.raises(ValidationError, match="is not active: discard it"):
        rolling_back.ask_rollback(label=waits.pk, reason=REASON, by=stewards[0], at=NOW)
    services.apply_edition(label="2027")
    rolling_back.ask_rollback(label="2027", reason=REASON, by=stewards[0], at=NOW)
    rolling_back.confirm_rollback(label="2027", by=stewards[1], at=NOW)
    with pytest.raises(ValidationError, match="still being judged as before"):
        services.activate_edition(label=waits.pk, by=stewards[1], at=NOW)
    rolling_back.restore_verdicts(label="2027")

    assert services.activate_edition(label=waits.pk, by=stewards[1], at=NOW).activated_at == NOW
    with pytest.raises(ValidationError, match="rolled back already"):
        rolling_back.ask_rollback(label="2027", reason=REASON, by=stewards[0], at=NOW)


def test_what_a_broker_lost_is_restored_once(stewards, placed):
    before = verdicts()
    activated(stewards)
    rolling_back.ask_rollback(label="2027", reason=REASON, by=stewards[0], at=NOW)
    rolling_back.confirm_rollback(label="2027", by=stewards[1], at=NOW)
    assert verdicts() != before

    rolling_back.send_waiting_restorations()

    assert verdicts() == before
    assert rolling_back.restore_verdicts(label="2027") == 0


def test_the_schema_wants_two_people_and_a_reason(stewards):
    edition = make.rolled_back(make.list_edition())

    with pytest.raises(IntegrityError):
        ListEdition.objects.filter(pk="2023").update(
            rolled_back_at=NOW, rolled_back_by=edition.rolled_back_by
        )


def on_page(person, name, **posted):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse(f"safeguards:{name}", args=("2027",))
    return client.post(address, posted, follow=True) if posted else client.get(address)


def test_two_stewards_roll_an_edition_back_on_its_page_and_everybody_reads_why(stewards, client):
    first, second, _ = stewards
    activated(stewards)

    asked = on_page(first, "roll_back", reason=REASON)
    waits = on_page(second, "edition")
    confirmed = on_page(second, "confirm_rollback", sent="yes")
    public = client.get(reverse("safeguards:edition", args=("2027",)))

    assert (asked.context["may_confirm_rollback"], waits.context["may_confirm_rollback"]) == (
        False,
        True,
    )
    assert "This edition was rolled back on" in confirmed.text
    assert [text in confirmed.text for text in (REASON, str(first), str(second))] == [True] * 3
    assert [text in public.text for text in (REASON, "Asked for by", "Roll")] == [
        True,
        False,
        False,
    ]
    assert client.get(reverse("safeguards:index")).text.count("Rolled back") == 1
