"""What people write, as it is kept."""

from django.core.exceptions import ValidationError

from agencies.lib.plain_text import clean


def said(text, missing):
    """The text as it is stored; refused with `missing` where nothing is said."""
    kept = clean(text or "", multiline=True)
    if not kept.strip():
        raise ValidationError(missing)
    return kept


def perhaps_said(text):
    return clean(text or "", multiline=True)
