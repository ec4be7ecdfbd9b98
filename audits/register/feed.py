"""What changed in the register, as an Atom feed: one channel among those that show a suspension.

Codes and numbers only, as in the public history of an agency; nobody is named.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.lib.check_characters import grouped
from agencies.models import Agency, JournalEntry
from audits.register.answers import address
from audits.register.history import ACTS, words_of
from audits.transparency.models import LogLeaf

SHOWN = 100


@login_not_required
@require_safe
def changes(request):
    """The last public acts about agencies and certificates."""
    leaves = LogLeaf.objects.filter(kind__in=ACTS).exclude(entry__agency_number="")
    recent = leaves.select_related("entry").order_by("-position")[:SHOWN]
    entries = [leaf.entry for leaf in recent]
    return _feed(request, entries, _("Changes in the register"), address("register:changes"))


@login_not_required
@require_safe
def changes_of_agency(request, number):
    """The last public acts about one agency."""
    agency = get_object_or_404(Agency, register_number=number)
    about = Q(agency_number=agency.register_number, verb__in=ACTS)
    entries = list(JournalEntry.objects.filter(about).order_by("-position")[:SHOWN])
    title = _("Changes of agency {number}").format(number=grouped(number))
    return _feed(request, entries, title, address("register:agency_changes", number))


def _feed(request, entries, title, own_address):
    newest = entries[0].position if entries else 0
    etag = f'"{newest}"'
    if response := get_conditional_response(request, etag=etag):
        return response
    feed = Atom1Feed(
        title=title,
        link=settings.CANONICAL_ORIGIN,
        description="",
        feed_url=own_address,
        feed_guid=own_address,
        author_name=settings.PRODUCT_NAME,
    )
    for entry in entries:
        certificate = entry.data.get("number") if entry.verb.startswith("certificate.") else None
        link = (
            address("register:verify", certificate)
            if certificate
            else address("register:agency", entry.agency_number)
        )
        feed.add_item(
            title=words_of(entry.verb, entry.data),
            link=link,
            description=_("Agency {number}").format(number=grouped(entry.agency_number)),
            # the same in every feed in which it stands
            unique_id=f"{address('register:changes')}#{entry.position}",
            pubdate=entry.recorded_at,
            updateddate=entry.recorded_at,
            categories=[entry.verb],
        )
    content_type = "application/atom+xml; charset=utf-8"
    response = HttpResponse(feed.writeString("utf-8"), content_type=content_type)
    response["ETag"] = etag
    patch_cache_control(response, no_cache=True)
    return response
