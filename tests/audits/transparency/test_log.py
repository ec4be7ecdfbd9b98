"""A public act is a leaf in its own transaction, says what is public, and is never changed."""

import json
import threading

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies import journal
from agencies.lib.canonical import canonical
from agencies.models import JournalEntry
from audits.keys.enums import Purpose
from audits.keys.signing import current
from audits.register import history
from audits.transparency import merkle
from audits.transparency.acts import ACTS
from audits.transparency.commitments import commitment
from audits.transparency.log import append, catch_up, log_latecomers, log_public_act, payload_of
from audits.transparency.models import LogLeaf, LogNode, LogOpening
from audits.transparency.queries import (
    instant_of,
    leaf_of_certificate,
    position_of,
    root_at,
    size,
    size_at,
    size_before,
)
from audits.transparency.witnessing import remember_seen
from tests.factories import agencies as make
from tests.factories import log
from tests.factories.log import planted

pytestmark = pytest.mark.django_db

TABLES = ("audits_logleaf", "audits_lognode", "audits_logcheckpoint", "audits_seencheckpoint")


def contents():
    return [json.loads(leaf.content) for leaf in LogLeaf.objects.all()]


def test_a_public_act_is_a_leaf_in_canonical_form():
    agency, person = make.agency(), make.user()

    entry = journal.record("agency.renamed", agency, by=person, former=3, on="2026-01-01")

    leaf = LogLeaf.objects.get()
    openings = dict(leaf.openings.values_list("name", "salt"))
    expected = {
        "kind": "agency.renamed",
        "position": 0,
        "recorded_at": f"{entry.recorded_at:%Y-%m-%dT%H:%M:%S.%f}Z",
        "about": agency.register_number,
        "agency": agency.register_number,
        "facts": {"on": "2026-01-01"},
        "commitments": {
            "actor": commitment(openings["actor"], f"user:{person.pk}"),
            "legal_name": commitment(openings["legal_name"], agency.legal_name),
        },
    }
    assert leaf.content.encode() == canonical(expected)
    assert (leaf.entry, leaf.about, leaf.logged_at) == (
        entry,
        agency.register_number,
        entry.recorded_at,
    )


def test_what_is_not_public_is_no_leaf_and_what_is_not_listed_is_not_published():
    agency = make.agency()
    journal.record("agency.contact_changed", agency, by=None, fields=["telephone"])

    journal.record("agency.registered", agency, by=None, regulator=1, looked_like=["AG000018H"])

    assert [(leaf["kind"], leaf["facts"]) for leaf in contents()] == [("agency.registered", {})]


def test_everything_that_the_public_reads_of_an_agency_is_in_the_log():
    assert set(history.ACTS) - set(ACTS) == set()


def test_no_person_and_no_name_stands_in_a_leaf_openly():
    person = make.user(name="Eleonore Example")
    agency = make.agency(legal_name="Eleonore Example Recruitment")
    journal.record("agency.registered", agency, by=person)
    journal.record("attestation.submitted", agency, by=person, digest="ab", officer="0f3e")

    written = "".join(LogLeaf.objects.values_list("content", flat=True))

    assert [
        word for word in ("Eleonore", f"user:{person.pk}", "0f3e", person.email) if word in written
    ] == []


def test_an_act_that_is_rolled_back_leaves_no_leaf():
    with transaction.atomic():
        log.acts(2)
        transaction.set_rollback(True)

    assert (size(), LogNode.objects.count(), LogOpening.objects.count()) == (0, 0, 0)


def test_an_act_whose_leaf_cannot_be_written_does_not_happen():
    with pytest.raises(ValueError, match="takes"), transaction.atomic():
        journal.record("agency.renamed", make.agency(), by=None, on="x" * 70_000)

    assert JournalEntry.objects.count() == size() == 0


