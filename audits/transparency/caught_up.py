"""Whether this database holds everything that the register ever signed about its log (T24).

A database that is brought back from an old copy has lost acts: withdrawals, for one. Until they are
there again nothing that it says about a certificate can be trusted, and the site says so instead.
"""

import os

from audits.transparency.checkpoints import kept_outside, path_outside
from audits.transparency.notes import NotANote
from audits.transparency.queries import root_at, size

# what the file looked like when the log was last found to hold it; the log never shrinks under us
_found_whole = {"mark": None}


def what_is_missing():
    """In a sentence, what the log lacks of the checkpoint beside the database; empty if nothing.

    Costs one look at the file, and a query only after the file has changed.
    """
    try:
        found = os.stat(path_outside())
    except FileNotFoundError:
        return ""
    mark = (str(path_outside()), found.st_ino, found.st_mtime_ns)
    if _found_whole["mark"] == mark:
        return ""
    missing = _compare()
    _found_whole["mark"] = None if missing else mark
    return missing


def _compare():
    try:
        kept = kept_outside()
    except NotANote as unreadable:
        return f"The checkpoint in {path_outside()} cannot be read: {unreadable}"
    count = size()
    if kept.size > count:
        return (
            f"The log has {count} of the {kept.size} leaves that were signed: "
            "the database is an older copy."
        )
    if root_at(kept.size) != kept.root:
        return f"The first {kept.size} leaves are not those that were signed."
    return ""
