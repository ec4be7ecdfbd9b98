"""Since when a certificate's signature counts for nothing, its key having been in other hands."""

import datetime as dt

from agencies.journal import label_of
from agencies.models import JournalEntry
from audits.keys.queries import stands
from audits.transparency.models import LogLeaf


def distrusted_at(certificates):
    """When the register learned it, by number; certificates whose signature stands are left out.

    Asks nothing of the database unless a key among them was compromised.
    """
    suspect = [one for one in certificates if one.key.compromised_from is not None]
    if not suspect:
        return {}
    leaves = LogLeaf.objects.filter(
        kind="certificate.issued", about__in=[one.number for one in suspect]
    )
    logged = {leaf.about: leaf for leaf in leaves.only("about", "position", "logged_at")}
    found = {}
    for one in suspect:
        leaf = logged.get(one.number)
        position = leaf.position if leaf else None
        if not stands(one.key, at=one.issued_at, position=position):
            found[one.number] = _learned_at(one.key, leaf)
    return found


def _learned_at(key, leaf):
    """The first record of a compromise from a day before the certificate stood in the log."""
    entries = JournalEntry.objects.filter(subject=label_of(key), verb="signing_key.compromised")
    for entry in entries.order_by("position"):
        said = entry.data.get("compromised_from")
        if leaf is None or said is None or dt.datetime.fromisoformat(said) <= leaf.logged_at:
            return entry.recorded_at
    return key.compromise_recorded_at