def test_control_with_the_leaf_outside_the_transaction_a_crash_leaves_an_act_without_one(
    monkeypatch,
):
    """What `on_record` is for: between two transactions there is a moment for a crash."""
    monkeypatch.setattr(journal, "_hearers", [])
    agency = make.agency()

    def act_and_crash():
        with transaction.atomic():
            entry = journal.record("agency.renamed", agency, by=None, on="2026-01-01")
        raise RuntimeError
        log_public_act(entry)

    with pytest.raises(RuntimeError):
        act_and_crash()

    assert (JournalEntry.objects.count(), size()) == (1, 0)


@pytest.mark.parametrize("step", [LogLeaf, LogOpening, LogNode])
def test_a_crash_at_any_write_of_the_leaf_takes_the_act_with_it(step):
    table, person, agency = step._meta.db_table, make.user(), make.agency()

    def crash(execute, sql, params, many, context):
        if sql.startswith("INSERT") and table in sql:
            raise RuntimeError
        return execute(sql, params, many, context)

    with pytest.raises(RuntimeError), connection.execute_wrapper(crash), transaction.atomic():
        journal.record("agency.renamed", agency, by=person, on="2026-01-01")

    assert (JournalEntry.objects.count(), size(), LogNode.objects.count()) == (0, 0, 0)


def test_the_stored_tree_is_the_tree_over_the_leaves():
    log.acts(37)
    leaves = [merkle.leaf_hash(leaf.content.encode()) for leaf in LogLeaf.objects.all()]

    assert [root_at(at) for at in range(38)] == [merkle.root_of(leaves[:at]) for at in range(38)]


def test_an_append_costs_the_same_few_statements_however_long_the_log():
    agency = make.agency()
    log.acts(3, agency=agency)
    with CaptureQueriesContext(connection) as at_four:
        log.acts(1, agency=agency)
    log.acts(59, agency=agency)
    with CaptureQueriesContext(connection) as at_sixty_four:
        log.acts(1, agency=agency)

    assert (size(), len(at_four)) == (64, len(at_sixty_four))


def test_instants_and_sizes_name_the_same_cuts():
    entries = log.acts(4)
    third = entries[2].recorded_at

    assert (size_before(third), size_at(third), instant_of(3)) == (2, 3, third)
    assert (instant_of(0), size_before(entries[0].recorded_at)) == (None, 0)
    assert [position_of(entry) for entry in entries] == [0, 1, 2, 3]


def test_an_entry_that_is_not_public_has_no_position():
    entry = journal.record("agency.contact_changed", make.agency(), by=None)

    assert (position_of(entry), leaf_of_certificate("CE000012Z")) == (None, None)


def erased(person):
    call_command("erase_openings", "actor", f"user:{person.pk}", verbosity=0)


def test_an_erased_opening_leaves_the_log_as_it_was_and_the_value_unguessable(capsys):
    person, other = make.user(), make.user()
    log.acts(3, by=person)
    log.acts(1, by=other)
    before, root = contents(), root_at(4)
    salts = set(LogOpening.objects.filter(name="actor").values_list("salt", flat=True))
    assert len(salts) == 4

    erased(person)

    assert (contents(), root_at(4)) == (before, root)
    assert list(
        LogOpening.objects.filter(name="actor").values_list("value", flat=True).distinct()
    ) == [f"user:{other.pk}"]
    # with every person of the register tried under every salt that is left, nothing opens
    kept = set(LogOpening.objects.values_list("salt", flat=True)) | {""}
    tried = {commitment(salt, f"user:{pk}") for salt in kept for pk in range(person.pk + 50)}
    assert [leaf["commitments"]["actor"] in tried for leaf in before] == [False] * 3 + [True]


def test_control_with_its_salt_the_same_value_is_found_at_once():
    person = make.user()
    log.acts(1, by=person)
    kept = set(LogOpening.objects.values_list("salt", flat=True))

    tried = {commitment(salt, f"user:{pk}") for salt in kept for pk in range(person.pk + 50)}

    assert contents()[0]["commitments"]["actor"] in tried


def without_a_log(monkeypatch, count):
    with monkeypatch.context() as patch:
        patch.setattr(journal, "_hearers", [])
        return log.acts(count)


