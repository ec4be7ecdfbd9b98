"""Whoever owns the database is found out by a checkpoint kept outside, and by nothing else (T5).

The attacker sets the triggers aside, changes leaves that a checkpoint covers, and publishes what
the database then holds: as it is, with the tree made to fit, or signed again with the real key.
"""

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from agencies import journal
from audits.transparency import merkle
from audits.transparency.models import LogCheckpoint, LogLeaf, LogNode, LogOpening
from audits.transparency.publishing import publish
from audits.transparency.queries import latest_checkpoint
from audits.transparency.tiles import content_of, tiles_of
from tests.factories import agencies as make
from tests.factories import log
from tests.factories.log import planted

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

verify = log.verifier()
KEYS, ACTS = 5, 60
TAMPERINGS = 200
WAYS = ("as it is", "made to fit", "signed again")


@pytest.fixture
def outside(tmp_path):
    """A register of many acts; the checkpoint over them that somebody outside keeps."""
    log.signed()
    log.certificate()
    log.acts(ACTS)
    log.published(tmp_path / "honest")
    log.acts(3)
    planted()
    LogOpening.objects.all().delete()
    assert run(tmp_path / "honest", tmp_path / "honest/log/checkpoint") == 0
    return Path(shutil.copy(tmp_path / "honest/log/checkpoint", tmp_path / "kept"))


def run(copy, *kept):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verify, "say", lambda line: None)
        return verify.main([str(copy), *(f"--checkpoint={path}" for path in kept)])


def edited(leaves, chance):
    at = covered(chance)
    place = chance.randrange(len(leaves[at]))
    letter = chance.choice([letter for letter in "019az" if letter != leaves[at][place]])
    changed = leaves[at][:place] + letter + leaves[at][place + 1 :]
    return [*leaves[:at], changed, *leaves[at + 1 :]]


def deleted(leaves, chance):
    at = covered(chance)
    return leaves[:at] + leaves[at + 1 :]


def inserted(leaves, chance):
    at = covered(chance)
    return [*leaves[:at], leaves[covered(chance)], *leaves[at:]]


def reordered(leaves, chance):
    one, other = chance.sample(range(KEYS, ACTS), 2)
    moved = list(leaves)
    moved[one], moved[other] = moved[other], moved[one]
    return moved


def cut(leaves, chance):
    return leaves[: covered(chance)]


def rewritten(leaves, chance):
    return [leaf.replace("2026-01-01", f"2025-01-{chance.randint(10, 28)}") for leaf in leaves]


def covered(chance):
    return chance.randrange(KEYS, ACTS)


def stored(contents):
    """These leaves, one after the other, in place of those that the log had."""
    rows = list(LogLeaf.objects.order_by("position"))
    spare = journal.record("agency.contact_changed", make.agency(), by=None)
    places = [(row.entry_id, row.kind, row.about, row.logged_at) for row in rows]
    places.append((spare.pk, "agency.renamed", "x", spare.recorded_at))
    LogLeaf.objects.all().delete()
    LogLeaf.objects.bulk_create(
        LogLeaf(
            position=at, entry_id=entry, kind=kind, about=about, content=content, logged_at=when
        )
        for at, (content, (entry, kind, about, when)) in enumerate(
            zip(contents, places, strict=False)
        )
    )


def tree_made_to_fit():
    LogNode.objects.all().delete()
    nodes = {}
    for at, content in enumerate(LogLeaf.objects.values_list("content", flat=True)):
        nodes.update(merkle.growth(at, merkle.leaf_hash(content.encode()), nodes.__getitem__))
    LogNode.objects.bulk_create(
        LogNode(level=level, place=place, hash=node) for (level, place), node in nodes.items()
    )


def signed_again():
    LogCheckpoint.objects.all().delete()
    return log.signed()


def left_behind(folder, checkpoint):
    """What the attacker's own hand writes: nothing of ours makes him stop at what is missing."""
    for tile in tiles_of(checkpoint.size):
        path = folder / "log/tile" / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content_of(tile) or b"")
    (folder / "log/checkpoint").write_text(checkpoint.note)


def tampered(kind, way, chance, folder):
    """The register as its owner would publish it after one tampering."""
    stored(kind(list(LogLeaf.objects.values_list("content", flat=True)), chance))
    if way != "as it is":
        tree_made_to_fit()
    left_behind(folder, signed_again() if way == "signed again" else latest_checkpoint())


def test_every_tampering_is_found_out_by_a_checkpoint_kept_outside(outside, tmp_path):
    kinds = (edited, deleted, inserted, reordered, cut, rewritten)
    found = Counter()
    for at in range(TAMPERINGS):
        chance = random.Random(at)
        kind, way = kinds[at % len(kinds)], chance.choice(WAYS)
        with transaction.atomic():
            tampered(kind, way, chance, tmp_path / str(at))
            transaction.set_rollback(True)
        ended = run(tmp_path / str(at), outside)
        assert ended == 1, f"number {at}: {kind.__name__}, {way}"
        found[kind.__name__] += 1
        shutil.rmtree(tmp_path / str(at))

    assert (sum(found.values()), len(found)) == (TAMPERINGS, len(kinds))


@pytest.mark.parametrize("kind", [cut, rewritten])
def test_without_a_checkpoint_from_outside_a_cut_and_a_rewrite_signed_again_are_not_found(
    outside, tmp_path, kind
):
    """Why docs/transparency.md asks for checkpoints outside: here the same script says yes."""
    stored(kind(list(LogLeaf.objects.values_list("content", flat=True)), random.Random(1)))
    tree_made_to_fit()

    publish(tmp_path / "tampered", signed_again(), at=timezone.now())

    assert run(tmp_path / "tampered") == 0
    assert run(tmp_path / "tampered", outside) == 1


def test_what_no_checkpoint_covers_yet_is_not_protected_by_one(outside, tmp_path):
    """Acts since the checkpoint outside can still be taken back: push checkpoints often."""
    honest = list(LogLeaf.objects.values_list("content", flat=True))
    stored(honest[:-2])
    tree_made_to_fit()

    publish(tmp_path / "tampered", signed_again(), at=timezone.now())

    assert run(tmp_path / "tampered", outside) == 0
