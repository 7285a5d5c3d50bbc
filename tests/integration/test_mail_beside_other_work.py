"""A service sends letters on green threads: a slow mail server holds nobody else up."""

import subprocess
import sys
from pathlib import Path

from tests.service.notify.mailserver import mail_server, slowly

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """\
import deploy.patched, sys, time, eventlet
from services.common.mail import SmtpServer
from services.notify.channels import smtp
from services.notify.domain.media import Medium
from services.notify.domain.outgoing import Outgoing

ticks = []
def tick():
    while True:
        ticks.append(time.monotonic())
        eventlet.sleep(0.05)

eventlet.spawn(tick)
smtp.send(
    SmtpServer("127.0.0.1", int(sys.argv[1]), "none"),
    "no-reply@salon.example",
    Outgoing(message_id=1, reference="a", kind="code", medium=Medium.EMAIL,
             recipient="ann@example.com", language="en", title="Hello", text="Hello"),
)
print(max(later - earlier for earlier, later in zip(ticks, ticks[1:])))
"""


def test_a_slow_mail_server_holds_nobody_else_up() -> None:
    with mail_server() as server:
        server.content = slowly
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PROGRAM, str(server.port)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.returncode == 0, done.stderr
    assert len(server.letters) == 1
    assert float(done.stdout) < 1, "the longest time in which nothing else was done"
