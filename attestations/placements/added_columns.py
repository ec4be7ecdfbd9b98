"""What a file gets on its way back and is passed over when it is read again.

Three columns at the right of a CSV file, and a last sheet in a workbook.
"""

from attestations.placements.columns import key_of

REMARK = "register: what was found"
WRITE = "register: write instead"
ROW_SENT = "register: row in the file sent"

ADDED_COLUMNS = (REMARK, WRITE, ROW_SENT)
ADDED_KEYS = frozenset(key_of(header) for header in ADDED_COLUMNS)

NOTES_SHEET = "What the register found"
