"""The developer's channel: messages go to the terminal and stay in the table to be looked at."""

import sys

from services.notify.models import Message


def send(message: Message) -> None:
    """Print the message; outside of dev nobody queues one for this channel."""
    sys.stdout.write(f"✉ to {message.recipient}: {message.body}\n")
    sys.stdout.flush()
