import pytest

from attestations.crosscheck.codes import Finding
from attestations.crosscheck.enums import Basis, Disposition, Severity
from attestations.crosscheck.remedies import Remedy, remedies_for


@pytest.mark.parametrize(
    ("code", "disposition", "remedies"),
    [
        (
            "SSL-ACTIVE",
            Disposition.OPEN,
            (Remedy.CITE_AGREEMENT, Remedy.STATE_OWN_APPLICATION),
        ),
        (
            "UK-RED",
            Disposition.INDETERMINATE,
            (Remedy.CITE_AGREEMENT, Remedy.STATE_OWN_APPLICATION),
        ),
        ("SSL-ACTIVE", Disposition.EXCEPTED_BY_AGREEMENT, ()),
        ("SSL-ACTIVE", Disposition.EXCEPTED_BY_WAIVER, ()),
        ("BLA-INVALID", Disposition.OPEN, (Remedy.CITE_AGREEMENT,)),
        ("SSL-FACILITATED", Disposition.OPEN, (Remedy.STATE_OWN_APPLICATION,)),
        ("DATA-MISSING:mode", Disposition.OPEN, (Remedy.STATE_OWN_APPLICATION,)),
        ("DATA-MISSING:training", Disposition.OPEN, ()),
        ("FEE-WORKER", Disposition.OPEN, ()),
    ],
)
def test_a_remedy_is_offered_where_it_would_answer_a_finding(code, disposition, remedies):
    finding = Finding(code, Severity.MAJOR, Basis.CODE, disposition, None)

    assert remedies_for([finding]) == remedies
