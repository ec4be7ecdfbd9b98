"""Judges stored placements, and judges them again where something that they rest on has changed.

A placement keeps its verdict as long as its facts and the rules are the same; where they are not,
it gets another one and the change is kept. Nothing is judged row by row on the way to an answer.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

from agencies.lib.collecting import without_collecting
from agencies.models import Agency, Country
from attestations.crosscheck.cover import Cover
from attestations.crosscheck.differences import Differences
from attestations.crosscheck.engine import REMEMBERED, Judgement, agency_record, load_lists
from attestations.crosscheck.lists import Lists
from attestations.crosscheck.places import place_in_line
from attestations.crosscheck.values import (
    AGREEMENT_AT,
    DATE_FIELDS,
    JSON_FIELDS,
    JUDGED_FIELDS,
)
from attestations.placements.models import Placement
from attestations.safeguards.models import Agreement, ListEdition

CHUNK = 20_000

SAID_COLUMNS = [
    Cast(field, TextField()) if field in (*JSON_FIELDS, *DATE_FIELDS) else F(field)
    for field in JUDGED_FIELDS
]
_OWN = ("pk", "verdict_id", "agency_id", "reference")
_OWN_COLUMNS = len(_OWN)


@without_collecting()
def judge(placements: Any, *, reason: str) -> int:
    """Judge these placements by the rules, lists and agencies of now; how many verdicts changed.

    Withdrawn placements keep the verdict they had. Where an agreement with a quota is cited, all
    that cite it are settled, because a place that one takes is another's no longer. What is found
    is kept in one transaction: nobody sees some judged anew and others not.
    """
    lists = load_lists()
    quotas = {terms.reference: terms.quota for terms in lists.agreements if terms.quota is not None}
    judgements = Judgements(lists)
    found = Differences()
    cited: set[str] = set()
    for rows in _streamed(placements.filter(withdrawn_at=None)):
        found.know(row[1] for row in rows)
        for row in rows:
            said = row[_OWN_COLUMNS:]
            if said[AGREEMENT_AT] in quotas:
                cited.add(said[AGREEMENT_AT])
            else:
                found.add(row[0], row[1], judgements.of_agency(row[2]).of(said))
        judgements.forget_if_many()
    with transaction.atomic():
        judgements.store()
        changed = found.keep(reason)
        for reference in sorted(cited):
            changed += _settle(reference, quotas[reference], judgements, reason)
    return changed


class Judgements:
    """A judgement an agency, each made when its first placement comes."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self._of_agency: dict[int, Judgement] = {}

    def of_agency(self, key: int) -> Judgement:
        found = self._of_agency.get(key)
        if found is None:
            record = agency_record(Agency.objects.get(pk=key))
            found = self._of_agency[key] = Judgement(self._lists, record)
        return found

    def forget_if_many(self) -> None:
        """Keep the memory of one file's profiles, for however many agencies it is."""
        if sum(judgement.remembers for judgement in self._of_agency.values()) > REMEMBERED:
            for judgement in self._of_agency.values():
                judgement.forget()

    def store(self) -> None:
        for judgement in self._of_agency.values():
            judgement.store()


def rejudge_agency(*, agency_id: int, reason: str) -> int:
    """After a change of licence, authorization, membership or restriction."""
    return judge(Placement.objects.filter(agency=agency_id), reason=reason)


def rejudge_all(*, reason: str) -> int:
    """After changes of which nobody says whom they touch."""
    return judge(Placement.objects.all(), reason=reason)


def rejudge_corridors(
    *,
    reason: str,
    residences: Iterable[str] | None = None,
    destinations: Iterable[str] | None = None,
) -> int:
    """After a change of a list, a communication or a requirement: only the corridors it touches."""
    placements = Placement.objects.all()
    if residences is not None:
        placements = placements.filter(residence__in=list(residences))
    if destinations is not None:
        placements = placements.filter(destination__in=list(destinations))
    return judge(placements, reason=reason)


