"""A worker that looks while a message is being written finds it whole or not at all."""

from json import JSONDecodeError
from queue import Empty

import pytest
from kombu import Connection
from kombu.transport import filesystem

from config import celery, file_broker


class LooksMeanwhile:
    """A part of a message: while it is being put into words, a worker asks for the next one."""

    def __init__(self, channel):
        self.channel = channel
        self.found = []

    def __json__(self):
        try:
            self.found.append(self.channel._get("celery"))
        except Empty:
            self.found.append(None)
        return "said"


@pytest.fixture
def channel_of(tmp_path):
    """A channel of a transport, on a folder of its own."""
    options = dict.fromkeys(("data_folder_in", "data_folder_out"), str(tmp_path))

    def make(transport):
        return Connection(transport=transport, transport_options=options).channel()

    return make


def test_a_message_is_whole_or_not_there(channel_of):
    channel = channel_of(file_broker.Transport)
    looks = LooksMeanwhile(channel)

    channel._put("celery", {"task": looks})

    assert looks.found == [None]
    assert channel._get("celery") == {"task": "said"}


def test_a_message_that_is_not_in_its_place_yet_is_not_found(channel_of, monkeypatch):
    channel = channel_of(file_broker.Transport)
    monkeypatch.setattr(file_broker.os, "replace", lambda *_: None)

    channel._put("celery", {"task": "said"})

    with pytest.raises(Empty):
        channel._get("celery")


def test_control_the_transport_of_kombu_hands_out_half_a_message(channel_of):
    channel = channel_of(filesystem.Transport)
    with pytest.raises(JSONDecodeError):
        channel._put("celery", {"task": LooksMeanwhile(channel)})


def test_the_application_uses_it():
    with celery.app.connection_for_write("filesystem://localhost") as connection:
        assert isinstance(connection.transport, file_broker.Transport)
