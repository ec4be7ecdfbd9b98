"""Each invariant of the log holds over a grown one, and names the violation that is planted."""

import pytest
from django.db import connection
from django.utils import timezone

from agencies import journal
from agencies.models import JournalEntry
from audits.transparency import caught_up, invariants
from audits.transparency.checkpoints import keep_outside
from audits.transparency.models import LogCheckpoint, LogLeaf, SeenCheckpoint
from audits.transparency.witnessing import remember_seen
from tests.factories import agencies as make
from tests.factories import log
from tests.factories.log import planted

pytestmark = pytest.mark.django_db

CHECKS = (
    invariants.public_acts_are_leaves,
    invariants.the_tree_follows_from_the_leaves,
    invariants.checkpoints_are_of_this_log,
    invariants.watched_logs_have_one_past,
    invariants.openings_open,
    invariants.documents_are_as_logged,
)


@pytest.fixture
def grown():
    """Acts by a person, a certificate, two checkpoints, of which one was shown to somebody."""
    log.signed()
    log.acts(5, by=make.user())
    checkpoint = log.signed()
    remember_seen(checkpoint, witness="archive@example.org", at=checkpoint.signed_at)
    log.certificate()
    log.signed()
    return checkpoint


def violations(check):
    return list(check())


def test_a_grown_log_violates_nothing(grown):
    assert {check.__name__: violations(check) for check in CHECKS} == {
        check.__name__: [] for check in CHECKS
    }


def test_an_empty_log_violates_nothing():
    assert [violations(check) for check in CHECKS] == [[]] * len(CHECKS)


def test_a_public_act_that_is_no_leaf_is_named(grown, monkeypatch):
    monkeypatch.setattr(journal, "_hearers", [])
    entry = log.acts(1)[0]

    assert violations(invariants.public_acts_are_leaves) == [
        f"{entry} is public and no leaf of the log. Run: manage.py catch_up_log"
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("content = replace(content, '2026-01-01', '2025-01-01')", "gives another on than entry"),
        ("content = replace(content, 'agency.renamed', 'agency.ended')", "does not say what the"),
        ("about = 'AG000017K'", "does not say what the journal says"),
        ("kind = 'agency.ended'", "does not say what the journal says"),
    ],
)
def test_a_leaf_that_says_something_else_than_the_journal_is_named(grown, change, words):
    planted(f"UPDATE audits_logleaf SET {change} WHERE position = 3")

    (named,) = violations(invariants.public_acts_are_leaves)
    assert words in named


def test_a_journal_that_was_changed_after_its_leaf_is_named(grown):
    planted()
    entry = LogLeaf.objects.get(position=3).entry
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER agencies_journalentry_no_update")
        else:
            cursor.execute("ALTER TABLE agencies_journalentry DISABLE TRIGGER USER")
    JournalEntry.objects.filter(pk=entry.pk).update(data={"on": "2020-01-01"})

    (named,) = violations(invariants.public_acts_are_leaves)
    assert "gives another on than entry" in named


def test_a_missing_leaf_is_named(grown):
    planted("DELETE FROM audits_logopening", "DELETE FROM audits_logleaf WHERE position = 2")

    assert violations(invariants.the_tree_follows_from_the_leaves) == [
        "Leaf 2 is missing: 3 is there in its place."
    ]


def test_a_leaf_that_steps_back_in_time_is_named(grown):
    planted("UPDATE audits_logleaf SET logged_at = '2020-01-01 00:00:00+00:00' WHERE position = 4")

    assert violations(invariants.the_tree_follows_from_the_leaves) == [
        "Leaf 4 is older than the one before it."
    ]


def test_a_leaf_with_other_bytes_is_named_by_every_node_above_it(grown):
    planted("UPDATE audits_logleaf SET content = '{}' WHERE position = 1")

    assert violations(invariants.the_tree_follows_from_the_leaves) == [
        f"Node {place} of level {level} does not follow from the leaves below it."
        for level, place in ((0, 1), (1, 0), (2, 0), (3, 0))
        if (1 << level) <= LogLeaf.objects.count()
    ]


def test_a_missing_node_is_named(grown):
    planted("DELETE FROM audits_lognode WHERE level = 1 AND place = 1")

    assert violations(invariants.the_tree_follows_from_the_leaves) == [
        "Node 1 of level 1 is missing."
    ]


def test_a_checkpoint_of_another_past_is_named_whoever_has_it(grown):
    planted("UPDATE audits_logleaf SET content = '{}' WHERE position = 1")
    first, second, third = LogCheckpoint.objects.order_by("size").values_list("size", flat=True)

    seen = f"The checkpoint at {second} that archive@example.org has seen"
    assert violations(invariants.checkpoints_are_of_this_log) == [
        f"The checkpoint at {second} has another root than the first {second} leaves give.",
        f"The checkpoint at {third} has another root than the first {third} leaves give.",
        f"{seen} has another root than the first {second} leaves give.",
    ]
    assert first == 1


def test_a_checkpoint_that_somebody_has_seen_and_the_log_does_not_reach_is_named(grown):
    planted("UPDATE audits_seencheckpoint SET size = 99")

    seen, count = "The checkpoint at 99 that archive@example.org has seen", LogLeaf.objects.count()
    assert violations(invariants.checkpoints_are_of_this_log) == [
        f"{seen} has more leaves than the log, which has {count}."
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("note = 'rubbish'", "cannot be read"),
        ("note = replace(note, '/log', '/log2')", "is not signed by its key"),
    ],
)
def test_a_checkpoint_without_its_signature_is_named(grown, change, words):
    planted(f"UPDATE audits_logcheckpoint SET {change} WHERE size = 1")

    (named,) = violations(invariants.checkpoints_are_of_this_log)
    assert words in named


def test_an_older_copy_of_the_database_is_named(grown, monkeypatch):
    monkeypatch.setitem(caught_up._found_whole, "mark", None)
    keep_outside(LogCheckpoint.objects.first().note)
    size = LogLeaf.objects.count()
    planted(
        "DELETE FROM audits_logopening",
        f"DELETE FROM audits_logcheckpoint WHERE size = {size}",
        f"DELETE FROM audits_logleaf WHERE position = {size - 1}",
    )

    (named,) = violations(invariants.checkpoints_are_of_this_log)
    assert "the database is an older copy" in named


def test_two_pasts_of_a_watched_log_are_named():
    SeenCheckpoint.objects.bulk_create(
        SeenCheckpoint(
            origin="other.example/log",
            size=5,
            root=root * 64,
            witness="us",
            note="",
            seen_at=timezone.now(),
        )
        for root in "ab"
    )

    assert violations(invariants.watched_logs_have_one_past) == [
        "other.example/log was seen with two different roots at 5."
    ]


def test_an_opening_that_does_not_open_is_named(grown):
    planted("UPDATE audits_logopening SET value = 'user:999' WHERE leaf_id = 2 AND name = 'actor'")

    leaf = LogLeaf.objects.get(position=2)
    assert violations(invariants.openings_open) == [
        f"Leaf {leaf} commits to another actor than is kept of it."
    ]


def test_a_certificate_on_record_that_is_not_the_logged_one_is_named(grown):
    planted(f"UPDATE audits_certificate SET pdf_digest = '{'1' * 64}'")

    leaf = LogLeaf.objects.get(kind="certificate.issued")
    assert violations(invariants.documents_are_as_logged) == [
        f"{leaf.about} on record is not what leaf {leaf.position} says was issued."
    ]
