"""The one query behind the answer about a certificate: compiled once, asked with another number.

Building this query costs ten times what the database takes to answer it, so Django builds it once
a process. Planning it costs PostgreSQL ten times that too, so there it is prepared once a
connection.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from weakref import WeakSet

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Exists, OuterRef, Subquery
from psycopg import sql

from agencies.models import Agency, JournalHead
from audits.credentials.models import CertificateCredential
from audits.enums import StatusState
from audits.models import AuditReport, Certificate, CertificateScope, SigningKey, StatusChange
from audits.transparency.models import LogLeaf

# Stands for the number while the statement is made; no number is written like this.
_ASKED = "number asked about"

_PREPARED_AS = "register_certificate"
_prepared_on: WeakSet[Any] = WeakSet()


def _columns(model, *names):
    """The columns in the order of the model, in which `from_db` wants them."""
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname in names)


_OWN = _columns(
    Certificate,
    "id", "number", "statement", "statement_digest", "signature", "valid_from", "valid_until",
    "conditions", "pdf_digest", "pdf_size", "issued_at", "superseded_at", "superseded_on",
    "superseded_by_id", "agency_id", "key_id",
)  # fmt: skip
_OTHERS = {
    Agency: ("agency", _columns(Agency, "id", "register_number", "legal_name", "ended_on")),
    SigningKey: ("key", _columns(SigningKey, "key_id", "algorithm", "public_key")),
    AuditReport: (
        "decision__audit__report",
        _columns(AuditReport, "audit_id", "state", "pdf_digest"),
    ),
    Certificate: ("superseded_by", _columns(Certificate, "id", "number")),
}
_NOTED = (
    "has_changes", "lost_a_corridor", "a_key_was_stolen", "has_credential", "log_position",
    "last_recorded_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """An issued certificate with what its answer needs to know; what is rare is read apart."""

    certificate: Certificate
    report: AuditReport
    has_changes: bool
    lost_a_corridor: bool
    a_key_was_stolen: bool
    has_credential: bool
    log_position: int | None
    last_recorded_at: datetime | None


def find(number) -> Found | None:
    """The issued certificate with a number; one query."""
    connection = connections[DEFAULT_DB_ALIAS]
    statement, params, converters = _compiled(connection.vendor)
    # where an error would end somebody's transaction, nothing is tried that could be one
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        row = _asked_prepared(connection, statement, params, number)
    else:
        row = _asked(connection, statement, [number if one == _ASKED else one for one in params])
    return None if row is None else _found(_converted(row, converters, connection))


def _asked(connection, statement, params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone()


def _asked_prepared(connection, statement, params, number):
    """A pooler in between may ask where nothing was prepared: then the question is put whole."""
    try:
        connection.ensure_connection()
        if connection.connection not in _prepared_on:
            _prepare(connection.connection, statement, params)
        return _asked(connection, f"EXECUTE {_PREPARED_AS}(%s)", [number])
    except DatabaseError:
        return _asked(connection, statement, [number if one == _ASKED else one for one in params])


def _prepare(raw, statement, params):
    known = "SELECT 1 FROM pg_prepared_statements WHERE name = %s"
    if raw.execute(known, [_PREPARED_AS]).fetchone() is None:
        values = [sql.SQL("$1") if one == _ASKED else sql.Literal(one) for one in params]
        whole = sql.SQL(statement.replace("{", "{{").replace("}", "}}").replace("%s", "{}"))
        prepare = sql.SQL("PREPARE {} (varchar) AS {}")
        raw.execute(prepare.format(sql.Identifier(_PREPARED_AS), whole.format(*values)))
    _prepared_on.add(raw)


def _found(row):
    certificate = Certificate.from_db(DEFAULT_DB_ALIAS, _OWN, row[: len(_OWN)])
    at, others = len(_OWN), []
    for model, (_, names) in _OTHERS.items():
        others.append(model.from_db(DEFAULT_DB_ALIAS, names, row[at : at + len(names)]))
        at += len(names)
    agency, key, report, superseding = others
    certificate.agency, certificate.key = agency, key
    if certificate.superseded_by_id is not None:
        certificate.superseded_by = superseding
    return Found(certificate, report, *row[at:])


@cache
def _compiled(vendor):
    """Statement, parameters and converters by column, for a kind of database."""
    changes = StatusChange.objects.filter(certificate=OuterRef("pk"), state=StatusState.CONFIRMED)
    lost = CertificateScope.objects.filter(certificate=OuterRef("pk"), ended_at__isnull=False)
    leaf = LogLeaf.objects.filter(about=OuterRef("number"), kind="certificate.issued")
    noted = {
        "has_changes": Exists(changes),
        "lost_a_corridor": Exists(lost),
        "a_key_was_stolen": Exists(SigningKey.objects.exclude(compromised_from=None)),
        "has_credential": Exists(CertificateCredential.objects.filter(certificate=OuterRef("pk"))),
        "log_position": Subquery(leaf.order_by().values("position")[:1]),
        "last_recorded_at": Subquery(JournalHead.objects.values("last_recorded_at")[:1]),
    }
    others = [f"{path}__{name}" for path, names in _OTHERS.values() for name in names]
    asked = Certificate.objects.issued().annotate(**noted).filter(number=_ASKED).order_by()
    compiler = asked.values_list(*_OWN, *others, *_NOTED).query.get_compiler(DEFAULT_DB_ALIAS)
    statement, params = compiler.as_sql()
    columns: list[Any] = [column for column, _, _ in compiler.select]
    return statement, tuple(params), compiler.get_converters(columns)


def _converted(row, converters, connection):
    row = list(row)
    for at, (convert, expression) in converters.items():
        for one in convert:
            row[at] = one(row[at], expression, connection)
    return row
