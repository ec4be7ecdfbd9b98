"""Trying to sign in: counted before it is judged, and the same answer whoever was tried."""

from datetime import timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from agencies import journal
from agencies.models import SignInAttempt, User
from agencies.services.mailing import mail

WITHIN = timedelta(minutes=15)
# an account is guessed at; an address that tries many accounts
ATTEMPTS_ON_AN_ACCOUNT = 10
ATTEMPTS_FROM_AN_ADDRESS = 100
RESET_LINKS = 3
# names asked about: more than an employer needs, fewer than guessing takes
NAMES_ASKED_OF_AN_AGENCY = 60
NAMES_ASKED_FROM_AN_ADDRESS = 20
# concerns sent, and codes of concerns tried
CONCERNS_FROM_AN_ADDRESS = 20
# a proxy on the same machine speaks for everybody
LOCAL = {"", "127.0.0.1", "::1"}


def may_try(*, email, address, at):
    """Count one attempt to sign in, and say whether it may be judged."""
    few = _count(f"account:{email.strip().lower()}", at) <= ATTEMPTS_ON_AN_ACCOUNT
    if address in LOCAL:
        return few
    return _count(f"address:{address}", at) <= ATTEMPTS_FROM_AN_ADDRESS and few


def may_ask_of_people(*, number, address, at):
    """Count one question whether somebody acts for an agency, and say whether it is answered."""
    few = _count(f"people of:{number}", at) <= NAMES_ASKED_OF_AN_AGENCY
    if address in LOCAL:
        return few
    return _count(f"people from:{address}", at) <= NAMES_ASKED_FROM_AN_ADDRESS and few


def may_report_or_follow(*, address, at):
    """Count one concern sent or one code tried, and say whether it is looked at.

    Behind a proxy on the same machine the proxy has to count.
    """
    if address in LOCAL:
        return True
    return _count(f"concerns from:{address}", at) <= CONCERNS_FROM_AN_ADDRESS


def forget_attempts_on(*, email):
    """After signing in: the mistakes before no longer count."""
    SignInAttempt.objects.filter(key=_key(f"account:{email.strip().lower()}")).delete()


def forget_old_attempts(*, at):
    SignInAttempt.objects.filter(tried_at__lte=at - WITHIN).delete()


@transaction.atomic
def ask_for_new_password(*, email, at):
    """Send a link to the address, if an account that can sign in has it; says nothing either way.

    The address must be the stored one, letter for letter: look-alikes find nobody.
    """
    email = email.strip().lower()
    if _count(f"reset:{email}", at) > RESET_LINKS:
        return
    person = User.objects.filter(email=email, is_active=True).first()
    if person and person.has_usable_password():
        entry = journal.record("user.password_link_asked", person, by=None)
        mail(entry, template="email/password_reset", recipient=person)


def _count(what, at):
    key = _key(what)
    # counted first: many at once cannot all find room
    SignInAttempt.objects.create(key=key, tried_at=at)
    return SignInAttempt.objects.filter(key=key, tried_at__gt=at - WITHIN).count()


def _key(what):
    return salted_hmac("agencies.sign-in", what, algorithm="sha256").hexdigest()
