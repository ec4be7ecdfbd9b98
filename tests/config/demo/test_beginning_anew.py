"""Whoever deletes the database to begin anew is not told that an old copy was brought back."""

import pytest
from django.utils import timezone

from audits.transparency.caught_up import what_is_missing
from audits.transparency.checkpoints import path_outside, sign_checkpoint, write_whole
from config.management.commands.demo import forget_another_beginning
from tests.factories import certificates as certify

pytestmark = pytest.mark.django_db

OF_ANOTHER = b"127.0.0.1:8000/log\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n"


def test_an_empty_register_forgets_what_one_before_it_signed():
    write_whole(path_outside(), OF_ANOTHER)
    assert what_is_missing()

    forget_another_beginning()

    assert what_is_missing() == ""


def test_a_register_that_has_begun_forgets_nothing(django_capture_on_commit_callbacks):
    certify.issued()
    with django_capture_on_commit_callbacks(execute=True):
        sign_checkpoint(at=timezone.now())
    signed = path_outside().read_bytes()

    forget_another_beginning()

    assert path_outside().read_bytes() == signed
