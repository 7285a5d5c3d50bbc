"""Sends one message from a file channel that kills its own process: ``before`` or ``after``.

python -m tests.service.notify.killed_while_sending DATABASE_URL FILE WHEN
"""

import os
import signal
import sys
from datetime import UTC, datetime

from services.common.config import Settings
from services.common.db import Database
from services.common.rpc.client import RpcClient
from services.notify.channels import file
from services.notify.domain.outgoing import Outgoing
from services.notify.use_cases.sending import Sender


def main(url: str, path: str, when: str) -> None:
    write = file.send

    def write_and_die(path: str, outgoing: Outgoing) -> None:
        if when == "after":
            write(path, outgoing)
        os.kill(os.getpid(), signal.SIGKILL)

    file.send = write_and_die
    sender = Sender(
        database=Database(url),
        rpc=RpcClient("memory://"),
        settings=Settings(amqp_uri="memory://", notify_file=path),
        clock=lambda: datetime.now(UTC),
    )
    sender.send_next(is_urgent=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
