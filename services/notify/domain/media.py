"""How a message reaches people, and which way is tried first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Medium(StrEnum):
    SMS = "sms"
    CALL = "call"
    EMAIL = "email"


@dataclass(frozen=True)
class Way:
    """A medium, and the phone or e-mail address at its end."""

    medium: Medium
    recipient: str


def ways_to(
    contact: Mapping[str, str | None], *, wanted: str, order: Iterable[Medium]
) -> list[Way]:
    """The ways to somebody, the wanted one first and the others in ``order``.

    A way that leads nowhere is left out: the next one stands in for it.
    """
    sorted_media = sorted(order, key=lambda medium: medium != wanted)
    addresses = {
        Medium.SMS: contact["phone"],
        Medium.CALL: contact["phone"],
        Medium.EMAIL: contact["email"],
    }
    return [
        Way(medium, address)
        for medium in sorted_media
        if (address := addresses[medium]) is not None
    ]
