"""The ways out: each channel has one function that takes an ``Outgoing`` and returns or raises."""

from collections.abc import Callable
from functools import partial

from services.common.config import Settings
from services.notify.channels import console, file
from services.notify.domain.outgoing import Outgoing

Send = Callable[[Outgoing], None]


class NoChannel(Exception):
    """The installation has no such way out."""


def channels_of(settings: Settings) -> tuple[str, ...]:
    """The names of the ways out that this installation has; there may be none."""
    names = []
    if settings.is_dev:
        names.append("console")
    if settings.notify_file:
        names.append("file")
    return tuple(names)


def open_channel(name: str, settings: Settings) -> Send:
    """The way out of that name; NoChannel where this installation does not have it (any more)."""
    if name not in channels_of(settings):
        raise NoChannel(name)
    return console.send if name == "console" else partial(file.send, settings.notify_file)
