"""The rules beside an oracle that knows no facts and no tables: it reads the acts and remembers.

At every moment and day at which an answer can turn, a second and a day before and after, in the
calendars of three time zones. Whatever happens later, what was answered stays.
"""

import inspect
import random
from datetime import date
from types import SimpleNamespace

import pytest
from django.utils import timezone

from audits.register.rules import agency_standing, certificate_status
from audits.register.standing import end_of
from tests.audits.register.histories import CORRIDORS, DAY, SECOND, facts_of, histories

ZONES = ("UTC", "Pacific/Apia", "America/St_Johns")
GRAVEST = (
    "suspended", "withdrawn", "not_reliable", "certified_with_conditions", "certified", "refused",
    "expired",
)  # fmt: skip


def oracle(acts, on, known_at, corridor):
    """The word for a corridor (None: for none in particular), and what is said of each number."""
    registered = ended = attested = False
    spoken, refused, said = None, [], {}
    for act in (act for act in acts if act.at <= known_at):
        begun, mine = act.day <= on, said.get(act.number)
        registered = begun if act.kind == "registered" else registered
        ended = begun if act.kind == "ended" else ended
        if act.kind == "accepted":
            attested = attested or (begun and on <= act.last)
        elif act.kind == "refused":
            refused += [act] if begun and corridor in (None, *act.corridors) else []
        elif act.kind == "set aside":
            refused = [one for one in refused if one.number != act.number]
        elif act.kind == "issued":
            since = max(act.day, timezone.localdate(act.at))
            for other in (other for other in said.values() if other.left & act.corridors):
                other.left, other.since = other.left - act.corridors, max(other.since, since)
                other.gone = not other.left and other.since <= min(on, other.act.last)
            mine = said[act.number] = SimpleNamespace(act=act, left={*act.corridors}, gone=False)
            mine.word, mine.distrusted, mine.since = "valid", False, date.min
            spoken = mine if begun and corridor in act.corridors else spoken
        elif act.kind == "distrusted":
            mine.distrusted = True
        elif act.kind in ("suspended", "restored", "withdrawn"):
            mine.word = {"restored": "valid"}.get(act.kind, act.kind) if begun else mine.word
            mine.left = set() if act.kind == "withdrawn" else mine.left
    for one in (one for one in said.values() if one.word != "withdrawn"):
        one.word = "not_reliable" if one.word == "valid" and one.distrusted else one.word
        one.word = "not_yet_valid" if on < one.act.day else one.word
        one.word = "expired" if on > one.act.last else one.word
        one.word = "holder_ended" if ended else "superseded" if one.gone else one.word
    counts = refused and (not spoken or refused[-1].at > spoken.act.at)
    valid = "certified_with_conditions" if spoken and spoken.act.conditions else "certified"
    lasting = {"expired": "refused" if counts else "expired", "valid": valid}
    word = lasting.get(spoken.word, spoken.word) if spoken else counts and "refused"
    word = "ended" if ended else word or ("self_attested" if attested else "registered")
    return (word if registered else "never_registered"), said


def told(acts, on, known_at):
    """The oracle's word for the agency: the gravest of the corridors that were ever covered."""
    known = [act for act in acts if act.kind == "issued" and act.at <= known_at and act.day <= on]
    covered = sorted({corridor for act in known for corridor in act.corridors}) or [None]
    words = [oracle(acts, on, known_at, corridor)[0] for corridor in covered]
    return next((word for word in GRAVEST if word in words), words[0])


def turning_points(acts, chance):
    """The days and moments around one act: where the answer turns, and just beside it."""
    for act in acts:
        day = timezone.localdate(act.at)
        days = {on + by * DAY for on in (act.day, act.last or act.day, day) for by in (-1, 0, 1)}
        moments = [act.at + by * SECOND for by in (-1, 0, 1)]
        moments += [end_of(day), end_of(day) + SECOND, end_of(act.day), acts[-1].at]
        for on in days:
            yield from ((on, known_at) for known_at in chance.sample(moments, 3))


def disagreements(acts, chance):
    facts = facts_of(acts)
    for on, known_at in turning_points(acts, chance):
        asked = {"on": on, "known_at": known_at}
        corridor = chance.choice(CORRIDORS)
        word, said = oracle(acts, on, known_at, corridor)
        theirs = {number: one.word for number, one in said.items()}, word, told(acts, on, known_at)
        ours = (
            {
                one.number: str(certificate_status(one, **asked).status)
                for one in facts.certificates
                if one.issued_at <= known_at
            },
            str(agency_standing(facts, corridor=corridor, **asked).word),
            str(agency_standing(facts, **asked).word),
        )
        if ours != theirs:
            yield asked, corridor, ours, theirs


def compare(seed, *, acts):
    """How many acts of each kind were compared, and the first disagreement of all."""
    kinds, found = {}, []
    for history in histories(seed, acts=acts):
        found = found or list(disagreements(history, random.Random(seed)))[:1]
        for act in history:
            kinds[act.kind] = kinds.get(act.kind, 0) + 1
    return kinds, found


EVERY_KIND = {
    "registered", "ended", "accepted", "refused", "set aside", "issued", "suspended", "restored",
    "withdrawn", "distrusted",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "acts", [500, pytest.param(5000, marks=pytest.mark.long)], ids=lambda acts: f"{acts} acts"
)
def test_every_answer_is_the_oracles(acts, zone):
    with timezone.override(zone):
        kinds, found = compare(f"{acts} acts in {zone}", acts=acts)

    assert found == []
    assert (set(kinds), sum(kinds.values())) == (EVERY_KIND, acts)


def test_the_oracle_notices_a_rule_that_is_wrong(monkeypatch):
    """Restored on the very day of suspension: here it would count for that one day after all."""
    monkeypatch.setattr("audits.register.rules._reached", lambda day, on: bool(day and day < on))

    assert compare("a rule that is wrong", acts=500)[1] != []


def test_the_oracle_is_short():
    assert len(inspect.getsource(oracle).splitlines()) <= 40


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
def test_what_was_answered_is_never_answered_otherwise(zone):
    chance = random.Random(zone)
    with timezone.override(zone):
        for acts in histories(zone, acts=500):
            for length in chance.sample(range(1, len(acts)), 5):
                then, now = facts_of(acts[:length]), facts_of(acts)
                last = acts[length - 1].at
                for on in {act.day + by * DAY for act in acts for by in (-1, 0)}:
                    said = agency_standing(then, on=on)
                    again = agency_standing(now, on=on, known_at=last)
                    assert (said.word, said.corridors, said.certificate, said.since) == (
                        again.word,
                        again.corridors,
                        again.certificate,
                        again.since,
                    )
