"""What a channel is given to send."""

from dataclasses import dataclass

from services.notify.domain.media import Medium


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message on its way out. ``text`` may be a secret: a channel keeps and logs nothing.

    ``reference`` is the same at every attempt and no other message's, in any installation.
    """

    message_id: int
    reference: str
    kind: str
    medium: Medium
    recipient: str
    language: str
    title: str
    text: str
