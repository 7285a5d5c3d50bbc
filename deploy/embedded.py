"""Everything in one process: ``kabinet run``. Needs neither a broker nor a database server.

Four services and the gateway, SQLite files, and a bus in memory. Events that
were committed but not delivered when the last process ended are sent again.
"""

import eventlet

eventlet.monkey_patch()

import os  # noqa: E402  (nothing may be imported before eventlet has patched the world)
import signal  # noqa: E402
import sys  # noqa: E402
from collections.abc import Mapping  # noqa: E402
from typing import Any  # noqa: E402

import eventlet.wsgi  # noqa: E402

from deploy.demo import load_demo_once  # noqa: E402
from deploy.services import SERVICES  # noqa: E402
from deploy.settings import data_folder, embedded_settings  # noqa: E402
from gateway.app import create_app  # noqa: E402
from services.common.bus import memory  # noqa: E402
from services.common.bus.runner import start  # noqa: E402
from services.common.bus.topology import declare_queues  # noqa: E402
from services.common.config import ConfigError  # noqa: E402
from services.common.logs import set_up_logs  # noqa: E402
from services.common.migrate import migrate  # noqa: E402

REQUESTS_AT_ONCE = 64


def main() -> None:
    folder = data_folder(os.environ)
    try:
        settings = embedded_settings(os.environ)
        listener = eventlet.listen((settings.host, settings.port))
    except ConfigError as error:
        sys.exit(f"kabinet: cannot start: {error}")
    except OSError as error:
        sys.exit(f"kabinet: cannot listen on port {os.environ.get('PORT', 8080)}: {error.strerror}")
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
    welcome(demo)
    try:
        server.wait()
    except (eventlet.greenlet.GreenletExit, KeyboardInterrupt):
        pass
    runner.stop()
    print("Kabinet has stopped; your data is kept.")


def _stop_cleanly_on_signals(server: Any) -> None:
    def stop(_number: int, _frame: Any) -> None:
        eventlet.spawn_n(server.kill)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def welcome(demo: Mapping[str, Any]) -> None:
    """Say what to open and what to type."""
    base, key = demo["base_url"], demo["partner_token"]
    location = demo["location_ids"][0]
    print(
        f"""
Kabinet is running with demo data.

  Try the API        {base}/docs
  See the messages   {base}/dev/messages
  Partner key        {key}

  curl -H 'Authorization: Bearer {key}' {base}/api/v1/book_staff/{location}

All of this stands in {demo["file"]}. Ctrl-C stops.
""",
        flush=True,
    )


if __name__ == "__main__":
    main()
