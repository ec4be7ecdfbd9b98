"""Since when a certificate's signatures count for nothing, a key of its having been in other hands.

That is the instant at which it was recorded, not that of the theft: until then the certificate was
answered for in good faith.
"""

from collections import defaultdict

from agencies.journal import label_of
from agencies.models import JournalEntry
from audits.keys.affected import COMPROMISED, NAMED_AS
from audits.keys.models import SigningKey
from audits.transparency.models import LogLeaf


def distrusted_at(certificates):
    """When the register learned it, by number; certificates that stand are left out.

    One query while no key was ever compromised, and two more once one was.
    """
    keys = list(SigningKey.objects.exclude(compromised_from=None))
    if not keys or not certificates:
        return {}
    said = defaultdict(list)
    reported = JournalEntry.objects.filter(
        verb=COMPROMISED, subject__in=[label_of(key) for key in keys]
    )
    for entry in reported.order_by("position"):
        said[entry.data["key_id"]].append((entry.data["stands_below"], entry.recorded_at))
    issued = LogLeaf.objects.filter(
        kind="certificate.issued", about__in=[one.number for one in certificates]
    ).select_related("entry")
    leaves = {leaf.about: leaf for leaf in issued}
    found = {}
    for one in certificates:
        leaf = leaves.get(one.number)
        used = {one.key_id} | {leaf.entry.data.get(name) for name in NAMED_AS if leaf}
        learned = [
            at
            for key in used
            for stands_below, at in said.get(key, ())
            if leaf is None or leaf.position >= stands_below
        ]
        if learned:
            found[one.number] = min(learned)
    return found