def rejudge_edition(*, label: str, changed: Iterable[str], valid_from: date, reason: str) -> int:
    """After an edition came into force, or was rolled back before it did: whom it touches.

    `changed` are the countries that it added or left out.
    """
    return judge(touched_by_edition(changed=changed, valid_from=valid_from), reason=reason)


def touched_by_edition(*, changed: Iterable[str], valid_from: date) -> Any:
    """The placements whose answer may hang on whether an edition is in force from a day on.

    Recruited in its days; without a recruitment date (another day governs them, or none); recruited
    before and started since, where the country's place on the List changes (SSL-ADDED-LATER). All
    others are judged by other editions, and stay as they are.
    """
    editions = ListEdition.objects.active().filter(valid_from__gt=valid_from)
    following = editions.order_by("valid_from").values_list("valid_from", flat=True).first()
    in_its_days = Q(recruited_on__gte=valid_from)
    started_since = Q(started_on__gte=valid_from)
    if following is not None:
        in_its_days &= Q(recruited_on__lt=following)
        started_since &= Q(started_on__lt=following)
    added_later = Q(recruited_on__lt=valid_from, residence__in=list(changed)) & started_since
    # of every country, and of none that is known: the index that finds the days goes by residence
    anywhere = list(Country.objects.values_list("pk", flat=True))
    at_any = Q(residence__in=anywhere), Q(residence=None)
    any_day = in_its_days, Q(recruited_on=None)
    touched = [residence & days for residence in at_any for days in any_day]
    return Placement.objects.filter(reduce(or_, touched, added_later))


def rejudge_agreement(*, reference: str, reason: str) -> int:
    """After an agreement was recorded, confirmed or changed: whoever cites it."""
    return judge(Placement.objects.filter(agreement_cited=reference), reason=reason)


def settle_quotas(*, references: Iterable[str], reason: str) -> int:
    """Give out the places of these agreements anew; those without a quota are left alone."""
    wanted = set(references)
    if not wanted:
        return 0
    lists = load_lists()
    quotas = {terms.reference: terms.quota for terms in lists.agreements if terms.quota is not None}
    judgements = Judgements(lists)
    return sum(
        _settle(reference, quotas[reference], judgements, reason)
        for reference in sorted(wanted & quotas.keys())
    )


@transaction.atomic
def _settle(reference: str, quota: int, judgements: Judgements, reason: str) -> int:
    list(Agreement.objects.select_for_update().filter(reference=reference))
    citing = Placement.objects.filter(agreement_cited=reference, withdrawn_at=None)
    agencies = Agency.objects.filter(pk__in=citing.order_by().values("agency"))
    numbers = dict(agencies.values_list("pk", "register_number"))
    rows = [row for chunk in _streamed(citing) for row in chunk]
    rows.sort(key=lambda row: place_in_line(row[_OWN_COLUMNS:], numbers[row[2]], row[3]))
    found = Differences()
    found.know(row[1] for row in rows)
    used = 0
    for row in rows:
        judgement = judgements.of_agency(row[2])
        one = judgement.of(row[_OWN_COLUMNS:])
        if one.facts.cover is Cover.COVERS:
            used += 1
            if used > quota:
                one = judgement.of(row[_OWN_COLUMNS:], quota_exceeded=True)
        found.add(row[0], row[1], one)
    judgements.store()
    return found.keep(reason)


def _streamed(placements: Any) -> Iterator[list[tuple[Any, ...]]]:
    """The placements, so many at a time: own columns, then what they say, as the database has it.

    Days come as texts and JSON as its text: nothing is made of a million values that only one in
    a hundred rows needs.
    """
    query = placements.order_by().values_list(*_OWN, *SAID_COLUMNS).query
    statement, parameters = query.sql_with_params()
    with _read_at_once(), connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(CHUNK):
            yield rows


@contextmanager
def _read_at_once() -> Iterator[None]:
    """PostgreSQL sends rows as they are asked for only within a transaction; SQLite would take its
    one right to write for it."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            yield
    else:
        yield
