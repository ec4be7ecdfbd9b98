"""How a status list stands in an address."""

from django.urls.converters import StringConverter

from audits.credentials.status_lists import StatusPurpose


class StatusPurposeConverter(StringConverter):
    """One of the two purposes there are."""

    regex = "|".join(StatusPurpose)

    def to_python(self, value):
        return StatusPurpose(value)


class ListNumberConverter(StringConverter):
    """A list's number as it is written in credentials: from 1, without leading zeros."""

    regex = "[1-9][0-9]{0,6}"

    def to_python(self, value):
        return int(value)
