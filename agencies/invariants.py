"""What must never be, as code: `manage.py fsck` asks all of it and names each violation.

A room states its invariants in its own `invariants.py` and imports that module in
`AppConfig.ready()`; a higher room never has to be known here.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations

from django.db.models import Q

from agencies import numbering
from agencies.countries.loading import read_countries
from agencies.journal import label_of
from agencies.lib import plain_text
from agencies.lib.check_characters import is_valid, normalise
from agencies.models import (
    Agency,
    AgencyMembership,
    AgencyUserObjectPermission,
    Authorization,
    Country,
    JournalEntry,
    JournalHead,
    NumberSeries,
    Officer,
    RegulatorMembership,
)
from agencies.services.delegations import delegation_tables

Check = Callable[[], Iterator[str]]

_registered: dict[str, Check] = {}


def invariant(sentence: str) -> Callable[[Check], Check]:
    """Registers a generator that yields one sentence a violation, under what it promises."""

    def register(check: Check) -> Check:
        if sentence in _registered:
            raise ValueError(f"An invariant is stated once: {sentence!r}.")
        _registered[sentence] = check
        return check

    return register


def run_all() -> list[tuple[str, list[str]]]:
    """Every invariant with its violations, in the order in which they were stated."""
    return [(sentence, list(check())) for sentence, check in _registered.items()]


@invariant("Register numbers are unique and end with the check character that belongs to them.")
def register_numbers():
    numbers = list(Agency.objects.order_by("pk").values_list("register_number", flat=True))
    # one number in two spellings is one number to whoever types it
    for number, times in Counter(normalise(number) for number in numbers).items():
        if times > 1:
            yield f"{number} was given to {times} agencies."
    for number in numbers:
        if not is_valid(number):
            yield f"{number} does not end with its check character."


@invariant("The series of register numbers never stands behind a number that was given.")
def register_number_series():
    prefix = numbering.AGENCY
    numbers = Agency.objects.values_list("register_number", flat=True).iterator()
    given = [int(body) for number in numbers if (body := number[len(prefix) : -1]).isdigit()]
    last = NumberSeries.objects.filter(name=prefix).values_list("last", flat=True).first() or 0
    if given and max(given) > last:
        yield f"The series {prefix} stands at {last}, and {max(given)} has been given."


@invariant("Nobody is recorded as an officer of one agency twice for the same days.")
def overlapping_officers():
    def same(officer):
        return (officer.agency_id, officer.user_id or plain_text.name_key(officer.name))

    officers = Officer.objects.select_related("agency").order_by("pk")
    for first, second in _sharing_a_day(officers, same):
        yield f"{first.agency}: officers {first.pk} and {second.pk} are one person at one time."


@invariant("No two authorizations of one holder speak of the same country, side and day.")
def overlapping_authorizations():
    def same(row):
        return (row.agency_id, row.partner_id, row.side, row.country_id)

    rows = Authorization.objects.select_related("agency").order_by("pk")
    for first, second in _sharing_a_day(rows, same):
        if first.held != second.held:
            yield f"{first.agency}: authorizations {first.pk}, {second.pk} contradict each other."
        elif first.number.lower() == second.number.lower():
            yield f"{first.agency}: authorizations {first.pk}, {second.pk} say the same twice."


@invariant("A closed account holds no live role.")
def roles_of_closed_accounts():
    for memberships in (AgencyMembership.objects, RegulatorMembership.objects):
        for membership in memberships.live().filter(user__is_active=False).order_by("pk"):
            yield f"{label_of(membership)} is live, and user {membership.user_id} is closed."


@invariant("Named delegations are held by people in office, and by nobody whose account is closed.")
def orphaned_delegations():
    for table in delegation_tables():
        closed = table.objects.filter(user__is_active=False).order_by("pk")
        for delegation in closed:
            yield f"{label_of(delegation)} is held by user {delegation.user_id}, who is closed."
    in_office = Q(user__in=AgencyMembership.objects.live().values("user")) | Q(
        user__in=RegulatorMembership.objects.live().values("user")
    )
    without = AgencyUserObjectPermission.objects.filter(user__is_active=True).exclude(in_office)
    for delegation in without.order_by("pk"):
        yield (
            f"{label_of(delegation)} is held by user {delegation.user_id}, "
            "who holds no live role anywhere."
        )


@invariant("The journal has no gap, and its times never go back.")
def journal_in_order():
    expected, latest = 1, None
    entries = JournalEntry.objects.order_by("position").values_list("position", "recorded_at")
    for position, recorded_at in entries.iterator():
        if position != expected:
            yield f"The journal goes from entry {expected - 1} to entry {position}."
        if latest and recorded_at < latest:
            yield f"Entry {position} of the journal is older than the one before it."
        expected, latest = position + 1, recorded_at
    size = JournalHead.objects.values_list("size", flat=True).first() or 0
    if size != expected - 1:
        yield f"The journal ends with entry {expected - 1}, and its head says {size}."


@invariant("Countries are as the reference file has them.")
def countries_of_the_file():
    filed = {country.pk: country for country in read_countries()}
    fields = [field.attname for field in Country._meta.concrete_fields]
    for country in Country.objects.order_by("pk"):
        known = filed.get(country.pk)
        if known is None:
            yield f"{country.pk} is not in the file."
            continue
        changed = [name for name in fields if getattr(known, name) != getattr(country, name)]
        if changed:
            yield f"{country.pk} differs from the file in: {', '.join(changed)}."


def _sharing_a_day(rows, same):
    """Every two rows that are the same in `same` and hold on one day."""
    alike = defaultdict(list)
    for row in rows:
        alike[same(row)].append(row)
    for group in alike.values():
        for first, second in combinations(group, 2):
            begins_before_it_ends = first.valid_until is None or (
                second.valid_from <= first.valid_until
            )
            if begins_before_it_ends and (
                second.valid_until is None or first.valid_from <= second.valid_until
            ):
                yield first, second
