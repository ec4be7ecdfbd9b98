"""The tables of status and standing: one row a way out, at the days where the answer turns."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.register.rules import (
    AgencyFacts,
    Attested,
    CertificateFacts,
    CertificateStatus,
    Corridor,
    Event,
    Refusal,
    ScopeFact,
    Status,
    Word,
    agency_standing,
    certificate_status,
)

PHL, IND = Corridor("PHL", "IRL", "222"), Corridor("IND", "IRL", "222")
DAY = timedelta(days=1)


def at(day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


FIRST, LAST = date(2024, 2, 1), date(2026, 1, 31)
SUSPENDED_ON, RESTORED_ON, WITHDRAWN_ON = date(2024, 6, 1), date(2024, 8, 1), date(2025, 3, 1)
NOW = at(date(2026, 11, 22))

SUSPENSION = Event("suspension", SUSPENDED_ON, at(SUSPENDED_ON), "under_investigation")
RESTORATION = Event("restoration", RESTORED_ON, at(RESTORED_ON), "corrected")
WITHDRAWAL = Event("withdrawal", WITHDRAWN_ON, at(WITHDRAWN_ON), "misleading_use")

CERTIFICATE = CertificateFacts(
    number="CE000012Z",
    issued_at=at(FIRST),
    valid_from=FIRST,
    valid_until=LAST,
    scope=(ScopeFact(PHL),),
)
AGENCY = AgencyFacts(registered_on=date(2023, 1, 10), recorded_at=at(date(2023, 1, 10)))


@pytest.mark.parametrize(
    ("facts", "on", "status"),
    [
        pytest.param({}, FIRST - DAY, Status.NOT_YET_VALID, id="the day before it begins"),
        pytest.param({}, FIRST, Status.VALID, id="the first day counts"),
        pytest.param({}, LAST, Status.VALID, id="the last day counts"),
        pytest.param({}, LAST + DAY, Status.EXPIRED, id="the day after"),
        pytest.param(
            {"events": (SUSPENSION,)}, SUSPENDED_ON - DAY, Status.VALID, id="before suspension"
        ),
        pytest.param({"events": (SUSPENSION,)}, SUSPENDED_ON, Status.SUSPENDED, id="suspended"),
        pytest.param(
            {"events": (SUSPENSION, RESTORATION)},
            RESTORED_ON - DAY,
            Status.SUSPENDED,
            id="the day before restoration",
        ),
        pytest.param(
            {"events": (SUSPENSION, RESTORATION)}, RESTORED_ON, Status.VALID, id="restored"
        ),
        pytest.param(
            {"events": (RESTORATION, SUSPENSION)},
            RESTORED_ON,
            Status.VALID,
            id="whatever order the rows come in",
        ),
        pytest.param(
            {"events": (SUSPENSION, replace(RESTORATION, effective_on=SUSPENDED_ON))},
            SUSPENDED_ON,
            Status.VALID,
            id="restored from its very first day",
        ),
        pytest.param({"events": (SUSPENSION,)}, LAST + DAY, Status.EXPIRED, id="expired meanwhile"),
        pytest.param({"events": (WITHDRAWAL,)}, WITHDRAWN_ON, Status.WITHDRAWN, id="withdrawn"),
        pytest.param(
            {"events": (SUSPENSION, WITHDRAWAL)},
            WITHDRAWN_ON,
            Status.WITHDRAWN,
            id="withdrawn beats suspended",
        ),
        pytest.param(
            {"events": (WITHDRAWAL,)}, LAST + DAY, Status.WITHDRAWN, id="withdrawn beats expired"
        ),
        pytest.param(
            {"superseded_on": RESTORED_ON, "superseded_at": at(RESTORED_ON)},
            RESTORED_ON,
            Status.SUPERSEDED,
            id="superseded",
        ),
        pytest.param(
            {"superseded_on": RESTORED_ON, "superseded_at": at(RESTORED_ON)},
            RESTORED_ON - DAY,
            Status.VALID,
            id="not before the other begins",
        ),
        pytest.param(
            {"superseded_on": LAST + DAY, "superseded_at": at(LAST)},
            LAST + DAY,
            Status.EXPIRED,
            id="replaced only after it ran out",
        ),
        pytest.param(
            {"holder_ended_on": RESTORED_ON, "holder_ended_at": at(RESTORED_ON)},
            RESTORED_ON,
            Status.HOLDER_ENDED,
            id="its holder has ended",
        ),
    ],
)
def test_a_certificate_on_a_day(facts, on, status):
    assert certificate_status(replace(CERTIFICATE, **facts), on=on, known_at=NOW).status is status


def test_it_says_since_when_and_why():
    facts = replace(CERTIFICATE, events=(SUSPENSION,))

    assert certificate_status(facts, on=RESTORED_ON, known_at=NOW) == CertificateStatus(
        Status.SUSPENDED, SUSPENDED_ON, "under_investigation"
    )


@pytest.mark.parametrize(
    ("known_at", "status"),
    [
        pytest.param(at(FIRST, 11), Status.NEVER_ISSUED, id="before it was issued"),
        pytest.param(at(SUSPENDED_ON, 11), Status.VALID, id="before the suspension was confirmed"),
        pytest.param(at(SUSPENDED_ON, 12), Status.SUSPENDED, id="from the moment it was"),
        pytest.param(at(RESTORED_ON, 11), Status.SUSPENDED, id="before the restoration"),
    ],
)
def test_what_was_known_then_stays_what_was_said_then(known_at, status):
    facts = replace(CERTIFICATE, events=(SUSPENSION, RESTORATION, WITHDRAWAL))

    assert certificate_status(facts, on=SUSPENDED_ON, known_at=known_at).status is status


def certified(**facts):
    return replace(AGENCY, certificates=(replace(CERTIFICATE, **facts),))


ATTESTED = Attested(on=date(2023, 5, 1), at=at(date(2023, 5, 1)), until=date(2024, 4, 30))
REFUSAL = Refusal(date(2024, 3, 1), at(date(2024, 3, 1)), frozenset({PHL}))
ENDED = {"ended_on": RESTORED_ON, "ended_at": at(RESTORED_ON)}


@pytest.mark.parametrize(
    ("facts", "on", "word"),
    [
        pytest.param(AGENCY, date(2023, 1, 9), Word.NEVER_REGISTERED, id="before registration"),
        pytest.param(AGENCY, date(2023, 1, 10), Word.REGISTERED, id="registered"),
        pytest.param(
            replace(AGENCY, attested=(ATTESTED,)), ATTESTED.on, Word.SELF_ATTESTED, id="attested"
        ),
        pytest.param(
            replace(AGENCY, attested=(ATTESTED,)),
            ATTESTED.until + DAY,
            Word.REGISTERED,
            id="the declaration has lapsed",
        ),
        pytest.param(certified(), FIRST - DAY, Word.REGISTERED, id="the certificate has not begun"),
        pytest.param(certified(), FIRST, Word.CERTIFIED, id="certified"),
        pytest.param(
            certified(has_conditions=True), FIRST, Word.CERTIFIED_WITH_CONDITIONS, id="conditions"
        ),
        pytest.param(certified(events=(SUSPENSION,)), SUSPENDED_ON, Word.SUSPENDED, id="suspended"),
        pytest.param(
            certified(has_conditions=True, events=(SUSPENSION,)),
            SUSPENDED_ON,
            Word.SUSPENDED,
            id="suspended, conditions or not",
        ),
        pytest.param(certified(events=(WITHDRAWAL,)), WITHDRAWN_ON, Word.WITHDRAWN, id="withdrawn"),
        pytest.param(certified(), LAST + DAY, Word.EXPIRED, id="expired"),
        pytest.param(
            replace(AGENCY, refusals=(REFUSAL,)), REFUSAL.decided_on, Word.REFUSED, id="refused"
        ),
        pytest.param(
            replace(AGENCY, refusals=(REFUSAL,), attested=(ATTESTED,)),
            REFUSAL.decided_on,
            Word.REFUSED,
            id="refused, whatever it declares",
        ),
        pytest.param(
            replace(AGENCY, refusals=(replace(REFUSAL, set_aside_at=at(date(2024, 4, 1))),)),
            REFUSAL.decided_on,
            Word.REGISTERED,
            id="a refusal that was set aside",
        ),
        pytest.param(
            replace(certified(), refusals=(REFUSAL,)),
            REFUSAL.decided_on,
            Word.CERTIFIED,
            id="a refused renewal leaves what still holds",
        ),
        pytest.param(
            replace(certified(), refusals=(REFUSAL,)),
            LAST + DAY,
            Word.REFUSED,
            id="and is the word once that has run out",
        ),
        pytest.param(
            replace(certified(), refusals=(replace(REFUSAL, decided_at=at(date(2024, 1, 1))),)),
            LAST + DAY,
            Word.EXPIRED,
            id="a refusal before the certificate is of the past",
        ),
        pytest.param(
            replace(certified(), **ENDED), RESTORED_ON, Word.ENDED, id="ended, certificate or not"
        ),
        pytest.param(
            replace(certified(), **ENDED), RESTORED_ON - DAY, Word.CERTIFIED, id="until it ended"
        ),
    ],
)
def test_an_agency_on_a_day(facts, on, word):
    assert agency_standing(facts, on=on, known_at=NOW).word is word


TWO = replace(
    AGENCY,
    certificates=(
        replace(CERTIFICATE, events=(SUSPENSION,)),
        replace(CERTIFICATE, number="CE000023Y", scope=(ScopeFact(IND),)),
    ),
)


def test_where_corridors_differ_the_line_says_so_and_takes_the_gravest():
    line = agency_standing(TWO, on=SUSPENDED_ON, known_at=NOW)

    assert (line.word, line.varies) == (Word.SUSPENDED, True)
    assert {place.corridor: place.word for place in line.corridors} == {
        PHL: Word.SUSPENDED,
        IND: Word.CERTIFIED,
    }


@pytest.mark.parametrize(
    ("corridor", "word"),
    [
        (PHL, Word.SUSPENDED),
        (IND, Word.CERTIFIED),
        (Corridor("KEN", "IRL", "222"), Word.REGISTERED),
        (Corridor("PHL", "IRL", "221"), Word.REGISTERED),
    ],
)
def test_one_corridor_is_answered_for_itself(corridor, word):
    line = agency_standing(TWO, on=SUSPENDED_ON, known_at=NOW, corridor=corridor)

    assert (line.word, line.varies) == (word, False)


def test_a_corridor_taken_over_is_spoken_for_by_the_new_certificate():
    lost = ScopeFact(PHL, ended_on=RESTORED_ON, ended_at=at(RESTORED_ON), replaced_by="CE000023Y")
    new = replace(
        CERTIFICATE,
        number="CE000023Y",
        issued_at=at(SUSPENDED_ON),
        valid_from=RESTORED_ON,
        has_conditions=True,
    )
    facts = replace(AGENCY, certificates=(replace(CERTIFICATE, scope=(lost,)), new))

    said = {
        on: agency_standing(facts, on=on, known_at=NOW, corridor=PHL).certificate
        for on in (RESTORED_ON - DAY, RESTORED_ON)
    }

    assert said == {RESTORED_ON - DAY: "CE000012Z", RESTORED_ON: "CE000023Y"}


days = st.dates(date(2024, 1, 1), date(2026, 6, 1))
instants = days.map(at)


@st.composite
def histories(draw):
    """Changes as two people could have made them, back-dated or not."""
    moments = sorted(draw(st.lists(instants, max_size=5, unique=True)))
    events, suspended = [], False
    for moment in moments:
        ends = draw(st.integers(0, 9)) == 0
        kind = "withdrawal" if ends else "restoration" if suspended else "suspension"
        earliest = max((e.effective_on for e in events), default=FIRST)
        day = draw(st.dates(min(earliest, LAST), LAST))
        events.append(Event(kind, day, moment, "a_reason"))
        if ends:
            break
        suspended = not suspended
    return tuple(events)


def told_plainly(events, on):
    """The same answer in the simplest way: day by day, change by change."""
    if on > LAST:
        plain = Status.EXPIRED
    elif on < FIRST:
        plain = Status.NOT_YET_VALID
    else:
        plain = Status.VALID
        for event in events:
            if event.kind == "suspension" and event.effective_on <= on:
                plain = Status.SUSPENDED
            if event.kind == "restoration" and event.effective_on <= on:
                plain = Status.VALID
    withdrawn = any(e.kind == "withdrawal" and e.effective_on <= on for e in events)
    return Status.WITHDRAWN if withdrawn else plain


@given(events=histories(), on=days, known_at=instants)
def test_every_history_reads_as_the_plain_telling_does(events, on, known_at):
    facts = replace(CERTIFICATE, issued_at=at(date(2023, 12, 1)), events=events)
    known = [event for event in events if event.confirmed_at <= known_at]

    answer = certificate_status(facts, on=on, known_at=known_at)

    assert answer.status is told_plainly(known, on)


@given(events=histories(), on=days, known_at=instants)
def test_what_happens_later_never_changes_what_was_said(events, on, known_at):
    issued = replace(CERTIFICATE, issued_at=at(date(2023, 12, 1)))
    then = tuple(event for event in events if event.confirmed_at <= known_at)

    assert certificate_status(
        replace(issued, events=events), on=on, known_at=known_at
    ) == certificate_status(replace(issued, events=then), on=on, known_at=known_at)
