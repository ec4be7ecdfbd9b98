"""Ways from this room to pages of others, by name: where a page is not served, no way is shown."""

from django.urls import NoReverseMatch, reverse


def link_to(name, *args):
    """The address of a page, or nothing where this process does not serve it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
