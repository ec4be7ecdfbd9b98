"""Choosing a new password through the link that was mailed."""

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode

from agencies import journal
from agencies.models import User


def whose_link(uidb64, token):
    """The active person to whom a link for a new password was mailed, if it still holds."""
    try:
        pk = int(force_str(urlsafe_base64_decode(uidb64)))
        person = User.objects.get(pk=pk, is_active=True)
    except (ValueError, OverflowError, User.DoesNotExist):
        return None
    return person if default_token_generator.check_token(person, token) else None


@transaction.atomic
def set_new_password(*, user_id, password):
    """The new password ends the link and every session that was begun with the old one."""
    person = User.objects.select_for_update().get(pk=user_id)
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    journal.record("user.password_changed", person, by=person)
    return person
