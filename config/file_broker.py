"""The broker of the demonstration and of development: messages as files in a folder.

The transport that comes with kombu creates a message's file and then writes it, so that a worker
that looks in between takes an empty file, stops with it, and the message is lost. Here a message is
written under another name and moved into place: a worker finds a whole message or none.
"""

import os
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    # the two classes above it name its arguments differently; kombu gives them by position
    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:  # type: ignore[override]
        # the name by which kombu's reader knows the queue, and the order of messages
        name = f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        unfinished = folder / f"{name}.unfinished"
        unfinished.write_text(dumps(message), encoding="utf-8")
        os.replace(unfinished, folder / name)


class Transport(filesystem.Transport):
    Channel = Channel


def use() -> None:
    """From now on `filesystem://` means this one."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:{Transport.__qualname__}"
