"""The chapters of the story, in order; each says what it did or that it kept what stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from django.utils import timezone

from attestations.crosscheck.engine import load_lists
from attestations.models import PlacementImport
from attestations.reference import load_reference
from audits.enums import DecisionOutcome, FindingGrade
from config.demo import acts, auditing, cast, portfolio
from config.demo.auditing import Case, Found
from config.demo.worker import Worker

ALDER, BIRCH, CEDAR, DOGWOOD = cast.AGENCIES
SINCE = date(2011, 1, 1)
UNTIL = date(2026, 9, 30)

HABITS = {
    ALDER: portfolio.Habits(
        destinations=("GBR", "IRL", "DEU", "CAN", "AUS", "NZL"),
        first=SINCE,
        last=UNTIL,
        active_from_listed=0.004,
        fee_charged=0,
        unanswered=0.01,
        spoiled=0.02,
        covered_by=acts.AGREEMENT,
        covered_corridor=("KEN", "GBR"),
    ),
    BIRCH: portfolio.Habits(
        destinations=("GBR", "DEU", "USA", "CAN", "NOR", "CHE"),
        first=SINCE,
        last=UNTIL,
        active_from_listed=0.7,
        fee_charged=0.08,
        unanswered=0.15,
        spoiled=0.03,
    ),
    CEDAR: portfolio.Habits(
        destinations=("GBR", "IRL"),
        first=date(2019, 1, 1),
        last=UNTIL,
        active_from_listed=0.01,
        fee_charged=0.002,
        unanswered=0.02,
        spoiled=0.01,
    ),
}
ROWS = {ALDER: 12_000, BIRCH: 6_500, CEDAR: 4_500}

PERIOD = (date(2021, 1, 1), UNTIL)
CASES = {
    ALDER: Case(
        part=ALDER,
        scopes=(
            ("IND", "GBR", "222"),
            ("IND", "GBR", "221"),
            ("KEN", "GBR", "222"),
            ("PAK", "GBR", "222"),
            ("ZAF", "GBR", "222"),
        ),
        period=PERIOD,
        findings=(
            Found(
                ref="REQ-12",
                grade=FindingGrade.MINOR,
                statement=(
                    "The campaign log names the List without its edition in two of nine campaigns."
                ),
                reply="We had the edition on the desk and did not write it down. We now do.",
                words="Campaign log of 2025, pages 3 and 7 (invented).",
            ),
            Found(
                ref="REQ-15",
                grade=FindingGrade.MAJOR,
                statement=(
                    "For some placements recorded as help after an independent application the "
                    "proof of that application was not on file when first asked for."
                ),
                reply="The applications existed; we have put them on file and sent copies.",
                codes=("SSL-FACILITATED",),
                words="Files of the sample, as listed in the team's notes (invented).",
            ),
            Found(
                ref="REQ-19",
                grade=FindingGrade.OBSERVATION,
                statement="What the source countries get is described, but not yet measured.",
                reply="We will count training days from 2027.",
                words="Contribution record (invented).",
                corrected=False,
            ),
        ),
        conclusion=(
            "The agency keeps the commitments in the corridors looked at. Two findings were "
            "raised against requirements; their correction is followed up before a decision."
        ),
        outcome=DecisionOutcome.GRANTED_WITH_CONDITIONS,
        reasons=(
            "Both findings have been corrected and verified. Proof of independent applications "
            "has to be shown to hold over time."
        ),
        conditions=(
            "Every quarter the agency shows the regulator the proof on file for placements "
            "recorded as help after an independent application."
        ),
    ),
    BIRCH: Case(
        part=BIRCH,
        scopes=(("PHL", "USA", "222"), ("PAK", "GBR", "221"), ("NGA", "GBR", "222")),
        period=PERIOD,
        findings=(
            Found(
                ref="REQ-11",
                grade=FindingGrade.CRITICAL,
                statement=(
                    "Workers living in countries on the List edition in force were actively "
                    "recruited, and no agreement or communicated willingness covers it."
                ),
                reply="We did not look the List up before each campaign.",
                codes=("SSL-ACTIVE",),
                words="Recruitment records of 2024 to 2026 (invented).",
                corrected=False,
            ),
            Found(
                ref="REQ-21",
                grade=FindingGrade.CRITICAL,
                statement="Placement fees were charged to workers.",
                reply="The fees were customary. We have stopped charging them.",
                codes=("FEE-WORKER",),
                words="Receipts in the files of the sample (invented).",
                corrected=False,
            ),
        ),
        conclusion=(
            "Active recruitment from listed countries and fees to workers were found throughout "
            "the sample. Neither has been corrected."
        ),
        outcome=DecisionOutcome.REFUSED,
        reasons="Two critical findings stand without a verified correction.",
    ),
    CEDAR: Case(
        part=CEDAR,
        scopes=(("IND", "GBR", "222"), ("IND", "GBR", "221")),
        period=PERIOD,
        findings=(
            Found(
                ref="REQ-06",
                grade=FindingGrade.MINOR,
                statement="Two files of the sample were produced after twelve working days.",
                reply="They were in a branch that has since closed.",
                words="Request and receipt of the files (invented).",
            ),
        ),
        conclusion="The agency keeps the commitments in the corridors looked at.",
        outcome=DecisionOutcome.GRANTED,
        reasons="The one finding has been corrected and verified.",
    ),
}


@dataclass(frozen=True)
class Chapter:
    """What is told, and the act that does it; the act says whether there was anything to do."""

    title: str
    tell: Callable[[], bool]


def chapters(folder: Path, passwords: cast.Passwords, worker: Worker) -> Iterator[Chapter]:
    yield Chapter("Countries, the Code, the commitments and the lists are loaded", _reference)
    yield Chapter("Somebody runs the service", partial(cast.appoint_operator, passwords))
    yield Chapter(
        "The regulator of a destination begins its work",
        partial(cast.appoint_regulator, cast.DESTINATION, "GBR", passwords),
    )
    yield Chapter(
        "The regulator of a source country begins its work",
        partial(cast.appoint_regulator, cast.SOURCE, "PHL", passwords),
    )
    yield Chapter(
        "An agreement and a requirement are recorded (both invented)",
        acts.record_invented_surroundings,
    )
    for part in cast.AGENCIES:
        yield Chapter(
            f"{part.letter}. {part.name} is registered",
            partial(cast.enter_agency, part, passwords),
        )
    for part in (ALDER, BIRCH, CEDAR):
        admitted = frozenset({"REQ-01", "REQ-21"}) if part is BIRCH else frozenset()
        yield Chapter(
            f"{part.letter} attests to 38 commitments; its regulator accepts",
            partial(acts.attest, part, admitted=admitted),
        )
    for part in (ALDER, BIRCH, CEDAR):
        yield Chapter(
            f"{part.letter} hands in its placements, mistakes and all",
            partial(_upload, part, folder, worker, mended=False),
        )
    yield Chapter(
        "A sees what is wrong and hands in the mended file",
        partial(_upload, ALDER, folder, worker, mended=True),
    )
    for part, end in (
        (ALDER, "certified with conditions"),
        (BIRCH, "refused"),
        (CEDAR, "certified"),
    ):
        yield Chapter(
            f"{part.letter} is audited, reported on, corrected and {end}",
            partial(auditing.run_audit, CASES[part], worker),
        )
    yield Chapter(
        "C is suspended",
        partial(
            auditing.suspend,
            CEDAR,
            explanation="Invented: complaints about contract terms are being looked into.",
        ),
    )


def file_name(part: cast.Part, *, mended: bool) -> str:
    return f"{part.trading.split()[0].lower()}-placements{'-mended' if mended else ''}.csv"


def write_files(part: cast.Part, folder: Path) -> None:
    """Both files of an agency: as first written, and as it should have been."""
    lists = load_lists()

    def listed(country: str, day: date) -> bool:
        edition = lists.edition_on(day)
        return edition is not None and country in edition.countries

    drawn = list(
        portfolio.rows(
            HABITS[part],
            prefix=part.letter,
            count=ROWS[part],
            seed=f"demonstration {part.letter}",
            listed=listed,
        )
    )
    portfolio.write(folder / file_name(part, mended=False), (first for first, _ in drawn))
    portfolio.write(folder / file_name(part, mended=True), (right for _, right in drawn))


def _reference() -> bool:
    return any(kept.is_new for kept in load_reference(at=timezone.now()))


def _upload(part: cast.Part, folder: Path, worker: Worker, *, mended: bool) -> bool:
    name = file_name(part, mended=mended)
    agency = cast.agency_of(part)
    if PlacementImport.objects.filter(agency=agency, original_name=name, state="applied").exists():
        return False
    if not (folder / name).exists():
        write_files(part, folder)
    acts.upload(part, folder / name, worker)
    return True
