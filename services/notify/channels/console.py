"""The developer's channel: messages go to the terminal."""

import sys

from services.notify.domain.media import Medium
from services.notify.domain.outgoing import Outgoing

SIGNS = {Medium.SMS: "✉", Medium.CALL: "☎", Medium.EMAIL: "@"}


def send(outgoing: Outgoing) -> None:
    """Print the message; outside of dev nobody has this channel."""
    heading = f"{outgoing.title}\n" if outgoing.medium is Medium.EMAIL else ""
    sign = SIGNS[outgoing.medium]
    sys.stdout.write(f"{sign} to {outgoing.recipient}: {heading}{outgoing.text}\n")
    sys.stdout.flush()
