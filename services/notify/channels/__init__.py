"""The ways out: each channel has one function, ``send(message)``, that returns or raises."""

from collections.abc import Callable

from services.notify.channels import console
from services.notify.models import Message

Send = Callable[[Message], None]


class NoChannel(Exception):
    """The installation has no such way out."""


def channel(name: str, *, is_dev: bool) -> Send:
    """The way out of that name; NoChannel where this installation does not have it."""
    if name == "console" and is_dev:
        return console.send
    raise NoChannel(name)
