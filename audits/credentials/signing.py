"""The keys of credentials and of status lists, each for its one purpose."""

from base64 import b64decode

from audits.certificates.signing import SigningUnavailable, registered, sign_statement, signer

CREDENTIAL = "credential"
STATUS_LIST = "status_list"


def key_in_use(purpose, *, at):
    """The registered key that signs for this purpose at `at`."""
    return registered(signer(), at=at)


def sign(purpose, message: bytes, *, at, key) -> bytes:
    """64 bytes, checked with the registered public key; SigningUnavailable if the key changed."""
    signature, used = sign_statement(message, at=at)
    if used.key_id != key.key_id:
        raise SigningUnavailable("The key changed while something was being signed. Try again.")
    return b64decode(signature)
