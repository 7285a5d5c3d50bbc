"""kill -9 of a process that sends, at the two moments that matter."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from services.notify.use_cases.sending import TWICE, UNSETTLED
from tests.service.notify.conftest import Notify, an_event

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = "tests.service.notify.killed_while_sending"


def send_and_be_killed(notify: Notify, when: str) -> None:
    url = notify.database.engine.url.render_as_string(hide_password=False)
    killed = subprocess.run(
        [sys.executable, "-m", PROGRAM, url, str(notify.file), when],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()


@pytest.mark.parametrize(("when", "had_left"), [("before", 0), ("after", 1)])
def test_a_killed_sender_costs_one_attempt_and_the_row_admits_what_nobody_knows(
    notify: Notify, when: str, had_left: int
) -> None:
    """Where the channel takes no key, at least once is all that can be promised."""
    notify.hear(an_event())
    send_and_be_killed(notify, when)
    assert len(notify.sent) == had_left
    left = notify.message
    assert (left.sent_at, left.attempts, left.unsettled) == (None, 1, 1)
    assert left.reason == UNSETTLED
    assert not notify.send(), "the killed attempt's time is not up yet"

    notify.clock.advance(60)
    notify.send_all()
    assert len(notify.sent) == had_left + 1
    sent = notify.message
    assert (sent.attempts, sent.unsettled, sent.reason) == (2, 1, TWICE)
    assert sent.sent_at is not None

    notify.clock.advance(3600)
    notify.send_all()
    assert len(notify.sent) == had_left + 1
