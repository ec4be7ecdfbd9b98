"""What activating an edition would touch, counted before anybody does it.

What would become of the placements is judged by `would_be`, for the page or by a worker.
Certificates are no business of this room: the room that keeps them registers who counts them
(`certificates_counted_by`, in its `AppConfig.ready()`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, Q

from agencies.models import Country
from attestations.crosscheck.engine import load_lists
from attestations.crosscheck.lists import Edition, Lists
from attestations.crosscheck.ruleset import CODE_ADOPTED_ON
from attestations.placements.models import Placement
from attestations.placements.queries import DAY
from attestations.safeguards.editions import Difference
from attestations.safeguards.models import Agreement
from attestations.safeguards.queries import (
    countries_of,
    difference_between,
    edition_after,
    edition_before,
)
from attestations.safeguards.would_be import Judged, Question, answer_at_once


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
class CountryImpact:
    country: Country
    is_added: bool
    placements: int
    agencies: int
    certificates: int
    agreements: int

    @property
    def touches_anybody(self):
        return bool(self.placements or self.certificates or self.agreements)


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
    def countries_touched(self):
        return [one for one in self.countries if one.touches_anybody]

    @property
    def countries_untouched(self):
        return [one for one in self.countries if not one.touches_anybody]

    @property
    def by_name_only(self):
        """Judged again without any change but the name of the edition."""
        return self.judged_by_it - self.placements


@dataclass(frozen=True, slots=True)
class _Reach:
    """From when to when an edition governs, and whom its difference to the one before concerns."""

    since: date
    until: date | None
    changes: Difference
    concerned: Q

    @property
    def in_its_days(self):
        within = Q(judged_on__gte=self.since)
        return within & Q(judged_on__lt=self.until) if self.until else within


def _reach_of(edition) -> _Reach:
    before, after = edition_before(edition), edition_after(edition)
    changes = difference_between(before, edition)
    # where no edition held before, nobody's answer stays
    concerned = (
        Q(residence__in=changes.changed) | Q(training__in=changes.changed) if before else Q()
    )
    until = after.valid_from if after else None
    return _Reach(max(edition.valid_from, CODE_ADOPTED_ON), until, changes, concerned)


def _live():
    return Placement.objects.standing().order_by().alias(judged_on=DAY)


def question_of(edition) -> Question:
    """The placements whose findings it can change: from its day on, and around that day."""
    reach = _reach_of(edition)
    others = Q(judged_on=None) | Q(judged_on__lt=reach.since, started_on__gte=edition.valid_from)
    return Question(
        placements=_live().filter(reach.concerned, reach.in_its_days | others),
        lists=_lists_with(edition),
        since=reach.since,
    )


def impact_of(edition, *, on) -> Impact:
    """Of an edition that waits; `on` is the day on which a certificate has to hold still."""
    reach = _reach_of(edition)
    changed = reach.changes.changed
    governed = _live().filter(reach.in_its_days)
    touched = governed.filter(reach.concerned)
    certificates = [row for counter in _counters for row in counter(changed, max(on, reach.since))]
    agreements = _agreements(changed, reach.since, reach.until)
    agencies = set(touched.values_list("agency", flat=True).distinct())
    return Impact(
        since=reach.since,
        until=reach.until,
        judged_by_it=governed.count(),
        placements=touched.count(),
        agencies=len(agencies | {row.agency for row in certificates}),
        certificates=len({row.certificate for row in certificates}),
        agreements=sum(agreements.values()),
        countries=_by_country(reach.changes, governed, certificates, agreements),
        judged=answer_at_once(question_of(edition)),
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
