"""What was signed or published stays as it was: triggers that say so in the database itself.

A migration that alters one of these tables sets them aside and puts them back, because SQLite
builds an altered table anew: `RunPython(thaw, freeze)`, the alteration, `RunPython(freeze, thaw)`.
"""

SIGNED = "a submitted attestation is frozen"
REVIEWED = "a review that was given stays as it was given"
KEPT = "a stored file keeps its content"
ACTIVE = "a published edition never changes"


def _differs(*columns):
    return " OR ".join(f"OLD.{column} {{differs}} NEW.{column}" for column in columns)


_SIGNED = (
    "EXISTS (SELECT 1 FROM attestations_attestation a"
    " WHERE a.id = ROW.attestation_id AND a.submitted_at IS NOT NULL)"
)
_SIGNED_ANSWER = (
    "EXISTS (SELECT 1 FROM attestations_answer w"
    " JOIN attestations_attestation a ON a.id = w.attestation_id"
    " WHERE w.id = ROW.answer_id AND a.submitted_at IS NOT NULL)"
)
_ACTIVE = (
    "EXISTS (SELECT 1 FROM attestations_listedition e"
    " WHERE e.label = ROW.edition_id AND e.activated_at IS NOT NULL)"
)


def _of(condition, *rows):
    return " OR ".join(condition.replace("ROW", row) for row in rows)


# table, event, what is refused, in which words
TRIGGERS = [
    (
        "attestations_attestation",
        "UPDATE",
        "OLD.submitted_at IS NOT NULL AND ("
        + _differs(
            "public_id",
            "agency_id",
            "edition_id",
            "continues_id",
            "started_at",
            "started_by_id",
            "submitted_at",
            "submitted_by_id",
            "signed_by_id",
            "declaration",
            "statement_digest",
        )
        + ")",
        SIGNED,
    ),
    ("attestations_attestation", "DELETE", "OLD.submitted_at IS NOT NULL", SIGNED),
    (
        "attestations_attestation",
        "UPDATE",
        "OLD.reviewed_at IS NOT NULL AND ("
        + _differs("state", "reviewed_at", "reviewed_by_id", "review_note")
        + ")",
        REVIEWED,
    ),
    ("attestations_answer", "INSERT", _of(_SIGNED, "NEW"), SIGNED),
    ("attestations_answer", "UPDATE", _of(_SIGNED, "OLD", "NEW"), SIGNED),
    ("attestations_answer", "DELETE", _of(_SIGNED, "OLD"), SIGNED),
    ("attestations_answerevidence", "INSERT", _of(_SIGNED_ANSWER, "NEW"), SIGNED),
    (
        "attestations_answerevidence",
        "UPDATE",
        _of(_SIGNED_ANSWER, "OLD", "NEW"),
        SIGNED,
    ),
    ("attestations_answerevidence", "DELETE", _of(_SIGNED_ANSWER, "OLD"), SIGNED),
    (
        "attestations_evidencefile",
        "UPDATE",
        _differs("public_id", "agency_id", "digest", "size", "kind"),
        KEPT,
    ),
    (
        "attestations_listedition",
        "UPDATE",
        "OLD.activated_at IS NOT NULL AND ("
        + _differs(
            "label",
            "urn",
            "title",
            "published_on",
            "valid_from",
            "certainty",
            "source",
            "digest",
            "loaded_at",
            "loaded_by_id",
            "activated_at",
            "activated_by_id",
        )
        + ")",
        ACTIVE,
    ),
    ("attestations_listedition", "DELETE", "OLD.activated_at IS NOT NULL", ACTIVE),
    ("attestations_listentry", "INSERT", _of(_ACTIVE, "NEW"), ACTIVE),
    ("attestations_listentry", "UPDATE", _of(_ACTIVE, "OLD", "NEW"), ACTIVE),
    ("attestations_listentry", "DELETE", _of(_ACTIVE, "OLD"), ACTIVE),
    ("attestations_catalogueedition", "UPDATE", "1 = 1", ACTIVE),
    ("attestations_catalogueedition", "DELETE", "1 = 1", ACTIVE),
    ("attestations_requirement", "UPDATE", "1 = 1", ACTIVE),
    ("attestations_requirement", "DELETE", "1 = 1", ACTIVE),
]


# since migration 0011; `thaw` knows nothing of them, and SQLite drops them with the altered table
ROLLED_BACK = [
    (
        "attestations_listedition",
        "UPDATE",
        "OLD.rolled_back_at IS NOT NULL AND ("
        + _differs(
            "rollback_asked_at",
            "rollback_asked_by_id",
            "rollback_reason",
            "rolled_back_at",
            "rolled_back_by_id",
        )
        + ")",
        "an edition that was rolled back stays so",
    ),
]


