"""Where the bars of a chart go. Arithmetic only; the template draws, and a table says the same."""

from dataclasses import dataclass

from audits.reports.statement import CorridorLine

MOST_BARS = 14
ROW = 6.0  # millimetres, as all lengths here
LABELS = 62.0
WIDTH = 170.0
FIGURES = 16.0


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    count: int
    y: str
    text_y: str
    width: str
    figure_x: str


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    height: str
    summary: str


def corridor_chart(corridors: tuple[CorridorLine, ...]) -> Chart | None:
    """The largest corridors as bars, and all the others as one; None where there is nothing."""
    if not corridors:
        return None
    ranked = sorted(corridors, key=lambda line: (-line.count, line.source.name))
    shown = [
        (f"{line.source.name} to {line.destination.name}", line.count)
        for line in ranked[:MOST_BARS]
    ]
    if rest := ranked[MOST_BARS:]:
        shown.append((f"{len(rest)} other corridors", sum(line.count for line in rest)))
    largest = max(count for _, count in shown)
    room = WIDTH - LABELS - FIGURES
    bars = tuple(
        Bar(
            label=label,
            count=count,
            y=_mm(at * ROW + 1),
            text_y=_mm(at * ROW + 4.2),
            width=_mm(max(room * count / largest, 0.4)),
            figure_x=_mm(LABELS + max(room * count / largest, 0.4) + 1.5),
        )
        for at, (label, count) in enumerate(shown)
    )
    first, of = shown[0][0], sum(line.count for line in corridors)
    return Chart(
        bars=bars,
        height=_mm(len(shown) * ROW + 1),
        summary=f"Bar chart of {of} placements by corridor. The largest is {first}, with "
        f"{shown[0][1]}. The table below says the same in figures.",
    )


def _mm(length: float) -> str:
    return f"{length:.2f}"
