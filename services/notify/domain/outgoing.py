"""What a channel is given to send."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message on its way out. ``text`` may be a secret: a channel keeps and logs nothing."""

    message_id: int
    kind: str
    recipient: str
    language: str
    text: str
