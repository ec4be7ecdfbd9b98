"""The columns that a CSV file gets at its right on its way back, and which are passed over."""

from attestations.placements.columns import key_of

REMARK = "register: what was found"
WRITE = "register: write instead"
ROW_SENT = "register: row in the file sent"

ADDED_COLUMNS = (REMARK, WRITE, ROW_SENT)
ADDED_KEYS = frozenset(key_of(header) for header in ADDED_COLUMNS)
