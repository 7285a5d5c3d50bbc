"""A file at whose end every message is written, one JSON object a line.

For whoever wants to read along, or to hand messages on with a program of their
own. Only its owner may read it: codes stand in it.
"""

import json
import os

from services.notify.domain.outgoing import Outgoing

READ_BY_ITS_OWNER = 0o600


def send(path: str, outgoing: Outgoing) -> None:
    """Append the message in one write, so that lines of several processes do not mix."""
    line = json.dumps(
        {
            "id": outgoing.message_id,
            "kind": outgoing.kind,
            "medium": outgoing.medium,
            "to": outgoing.recipient,
            "language": outgoing.language,
            "title": outgoing.title,
            "text": outgoing.text,
        },
        ensure_ascii=False,
    )
    opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, READ_BY_ITS_OWNER)
    with os.fdopen(opened, "ab", buffering=0) as file:
        file.write(f"{line}\n".encode())
        os.fsync(file.fileno())