# since migration 0015; `thaw` knows nothing of them either
RECORDED = "a revision stays as it was recorded"
CONFIRMED = "a confirmed revision stays confirmed"
REVISIONS = [
    (
        "attestations_revision",
        "UPDATE",
        _differs(
            "kind",
            "act",
            "subject",
            "content",
            "digest",
            "digest_before",
            "effective_on",
            "recorded_at",
            "recorded_by_id",
        ),
        RECORDED,
    ),
    (
        "attestations_revision",
        "UPDATE",
        "OLD.confirmed_at IS NOT NULL AND ("
        + _differs("public_id", "confirmed_at", "confirmed_by_id")
        + ")",
        CONFIRMED,
    ),
    (
        "attestations_revision",
        "UPDATE",
        "OLD.undone_at IS NOT NULL AND (" + _differs("undone_at", "undone_by_id") + ")",
        "a revision that was undone stays so",
    ),
    ("attestations_revision", "DELETE", "OLD.confirmed_at IS NOT NULL", CONFIRMED),
]

# since migration 0018
REVISIONS_ROLLED_BACK = [
    (
        "attestations_revision",
        "UPDATE",
        "OLD.undone_at IS NOT NULL AND ("
        + _differs("rollback_asked_at", "rollback_asked_by_id", "rollback_reason")
        + ")",
        "a revision that was rolled back stays so",
    ),
]

# since migration 0021 (`thaw` knows nothing of them): what a regulator asks for is part of its review
_REVIEWED = (
    "EXISTS (SELECT 1 FROM attestations_attestation a"
    " WHERE a.id = ROW.attestation_id AND a.reviewed_at IS NOT NULL)"
)
ASKED = [
    (
        "attestations_attestation",
        "UPDATE",
        "OLD.reviewed_at IS NOT NULL AND (" + _differs("answer_by") + ")",
        REVIEWED,
    ),
    ("attestations_ask", "INSERT", _of(_REVIEWED, "NEW"), REVIEWED),
    ("attestations_ask", "UPDATE", "1 = 1", REVIEWED),
    ("attestations_ask", "DELETE", _of(_REVIEWED, "OLD"), REVIEWED),
]


def _named(triggers, prefix):
    for number, (table, event, condition, words) in enumerate(triggers, start=1):
        yield f"attestations_{prefix}_{number:02}", table, event, condition, words


def freeze(apps, schema_editor):
    _freeze(schema_editor, _named(TRIGGERS, "frozen"))


def thaw(apps, schema_editor):
    _thaw(schema_editor, _named(TRIGGERS, "frozen"))


def freeze_rolled_back(apps, schema_editor):
    _freeze(schema_editor, _named(ROLLED_BACK, "rolled_back"))


def thaw_rolled_back(apps, schema_editor):
    _thaw(schema_editor, _named(ROLLED_BACK, "rolled_back"))


def freeze_revisions(apps, schema_editor):
    _freeze(schema_editor, _named(REVISIONS, "revision"))


def thaw_revisions(apps, schema_editor):
    _thaw(schema_editor, _named(REVISIONS, "revision"))


def freeze_revisions_rolled_back(apps, schema_editor):
    _freeze(schema_editor, _named(REVISIONS_ROLLED_BACK, "revision_rolled_back"))


def thaw_revisions_rolled_back(apps, schema_editor):
    _thaw(schema_editor, _named(REVISIONS_ROLLED_BACK, "revision_rolled_back"))


def freeze_asked(apps, schema_editor):
    _freeze(schema_editor, _named(ASKED, "asked"))


def thaw_asked(apps, schema_editor):
    _thaw(schema_editor, _named(ASKED, "asked"))


def _freeze(schema_editor, named):
    write = {"sqlite": _sqlite, "postgresql": _postgresql}[schema_editor.connection.vendor]
    for statement in write(named):
        schema_editor.execute(statement)


def _thaw(schema_editor, named):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, _, _, _ in named:
        schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
        if postgresql:
            schema_editor.execute(f"DROP FUNCTION {name}()")


def _sqlite(named):
    for name, table, event, condition, words in named:
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            f"WHEN {condition.format(differs='IS NOT')} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )


def _postgresql(named):
    for name, table, event, condition, words in named:
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition.format(differs='IS DISTINCT FROM')} "
            f"THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; "
            f"END IF; RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $$"
        )
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
