"""Everything in one process: ``kabinet run``. Needs neither a broker nor a database server.

Four services and the gateway, SQLite files, and a bus in memory. Events that
were committed but not delivered when the last process ended are sent again.
"""

import deploy.patched  # noqa: F401, I001  (before anything else)

import os
import signal
import sys
from typing import Any

import eventlet
import eventlet.wsgi

from deploy.demo import load_demo_once
from deploy.services import SERVICES
from deploy.settings import data_folder, embedded_settings
from deploy.welcome import welcome
from gateway.app import create_app
from services.common.bus import memory
from services.common.bus.runner import start
from services.common.bus.topology import declare_queues
from services.common.config import ConfigError, Settings
from services.common.db import Database
from services.common.logs import set_up_logs
from services.common.migrate import migrate
from services.common.outbox import count_waiting
from services.notify.use_cases.messages import count_due

REQUESTS_AT_ONCE = 64
PATIENCE_SECONDS = 10


def main() -> None:
    folder = data_folder(os.environ)
    try:
        settings = embedded_settings(os.environ)
        listener = eventlet.listen((settings.host, settings.port))
    except ConfigError as error:
        sys.exit(f"kabinet: cannot start: {error}")
    except OSError as error:
        sys.exit(f"kabinet: cannot listen on {settings.host}:{settings.port}: {error.strerror}")
    folder.mkdir(parents=True, exist_ok=True)
    set_up_logs(service="embedded", level=settings.log_level)
    memory.register()
    for service in SERVICES:
        migrate(service, settings.database_url(service))
    demo = load_demo_once(settings, folder)
    declare_queues(settings.amqp_uri, SERVICES.values())
    runner = start(list(SERVICES.values()), settings)
    server = eventlet.spawn(
        eventlet.wsgi.server,
        listener,
        create_app(settings),
        max_size=REQUESTS_AT_ONCE,
        log_output=False,
    )
    _stop_cleanly_on_signals(server)
    _wait_for_first_messages(settings)
    welcome(demo)
    try:
        server.wait()
    except (eventlet.greenlet.GreenletExit, KeyboardInterrupt):
        pass
    runner.stop()
    print("Kabinet has stopped; your data is kept.")


def _wait_for_first_messages(settings: Settings) -> None:
    """Let the demo's own messages pass, so that the welcome is what stays on the screen."""
    booking = Database(settings.database_url("booking"))
    notify = Database(settings.database_url("notify"))
    with eventlet.Timeout(PATIENCE_SECONDS, False):
        while _events_waiting(booking) or _messages_due(notify):
            eventlet.sleep(0.1)
    booking.dispose()
    notify.dispose()


def _events_waiting(booking: Database) -> bool:
    with booking.read() as session:
        return count_waiting(session) > 0


def _messages_due(notify: Database) -> bool:
    with notify.read() as session:
        return count_due(session) > 0


def _stop_cleanly_on_signals(server: Any) -> None:
    def stop(_number: int, _frame: Any) -> None:
        eventlet.spawn_n(server.kill)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


if __name__ == "__main__":
    main()
