"""What activating an edition would touch, counted before anybody does it.

Placements are judged in memory by the lists as they would be, each distinct combination once, and
compared with the verdict that they have. Certificates are no business of this room: the room that
keeps them registers who counts them (`certificates_counted_by`, in its `AppConfig.ready()`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, Q

from agencies.models import Agency, Country
from attestations.crosscheck.engine import Judgement, agency_record, load_lists
from attestations.crosscheck.lists import Edition, Lists
from attestations.crosscheck.models import Verdict
from attestations.crosscheck.ruleset import CODE_ADOPTED_ON, VERSION
from attestations.crosscheck.services import SAID_COLUMNS
from attestations.placements.models import Placement
from attestations.placements.queries import DAY
from attestations.safeguards.models import Agreement
from attestations.safeguards.queries import (
    countries_of,
    difference_between,
    edition_after,
    edition_before,
)
from attestations.safeguards.would_be import MOST_JUDGED, OutcomeChange

ADDED_LATER = "SSL-ADDED-LATER"
QUOTA_USED_UP = "CAP-EXCEEDED"

_BATCH = 500


@dataclass(frozen=True, slots=True)
class TouchedCertificate:
    """A certificate and its agency, once for each of these countries that it covers."""

    country: str
    certificate: int
    agency: int


CertificateCounter = Callable[[Collection[str], date], Iterable[TouchedCertificate]]
_counters: list[CertificateCounter] = []


def certificates_counted_by(counter: CertificateCounter) -> CertificateCounter:
    """Registers who says which certificates from these countries hold on a day or after it."""
    if counter not in _counters:
        _counters.append(counter)
    return counter


@dataclass(frozen=True, slots=True)
class Judged:
    """What judging by the lists as they would be showed; all of it is counted, nothing kept.

    `earlier_otherwise`: placements recruited before the edition's day in which something else than
    the note SSL-ADDED-LATER would change. The rules promise that there is none.
    """

    other_findings: int
    outcomes: tuple[OutcomeChange, ...]
    added_later: int
    earlier_otherwise: int
    without_a_day: int

    @property
    def other_outcome(self):
        return sum(change.placements for change in self.outcomes)


@dataclass(frozen=True, slots=True)
class CountryImpact:
    country: Country
    is_added: bool
    placements: int
    agencies: int
    certificates: int
    agreements: int


@dataclass(frozen=True, slots=True)
class Impact:
    """`judged_by_it`: every placement from its day on; `placements`: those among them from, or
    trained in, a country that it adds or leaves out. `judged` is None where they are too many."""

    since: date
    until: date | None
    judged_by_it: int
    placements: int
    agencies: int
    certificates: int
    agreements: int
    countries: tuple[CountryImpact, ...]
    judged: Judged | None

    @property
    def by_name_only(self):
        """Judged again without any change but the name of the edition."""
        return self.judged_by_it - self.placements


def impact_of(edition, *, on) -> Impact:
    """Of an edition that waits; `on` is the day on which a certificate has to hold still."""
    before, after = edition_before(edition), edition_after(edition)
    changes = difference_between(before, edition)
    since = max(edition.valid_from, CODE_ADOPTED_ON)
    until = after.valid_from if after else None
    live = Placement.objects.standing().order_by().alias(judged_on=DAY)
    from_its_day = Q(judged_on__gte=since)
    if until:
        from_its_day &= Q(judged_on__lt=until)
    # where no edition held before, nobody's answer stays
    concerned = (
        Q(residence__in=changes.changed) | Q(training__in=changes.changed) if before else Q()
    )
    governed = live.filter(from_its_day)
    touched = governed.filter(concerned)
    certificates = [
        row for counter in _counters for row in counter(changes.changed, max(on, since))
    ]
    agreements = _agreements(changes.changed, since, until)
    agencies = set(touched.values_list("agency", flat=True).distinct())
    others = Q(judged_on=None) | Q(judged_on__lt=since, started_on__gte=edition.valid_from)
    to_judge = live.filter(concerned, from_its_day | others)
    return Impact(
        since=since,
        until=until,
        judged_by_it=governed.count(),
        placements=touched.count(),
        agencies=len(agencies | {row.agency for row in certificates}),
        certificates=len({row.certificate for row in certificates}),
        agreements=sum(agreements.values()),
        countries=_by_country(changes, governed, certificates, agreements),
        judged=_judged(to_judge, since, _lists_with(edition))
        if to_judge.count() <= MOST_JUDGED
        else None,
    )


def _agreements(countries, since, until):
    """How many confirmed agreements hold on a day of the edition, by their source."""
    holding = Agreement.objects.confirmed().filter(
        Q(valid_until=None) | Q(valid_until__gte=since),
        Q(ended_on=None) | Q(ended_on__gte=since),
        source_country__in=countries,
    )
    if until:
        holding = holding.filter(valid_from__lt=until)
    rows = holding.order_by().values_list("source_country")
    return dict(rows.annotate(many=Count("pk")))


def _by_country(changes, governed, certificates, agreements):
    """A placement from one of the countries by somebody trained in another counts in both."""
    placements: Counter[str] = Counter()
    agencies: defaultdict[str, set[int]] = defaultdict(set)
    elsewhere = Q(residence=None) | ~Q(residence=F("training"))
    for rows in (
        governed.filter(residence__in=changes.changed).values_list("residence", "agency"),
        governed.filter(elsewhere, training__in=changes.changed).values_list("training", "agency"),
    ):
        for country, agency, many in rows.annotate(many=Count("pk")):
            placements[country] += many
            agencies[country].add(agency)
    covering: defaultdict[str, set[int]] = defaultdict(set)
    for row in certificates:
        covering[row.country].add(row.certificate)
        agencies[row.country].add(row.agency)
    return tuple(
        CountryImpact(
            country=country,
            is_added=country.pk in changes.added,
            placements=placements[country.pk],
            agencies=len(agencies[country.pk]),
            certificates=len(covering[country.pk]),
            agreements=agreements.get(country.pk, 0),
        )
        for country in Country.objects.filter(pk__in=changes.changed).order_by("name")
    )


def _lists_with(edition) -> Lists:
    """The lists of now, and the edition among them."""
    lists = load_lists()
    more = Edition(edition.label, edition.valid_from, countries_of(edition))
    return replace(lists, editions=(*lists.editions, more))


def _judged(placements, since, lists) -> Judged:
    """Judge each distinct combination of what is stored once, and count who shares it."""
    groups = (
        placements.annotate(day=DAY)
        .values_list("agency", "verdict", "day", *SAID_COLUMNS)
        .annotate(many=Count("pk"))
    )
    groups = [(*group[:3], group[-1], group[3:-1]) for group in groups]
    stored = _stored_verdicts({group[1] for group in groups} - {None})
    outcomes: Counter[tuple[str, str]] = Counter()
    counts: Counter[str] = Counter()
    records = _records({group[0] for group in groups})
    judgements = {agency: Judgement(lists, record) for agency, record in records.items()}
    for agency, verdict, day, many, values in groups:
        digest, ruleset, outcome, findings = stored.get(verdict, ("", "", "", []))
        used_up = any(one["code"] == QUOTA_USED_UP for one in findings)
        reached = judgements[agency].of(values, quota_exceeded=used_up)
        if (digest, ruleset) == (reached.facts_digest, VERSION):
            continue
        after = [finding.as_data() for finding in reached.verdict.findings]
        if day is None:
            counts["without_a_day"] += many
        elif day < since:
            was_noted, is_noted = _noted(findings), _noted(after)
            counts["added_later"] += many * (was_noted != is_noted)
            counts["earlier_otherwise"] += many * (_but_the_note(findings) != _but_the_note(after))
        else:
            counts["other_findings"] += many * (findings != after)
            outcomes[outcome, reached.verdict.outcome.value] += many
    return Judged(
        other_findings=counts["other_findings"],
        outcomes=tuple(
            OutcomeChange(before, then, many)
            for (before, then), many in sorted(outcomes.items())
            if before != then
        ),
        added_later=counts["added_later"],
        earlier_otherwise=counts["earlier_otherwise"],
        without_a_day=counts["without_a_day"],
    )


def _stored_verdicts(keys):
    fields = ("facts_digest", "ruleset_version", "outcome", "findings")
    keys, found = sorted(keys), {}
    for at in range(0, len(keys), _BATCH):
        rows = Verdict.objects.filter(pk__in=keys[at : at + _BATCH]).values_list("pk", *fields)
        found |= {pk: said for pk, *said in rows}
    return found


def _records(keys):
    agencies = Agency.objects.filter(pk__in=keys).prefetch_related(
        "authorizations", "scheme_memberships", "restrictions"
    )
    return {agency.pk: agency_record(agency) for agency in agencies}


def _noted(findings):
    return any(one["code"] == ADDED_LATER for one in findings)


def _but_the_note(findings):
    return [one for one in findings if one["code"] != ADDED_LATER]
