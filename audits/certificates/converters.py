"""How a public number stands in an address."""

from django.urls.converters import StringConverter


class StoredNumberConverter(StringConverter):
    """A number in the one form in which it is stored; its page has no other address."""

    regex = "[0-9A-Z]{3,16}"
