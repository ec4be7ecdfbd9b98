from dataclasses import dataclass, field

import pytest

from attestations.contradictions import committed_but_not_aware


@dataclass
class Asked:
    ref: str
    wording: str = ""
    presupposes: list[str] = field(default_factory=list)


KNOW = Asked("REQ-01", "We know the Code.")
COMMIT = Asked("REQ-02", "We are committed.", ["REQ-01"])
KEEP = Asked("REQ-11", "We keep the List.", ["REQ-01", "REQ-12"])
CHECK = Asked("REQ-12", "We check the List.")

YES, NO, NOT_OURS = "complies", "does_not", "not_applicable"


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        pytest.param({"REQ-01": YES, "REQ-02": YES}, [], id="committed and aware"),
        pytest.param({"REQ-01": NO, "REQ-02": YES}, [("REQ-02", "REQ-01")], id="not aware"),
        pytest.param(
            {"REQ-01": NOT_OURS, "REQ-02": YES}, [("REQ-02", "REQ-01")], id="aware of nothing"
        ),
        pytest.param({"REQ-01": NO, "REQ-02": NO}, [], id="neither committed nor aware"),
        pytest.param({"REQ-02": YES}, [], id="awareness is not answered yet"),
        pytest.param({"REQ-01": NO}, [], id="commitment is not answered yet"),
        pytest.param(
            {"REQ-01": NO, "REQ-02": YES, "REQ-11": YES, "REQ-12": NO},
            [("REQ-02", "REQ-01"), ("REQ-11", "REQ-01"), ("REQ-11", "REQ-12")],
            id="each that stands on another answer is named",
        ),
    ],
)
def test_committed_but_not_aware_is_named(choices, expected):
    found = committed_but_not_aware([KNOW, COMMIT, KEEP, CHECK], choices)

    assert [(each.says, each.lacks) for each in found] == expected


def test_it_says_so_in_a_plain_sentence():
    [found] = committed_but_not_aware([KNOW, COMMIT], {"REQ-01": NO, "REQ-02": YES})

    assert str(found) == (
        "REQ-02 is answered “We do this” (“We are committed.”), but REQ-01, on which it stands, is "
        "not (“We know the Code.”). Nobody can keep what they do not know: one of the two answers "
        "needs another look."
    )
