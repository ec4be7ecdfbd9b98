"""Each verb of the journal, and where it leaves the matter it is about."""

from datetime import date

import pytest

from audits.cases.enums import Ending, Stage
from tests.audits.cases.told import (
    AGAIN,
    APPEAL,
    ASKED,
    ATTESTATION,
    AUDIT,
    CERTIFICATE,
    CHANGE,
    CHANGING,
    CLAIM,
    CLAIMED,
    CONCERN,
    CORRECTION,
    DECIDING,
    DECISION,
    FINDING,
    HANDED_IN,
    HEARD,
    OPENED,
    PLANNED,
    REPORTED,
    RETURNED,
    SUBMITTED,
    THEM,
    US,
)

# what stands after the entries: how far, for whom, due when, days of ours left, how it ended
STEPS = [
    pytest.param(
        ATTESTATION,
        [HANDED_IN],
        (Stage.HANDED_IN, US, date(2026, 4, 1), None, None),
        id="handed in",
    ),
    pytest.param(
        ATTESTATION,
        RETURNED,
        (Stage.RETURNED, THEM, date(2026, 4, 2), 29, None),
        id="returned: theirs, and our clock stands",
    ),
    pytest.param(
        AGAIN,
        [*RETURNED, ("attestation.submitted", AGAIN)],
        (Stage.HANDED_IN, US, date(2026, 4, 2), None, None),
        id="handed in again: the same matter, with the days that were left",
    ),
    pytest.param(
        ATTESTATION,
        [HANDED_IN, ("attestation.accepted", ATTESTATION)],
        (Stage.HANDED_IN, US, date(2026, 4, 1), None, Ending.ACCEPTED),
        id="accepted",
    ),
    pytest.param(
        ATTESTATION,
        [HANDED_IN, ("attestation.withdrawn", ATTESTATION)],
        (Stage.HANDED_IN, US, date(2026, 4, 1), None, Ending.WITHDRAWN),
        id="taken back by the agency",
    ),
    pytest.param(
        CLAIM, [CLAIMED], (Stage.HANDED_IN, US, date(2026, 4, 1), None, None), id="claimed"
    ),
    pytest.param(
        CLAIM,
        [CLAIMED, ("claim.question_asked", CLAIM)],
        (Stage.QUESTION_ASKED, THEM, None, 29, None),
        id="asked of whoever claims",
    ),
    pytest.param(
        CLAIM,
        [CLAIMED, ("claim.question_asked", CLAIM), ("claim.answered", CLAIM)],
        (Stage.ANSWERED, US, date(2026, 4, 2), None, None),
        id="answered by whoever claims",
    ),
    *(
        pytest.param(
            CLAIM,
            [CLAIMED, (f"claim.{ending}", CLAIM)],
            (Stage.HANDED_IN, US, date(2026, 4, 1), None, ending),
            id=f"claim {ending}",
        )
        for ending in (Ending.ACCEPTED, Ending.REFUSED, Ending.WITHDRAWN)
    ),
    pytest.param(
        AUDIT, [PLANNED], (Stage.PLANNED, US, date(2026, 3, 16), None, None), id="audit planned"
    ),
    pytest.param(AUDIT, OPENED, (Stage.CONDUCTING, US, None, None, None), id="audit opened"),
    pytest.param(
        AUDIT,
        [*OPENED, ("audit.concluded", AUDIT)],
        (Stage.CONCLUDED, US, None, None, None),
        id="audit concluded",
    ),
    *(
        pytest.param(
            AUDIT,
            [*OPENED, ("audit.concluded", AUDIT), (verb, subject)],
            (Stage.CONDUCTING, US, None, None, None),
            id=f"the conclusion fell by {verb}",
        )
        for verb, subject in (
            ("sample.result_recorded", AUDIT),
            ("checklist.result_recorded", AUDIT),
            ("finding.raised", FINDING),
            ("finding.withdrawn", FINDING),
        )
    ),
    pytest.param(
        AUDIT,
        [
            *OPENED,
            ("audit.concluded", AUDIT),
            ("sample.drawn", AUDIT),
            ("finding.replied", FINDING),
        ],
        (Stage.CONCLUDED, US, None, None, None),
        id="the conclusion stands whatever else is recorded",
    ),
    pytest.param(AUDIT, REPORTED, (Stage.REPORTED, US, None, None, None), id="audit reported"),
    pytest.param(
        AUDIT, ASKED, (Stage.FOLLOW_UP, THEM, None, None, None), id="audit waits for a correction"
    ),
    pytest.param(
        CORRECTION,
        ASKED,
        (Stage.REQUESTED, THEM, date(2026, 5, 5), None, None),
        id="correction asked for",
    ),
    pytest.param(
        CORRECTION,
        SUBMITTED,
        (Stage.HANDED_IN, US, date(2026, 4, 6), None, None),
        id="correction handed in",
    ),
    pytest.param(
        AUDIT, SUBMITTED, (Stage.FOLLOW_UP, US, None, None, None), id="audit is ours again"
    ),
    pytest.param(
        CORRECTION,
        [*SUBMITTED, ("correction.verified", CORRECTION)],
        (Stage.HANDED_IN, US, date(2026, 4, 6), None, Ending.VERIFIED),
        id="correction verified",
    ),
    pytest.param(
        CORRECTION,
        [*SUBMITTED, ("correction.rejected", CORRECTION)],
        (Stage.HANDED_IN, US, date(2026, 4, 6), None, Ending.NOT_ACCEPTED),
        id="correction not accepted",
    ),
    pytest.param(
        CORRECTION,
        [*ASKED, ("finding.withdrawn", FINDING)],
        (Stage.REQUESTED, THEM, date(2026, 5, 5), None, Ending.WITHDRAWN),
        id="correction of a finding that was withdrawn",
    ),
    pytest.param(
        AUDIT,
        [*ASKED, ("finding.withdrawn", FINDING)],
        (Stage.FOLLOW_UP, US, None, None, None),
        id="audit waits for nobody once the finding is withdrawn",
    ),
    pytest.param(
        AUDIT,
        [*ASKED, ("audit.closed", AUDIT)],
        (Stage.FOLLOW_UP, THEM, None, None, Ending.CLOSED),
        id="audit closed",
    ),
    pytest.param(
        CORRECTION,
        [*ASKED, ("audit.closed", AUDIT)],
        (Stage.REQUESTED, THEM, date(2026, 5, 5), None, Ending.WITH_AUDIT),
        id="correction of a closed audit",
    ),
    pytest.param(
        AUDIT,
        [*OPENED, ("audit.cancelled", AUDIT)],
        (Stage.CONDUCTING, US, None, None, Ending.CANCELLED),
        id="audit cancelled",
    ),
    pytest.param(
        AUDIT,
        [*ASKED, ("audit.closed", AUDIT), ("audit.reopened", AUDIT)],
        (Stage.FOLLOW_UP, THEM, None, None, None),
        id="audit taken up again",
    ),
    pytest.param(
        CORRECTION,
        [*ASKED, ("audit.closed", AUDIT), ("audit.reopened", AUDIT)],
        (Stage.REQUESTED, THEM, date(2026, 5, 5), None, None),
        id="correction of an audit that is taken up again",
    ),
    pytest.param(
        CORRECTION,
        [
            *SUBMITTED,
            ("correction.verified", CORRECTION),
            ("audit.closed", AUDIT),
            ("audit.reopened", AUDIT),
        ],
        (Stage.HANDED_IN, US, date(2026, 4, 6), None, Ending.VERIFIED),
        id="what had ended before the audit did stays ended",
    ),
    pytest.param(
        DECISION,
        DECIDING,
        (Stage.PROPOSED, US, date(2026, 4, 5), None, None),
        id="decision proposed",
    ),
    *(
        pytest.param(
            DECISION,
            [*DECIDING, (f"decision.{verb}", DECISION)],
            (Stage.PROPOSED, US, date(2026, 4, 5), None, ending),
            id=f"decision {verb}",
        )
        for verb, ending in (("taken", Ending.TAKEN), ("declined", Ending.DECLINED))
    ),
    pytest.param(
        APPEAL,
        [("appeal.lodged", APPEAL)],
        (Stage.LODGED, US, date(2026, 4, 1), None, None),
        id="appeal lodged",
    ),
    pytest.param(
        APPEAL,
        [("appeal.lodged", APPEAL), ("appeal.heard", APPEAL)],
        (Stage.LODGED, US, date(2026, 4, 1), None, Ending.HEARD),
        id="appeal heard",
    ),
    pytest.param(
        CHANGE,
        [CHANGING],
        (Stage.PROPOSED, US, date(2026, 4, 1), None, None),
        id="change of status proposed",
    ),
    pytest.param(
        CHANGE,
        [CHANGING, ("status_change.declined", CHANGE)],
        (Stage.PROPOSED, US, date(2026, 4, 1), None, Ending.DECLINED),
        id="change of status declined",
    ),
    *(
        pytest.param(
            CHANGE,
            [CHANGING, (f"certificate.{verb}", CERTIFICATE, {"change": 1})],
            (Stage.PROPOSED, US, date(2026, 4, 1), None, Ending.CONFIRMED),
            id=f"certificate {verb}",
        )
        for verb in ("suspended", "restored", "withdrawn")
    ),
    pytest.param(
        CONCERN, [HEARD], (Stage.RECEIVED, US, date(2026, 4, 1), None, None), id="concern received"
    ),
    pytest.param(
        CONCERN,
        [HEARD, ("concern.replied", CONCERN)],
        (Stage.QUESTION_ASKED, THEM, None, 29, None),
        id="concern replied to",
    ),
    pytest.param(
        CONCERN,
        [HEARD, ("concern.replied", CONCERN), ("concern.answered", CONCERN)],
        (Stage.ANSWERED, US, date(2026, 4, 2), None, None),
        id="concern answered",
    ),
    pytest.param(
        CONCERN,
        [HEARD, ("concern.closed", CONCERN)],
        (Stage.RECEIVED, US, date(2026, 4, 1), None, Ending.CLOSED),
        id="concern closed",
    ),
]
