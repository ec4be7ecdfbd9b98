"""Judges stored placements, and judges them again where something that they rest on has changed.

A placement keeps its verdict as long as its facts and the rules are the same; where they are not,
it gets another one and the change is kept. Nothing is judged row by row on the way to an answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from agencies.models import Agency
from attestations.crosscheck.cover import Cover
from attestations.crosscheck.engine import Judgement, Reached, agency_record, load_lists
from attestations.crosscheck.lists import Lists
from attestations.crosscheck.models import Verdict
from attestations.crosscheck.record import day_of_recruitment
from attestations.crosscheck.values import AGREEMENT_AT, JSON_FIELDS, JUDGED_FIELDS, record_from
from attestations.placements.models import Placement, VerdictChange
from attestations.safeguards.models import Agreement

CHUNK = 5_000

_COLUMNS = [
    Cast(field, TextField()) if field in JSON_FIELDS else F(field) for field in JUDGED_FIELDS
]
_OWN = ("pk", "verdict_id", "agency_id", "reference")
_OWN_COLUMNS = len(_OWN)


def judge(placements: Any, *, reason: str) -> int:
    """Judge these placements by the rules, lists and agencies of now; how many verdicts changed.

    Withdrawn placements keep the verdict they had. Where an agreement with a quota is cited, all
    that cite it are settled, because a place that one takes is another's no longer.
    """
    lists = load_lists()
    quotas = {terms.reference: terms.quota for terms in lists.agreements if terms.quota is not None}
    cited: set[str] = set()
    changed = 0
    live = placements.filter(withdrawn_at=None).order_by()
    for agency in Agency.objects.filter(pk__in=live.values("agency")).order_by("pk"):
        judgement = Judgement(lists, agency_record(agency))
        for rows in _chunks(live.filter(agency=agency)):
            counted = {row[_OWN_COLUMNS:][AGREEMENT_AT] for row in rows} & quotas.keys()
            cited |= counted
            reached = [
                (row, judgement.of(row[_OWN_COLUMNS:]))
                for row in rows
                if row[_OWN_COLUMNS:][AGREEMENT_AT] not in counted
            ]
            judgement.store()
            changed += _keep(reached, reason)
    for reference in sorted(cited):
        changed += _settle(reference, quotas[reference], lists, reason)
    return changed


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
    """After an edition came into force: whoever was recruited, or started, on or after its day.

    `changed` are the countries that it added or left out. The others' residence is judged alike;
    those trained in one of them are looked at too.
    """
    countries = list(changed)
    on_or_after = Placement.objects.exclude(started_on__lt=valid_from)
    touched = on_or_after.filter(residence__in=countries) | on_or_after.filter(
        training__in=countries
    )
    newly = Placement.objects.filter(recruited_on__gte=valid_from).exclude(
        verdict__edition_label=label
    )
    return judge(touched | newly, reason=reason)


def rejudge_agreement(*, reference: str, reason: str) -> int:
    """After an agreement was recorded, confirmed or changed: whoever cites it."""
    return judge(Placement.objects.filter(agreement_cited=reference), reason=reason)


def settle_quotas(*, references: Iterable[str], reason: str) -> int:
    """Give out the places of these agreements anew; those without a quota are left alone."""
    lists = load_lists()
    quotas = {terms.reference: terms.quota for terms in lists.agreements if terms.quota is not None}
    return sum(
        _settle(reference, quotas[reference], lists, reason)
        for reference in sorted(set(references) & quotas.keys())
    )


@transaction.atomic
def _settle(reference: str, quota: int, lists: Lists, reason: str) -> int:
    """Places go by (day of recruitment, agency number, reference), never by the order of files."""
    list(Agreement.objects.select_for_update().filter(reference=reference))
    citing = Placement.objects.filter(agreement_cited=reference, withdrawn_at=None)
    agencies = Agency.objects.filter(pk__in=citing.order_by().values("agency"))
    numbers = dict(agencies.values_list("pk", "register_number"))
    judgements = {agency.pk: Judgement(lists, agency_record(agency)) for agency in agencies}
    rows = [row for chunk in _chunks(citing) for row in chunk]
    rows.sort(key=lambda row: (_day(row), numbers[row[2]], row[3]))
    reached = []
    used = 0
    for row in rows:
        judgement = judgements[row[2]]
        one = judgement.of(row[_OWN_COLUMNS:])
        if one.facts.cover is Cover.COVERS:
            used += 1
            if used > quota:
                one = judgement.of(row[_OWN_COLUMNS:], quota_exceeded=True)
        reached.append((row, one))
    for judgement in judgements.values():
        judgement.store()
    return _keep(reached, reason)


def _day(row: Sequence[Any]) -> date:
    day, _ = day_of_recruitment(record_from(row[_OWN_COLUMNS:]))
    return day or date.max


def _chunks(placements: Any) -> Iterator[list[tuple[Any, ...]]]:
    """The placements in the order of their keys, so many at a time: own columns, then stated."""
    last = 0
    while True:
        rows = list(
            placements.filter(pk__gt=last).order_by("pk").values_list(*_OWN, *_COLUMNS)[:CHUNK]
        )
        if not rows:
            return
        yield rows
        last = rows[-1][0]


@transaction.atomic
def _keep(reached: Sequence[tuple[Sequence[Any], Reached]], reason: str) -> int:
    """Point placements to their new verdicts where facts or rules differ, and keep the old ones."""
    current = {row[1] for row, _ in reached} - {None}
    known = {
        pk: (facts, rules)
        for pk, facts, rules in Verdict.objects.filter(pk__in=current).values_list(
            "pk", "facts_digest", "ruleset_version"
        )
    }
    different = [
        (row[0], row[1], one.pk)
        for row, one in reached
        if known.get(row[1]) != (one.facts_digest, one.verdict.ruleset)
    ]
    if not different:
        return 0
    table = connection.ops.quote_name(Placement._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET verdict_id = %s WHERE id = %s",  # noqa: S608 -- our own table
            [(new, placement) for placement, _, new in different],
        )
    now = timezone.now()
    VerdictChange.objects.bulk_create(
        [
            VerdictChange(
                placement_id=placement, was_id=was, became_id=new, reason=reason, changed_at=now
            )
            for placement, was, new in different
            if was is not None
        ],
        batch_size=500,
    )
    return len(different)
