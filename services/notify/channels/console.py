"""The developer's channel: messages go to the terminal."""

import sys

from services.notify.domain.outgoing import Outgoing


def send(outgoing: Outgoing) -> None:
    """Print the message; outside of dev nobody has this channel."""
    sys.stdout.write(f"✉ to {outgoing.recipient}: {outgoing.text}\n")
    sys.stdout.flush()