def test_the_acts_from_before_the_log_come_first_and_once(monkeypatch):
    older = without_a_log(monkeypatch, 3)
    journal.record("agency.contact_changed", make.agency(), by=None)

    newer = log.acts(2)

    assert [leaf.entry for leaf in LogLeaf.objects.order_by("position")] == older + newer
    assert [leaf.logged_at for leaf in LogLeaf.objects.order_by("position")] == [
        entry.recorded_at for entry in older + newer
    ]
    assert (catch_up(), log_latecomers()) == (0, 0)


def test_an_entry_that_an_older_version_wrote_is_caught_up_with_too(monkeypatch):
    """It named less: the record's own key is then what the leaf is about."""
    key = current(Purpose.CHECKPOINT, at=timezone.now())
    LogOpening.objects.all().delete()
    planted("DELETE FROM audits_logleaf", "DELETE FROM audits_lognode")
    with monkeypatch.context() as patch:
        patch.setattr(journal, "_hearers", [])
        journal.record("signing_key.registered", key, by=None, public_key=key.public_key)

    assert catch_up() == 2

    assert [leaf["about"] for leaf in contents()] == [key.key_id, key.key_id]


def test_a_command_catches_up_where_nothing_happens(monkeypatch, capsys):
    without_a_log(monkeypatch, 3)

    call_command("catch_up_log")
    call_command("catch_up_log")

    assert capsys.readouterr().out == "3 acts entered.\n0 acts entered.\n"
    assert size() == 3


def test_what_becomes_public_later_stands_at_the_end_with_its_own_time(monkeypatch):
    log.acts(1)
    (late,) = without_a_log(monkeypatch, 1)
    (last,) = log.acts(1)

    assert log_latecomers() == 1

    leaf = LogLeaf.objects.get(position=2)
    said = json.loads(leaf.content)
    assert (leaf.entry, leaf.logged_at) == (late, last.recorded_at)
    assert said["recorded_at"] < said["logged_at"]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "change", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"]
)
def test_the_database_refuses_to_change_or_remove_anything_of_the_log(table, change):
    log.acts(2)
    checkpoint = log.signed()
    remember_seen(checkpoint, witness="a file", at=checkpoint.signed_at)
    column = {"audits_lognode": "hash", "audits_logleaf": "content"}.get(table, "root")

    with (
        pytest.raises(DatabaseError, match="the log is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table=table, column=column))


def test_an_opening_is_whole_or_erased():
    log.acts(1, by=make.user())

    with pytest.raises(DatabaseError, match="an opening is only erased"), transaction.atomic():
        LogOpening.objects.update(value="user:1")

    assert LogOpening.objects.all().delete()[0] == 2


@pytest.mark.postgresql_only
@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_empty_the_log(table):
    with (
        pytest.raises(DatabaseError, match="the log is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_control_without_its_triggers_the_same_statement_does_the_damage():
    log.acts(1)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audits_logleaf_no_update")
        else:
            cursor.execute("DROP FUNCTION audits_logleaf_no_update() CASCADE")
        cursor.execute("UPDATE audits_logleaf SET content = '{}'")

    assert LogLeaf.objects.get().content == "{}"


def test_the_same_entry_is_never_logged_twice():
    (entry,) = log.acts(1)

    with pytest.raises(DatabaseError), transaction.atomic():
        append(entry.verb, payload_of(entry), entry=entry, position=1)


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_many_acts_at_once_leave_one_tree_without_a_gap():
    agency = make.agency()
    together = threading.Barrier(8)

    def act():
        together.wait()
        try:
            log.acts(5, agency=agency)
        finally:
            connection.close()

    actors = [threading.Thread(target=act) for _ in range(8)]
    for actor in actors:
        actor.start()
    for actor in actors:
        actor.join()

    leaves = [merkle.leaf_hash(leaf.content.encode()) for leaf in LogLeaf.objects.all()]
    assert (len(leaves), root_at(40)) == (40, merkle.root_of(leaves))
    instants = list(LogLeaf.objects.values_list("logged_at", flat=True))
    assert instants == sorted(instants)
