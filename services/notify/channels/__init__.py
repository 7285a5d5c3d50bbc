"""The ways out: each channel has one function that takes an ``Outgoing`` and returns or raises."""

from collections.abc import Callable
from functools import partial

from services.common.config import Settings
from services.notify.channels import console, file, smtp
from services.notify.domain.media import Medium
from services.notify.domain.outgoing import Outgoing

Send = Callable[[Outgoing], None]


class NoChannel(Exception):
    """The installation has no such way out."""


def channels_for(medium: Medium, settings: Settings) -> tuple[str, ...]:
    """The names of the ways out that this installation has for this medium; there may be none."""
    names = []
    if settings.is_dev:
        names.append("console")
    if settings.notify_file:
        names.append("file")
    if settings.smtp_server and medium is Medium.EMAIL:
        names.append("smtp")
    return tuple(names)


def media_for_codes(settings: Settings) -> list[Medium]:
    """How a code can be sent here, in the order in which it is tried."""
    wished = (Medium(name) for name in settings.code_channels)
    return [medium for medium in wished if channels_for(medium, settings)]


def open_channel(name: str, medium: Medium, settings: Settings) -> Send:
    """The way out of that name; NoChannel where this installation does not have it (any more)."""
    if name not in channels_for(medium, settings):
        raise NoChannel(name)
    if name == "smtp" and settings.smtp_server:
        return partial(smtp.send, settings.smtp_server, settings.mail_from)
    return console.send if name == "console" else partial(file.send, settings.notify_file)
