"""Check constraints that say a rule of the register once, with the words a person reads."""

from collections.abc import Iterable

from django.db.models import CheckConstraint, F, Q


def all_or_none(*fields: str, name: str) -> CheckConstraint:
    """Rows where some, but not all, of `fields` are set are refused.

    "Set" means not NULL: an empty string counts as set, so pair nullable columns.
    """
    if len(fields) < 2:
        raise ValueError("all_or_none needs at least two fields.")
    none = Q(*((f"{field}__isnull", True) for field in fields))
    every = Q(*((f"{field}__isnull", False) for field in fields))
    words = " and ".join((", ".join(_words(f) for f in fields[:-1]), _words(fields[-1])))
    return CheckConstraint(
        condition=none | every,
        name=name,
        violation_error_message=f"Give {words} together, or leave all of them empty.",
    )


def in_order(earlier: str, later: str, *, name: str, message: str = "") -> CheckConstraint:
    """Rows where `later` comes before `earlier` are refused; equal or missing ones pass."""
    missing = Q((f"{earlier}__isnull", True)) | Q((f"{later}__isnull", True))
    words = f"{_words(later).capitalize()} cannot come before {_words(earlier)}."
    return CheckConstraint(
        condition=missing | Q((f"{later}__gte", F(earlier))),
        name=name,
        violation_error_message=message or words,
    )


def one_of(field: str, values: Iterable[str], *, name: str) -> CheckConstraint:
    """Rows where `field` holds anything but one of `values` are refused.

    Takes `Choices.values`. SQL lets NULL pass a check, so a nullable column may be empty.
    """
    known = sorted({str(value) for value in values})
    if not known:
        raise ValueError("one_of needs at least one value.")
    return CheckConstraint(
        condition=Q((f"{field}__in", known)),
        name=name,
        violation_error_message=f"{_words(field).capitalize()} must be one of: {', '.join(known)}.",
    )


def _words(field: str) -> str:
    return field.replace("_", " ")
