"""Finding an agency by any of its names in any spelling, or by its number.

The names are indexed as three-letter pieces in one table of our own, so that SQLite and PostgreSQL
find the same. The index says up to which entry of the journal it reaches; agencies with later
entries are looked at by name without it, so whoever is registered or renamed is found at once and
the index may be behind. `index_register` brings it up to date.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Max

from agencies.lib.check_characters import NumberUnreadable, normalise
from agencies.lib.plain_text import name_key, pieces, similarity, skeleton, trigrams
from agencies.models import Agency, AgencyName, JournalEntry
from audits.models import Certificate, NameIndex, NameTrigram

RAREST = 8  # pieces asked for; more cost time, fewer lose names with a slip
CANDIDATES = 300
MOST_FOUND = 50
NEW_LOOKED_AT = 500
ENOUGH_ALIKE = 0.35
CONFUSABLE = 0.45


@dataclass(frozen=True, slots=True)
class Found:
    """An agency that was found, by which of its names, and how much alike it is, from 0 to 1."""

    agency: Agency
    name: str
    likeness: float


def search(text, *, limit=MOST_FOUND) -> list[Found]:
    """The agencies that `text` may mean, the likest first; a number leads to its one agency."""
    if found := _by_number(text):
        return found
    asked = _pieces_of(text)
    if not asked:
        return []
    wanted = trigrams(name_key(text)), trigrams(skeleton(text))
    hits = []
    for agency, number, *names in _named(_candidates(asked) | _not_indexed_yet()):
        likeness, name = _likest(names, *wanted)
        if likeness >= ENOUGH_ALIKE:
            # in the order of the list: the likest, then by legal name and number
            hits.append((-likeness, names[0][0], number, agency, name))
    hits = sorted(hits)[:limit]
    found = Agency.objects.select_related("home_country").in_bulk([hit[3] for hit in hits])
    return [Found(found[agency], name, -likeness) for likeness, _, _, agency, name in hits]


def near_names(agency, *, limit=3) -> list[Found]:
    """Other agencies whose names could be taken for this one's legal name."""
    return [
        hit
        for hit in search(agency.legal_name, limit=limit + 1)
        if hit.agency.pk != agency.pk and hit.likeness >= CONFUSABLE
    ][:limit]


@transaction.atomic
def index_agency(agency):
    """Write the pieces of an agency's names anew; a second time changes nothing."""
    names = [agency.legal_name, *agency.names.values_list("name", flat=True)]
    wanted = {piece for name in names for piece in _pieces_of(name)}
    rows = NameTrigram.objects.filter(agency=agency)
    present = set(rows.values_list("trigram", flat=True))
    rows.filter(trigram__in=present - wanted).delete()
    NameTrigram.objects.bulk_create(
        NameTrigram(trigram=piece, agency=agency) for piece in sorted(wanted - present)
    )


@transaction.atomic
def bring_index_up_to_date():
    """Index every agency with entries in the journal since the last time; returns how many."""
    NameIndex.objects.get_or_create(pk=1)
    index = NameIndex.objects.select_for_update().get(pk=1)
    later = JournalEntry.objects.filter(position__gt=index.position)
    reached = later.aggregate(last=Max("position"))["last"]
    if reached is None:
        return 0
    numbers = later.filter(position__lte=reached).exclude(agency_number="")
    agencies = Agency.objects.filter(register_number__in=numbers.values("agency_number"))
    indexed = 0
    for agency in agencies:
        index_agency(agency)
        indexed += 1
    index.position = reached
    index.save(update_fields=["position"])
    return indexed


def index_everything():
    """Index all agencies, whatever the journal says; returns how many."""
    reached = JournalEntry.objects.aggregate(last=Max("position"))["last"] or 0
    indexed = 0
    for agency in Agency.objects.order_by("pk").iterator(chunk_size=500):
        index_agency(agency)
        indexed += 1
    NameIndex.objects.update_or_create(pk=1, defaults={"position": reached})
    return indexed


def _by_number(text):
    try:
        number = normalise(text)
    except NumberUnreadable:
        return []
    holder = Certificate.objects.issued().filter(number=number).values("agency")
    agency = (
        Agency.objects.filter(register_number=number).first()
        or Agency.objects.filter(pk__in=holder).first()
    )
    return [Found(agency, agency.legal_name, 1.0)] if agency else []


def _pieces_of(name):
    """The pieces of a name as it is compared, and of what it looks like (homoglyphs)."""
    return trigrams(name_key(name)) | trigrams(skeleton(name))


def _candidates(asked):
    """Agencies that share the rarest pieces; those that nobody has are a slip and tell nothing."""
    counted = (
        NameTrigram.objects.filter(trigram__in=asked)
        .values("trigram")
        .annotate(holders=Count("agency"))
        .order_by("holders", "trigram")
    )
    rarest = [row["trigram"] for row in counted[:RAREST]]
    if not rarest:
        return set()
    sharing = (
        NameTrigram.objects.filter(trigram__in=rarest)
        .values("agency")
        .annotate(shared=Count("trigram"))
        .order_by("-shared", "agency")
    )
    return {row["agency"] for row in sharing[:CANDIDATES]}


def _not_indexed_yet():
    """Agencies with entries in the journal that the index has not reached, the newest first."""
    index = NameIndex.objects.filter(pk=1).first()
    later = JournalEntry.objects.filter(position__gt=index.position if index else 0)
    numbers = (
        later.exclude(agency_number="")
        .values("agency_number")
        .annotate(last=Max("position"))
        .order_by("-last")
    )
    recent = [row["agency_number"] for row in numbers[:NEW_LOOKED_AT]]
    return set(Agency.objects.filter(register_number__in=recent).values_list("pk", flat=True))


def _named(keys):
    """Each of these agencies: key, number, and its names with their stored keys, the legal first.

    Hundreds are looked at for the few that are shown, so no object is made of them.
    """
    others = defaultdict(list)
    rows = AgencyName.objects.filter(agency__in=keys)
    for agency, *name in rows.values_list("agency", "name", "name_key", "name_skeleton"):
        others[agency].append(tuple(name))
    agencies = Agency.objects.filter(pk__in=keys).order_by()
    for agency, number, *name in agencies.values_list(
        "pk", "register_number", "legal_name", "name_key", "name_skeleton"
    ):
        yield agency, number, tuple(name), *sorted(others[agency])


def _likest(names, wanted_key, wanted_shape):
    """How much the likest name is alike, as a whole or as a part of it, and that name."""
    best, likeness = "", 0.0
    for name, key, shape in names:
        held = pieces(key.split())
        whole = max(similarity(wanted_key, held), similarity(wanted_shape, pieces(shape.split())))
        part = len(wanted_key & held) / len(wanted_key) if wanted_key else 0.0
        score = max(whole, 0.9 * part if part >= 0.6 else 0.0)
        if score > likeness:
            best, likeness = name, score
    return round(likeness, 4), best
