"""The secret of an invitation: computed from its id and the process's key, stored nowhere.

The database holds a digest only, so whoever reads it (or a broker, or a log) can accept nothing.
"""

import hashlib

from django.utils.crypto import salted_hmac
from django.utils.http import urlsafe_base64_encode


def invitation_token(public_id):
    """What stands in the link of one invitation."""
    secret = salted_hmac("agencies.invitation", str(public_id), algorithm="sha256").digest()
    return urlsafe_base64_encode(secret)


def digest_of(token):
    return hashlib.sha256(token.encode()).hexdigest()
