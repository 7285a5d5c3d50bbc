"""Runs services in this process until it is told to stop.

The process must have been patched by eventlet before anything else was imported.
"""

import signal
import threading
from contextlib import suppress
from typing import Any

import eventlet
import structlog
from eventlet.greenthread import GreenThread
from nameko.runners import ServiceRunner

from services.common.bus.lifecycle import SETTINGS, STARTED, STOPPING
from services.common.bus.service import Service
from services.common.config import Settings

log = structlog.get_logger(__name__)

FINISHING_SECONDS = 15.0
"""How long work at hand may take after the process was asked to end; supervisors wait longer."""


def serve(service: type[Service], settings: Settings) -> None:
    """Run one service until the process is asked to end, even while it is starting."""
    runner = _runner([service], settings)

    def run() -> None:
        _start(runner)
        runner.wait()

    running = eventlet.spawn(run)
    _stop_on_signals(runner, running)
    with suppress(eventlet.greenlet.GreenletExit):
        running.wait()


def start(services: list[type[Service]], settings: Settings) -> ServiceRunner:
    """Start the services; they are ready when this returns."""
    runner = _runner(services, settings)
    _start(runner)
    return runner


def _runner(services: list[type[Service]], settings: Settings) -> ServiceRunner:
    runner = ServiceRunner(
        {
            "AMQP_URI": settings.amqp_uri,
            "max_workers": settings.max_workers,
            SETTINGS: settings,
            STARTED: threading.Event(),
            STOPPING: threading.Event(),
        }
    )
    for service in services:
        runner.add_service(service)
    return runner


def _start(runner: ServiceRunner) -> None:
    runner.start()
    runner.config[STARTED].set()


def _stop_on_signals(runner: ServiceRunner, running: GreenThread) -> None:
    """When asked to end: be not ready any more, finish what is at work, and leave.

    A service that has not started yet has nothing at work, and nameko cannot
    stop it: it is left as it stands. So is one that does not come to an end,
    because its broker is silent, say: all of it can be killed at any moment.
    """

    def end() -> None:
        try:
            if runner.config[STARTED].is_set() and not _ends_in_time(runner):
                log.warning("not_finished_in_time", seconds=FINISHING_SECONDS)
        finally:
            running.kill()

    def stop(_number: int, _frame: Any) -> None:
        if not runner.config[STOPPING].is_set():
            runner.config[STOPPING].set()
            eventlet.spawn_n(end)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _ends_in_time(runner: ServiceRunner) -> bool:
    patience = eventlet.Timeout(FINISHING_SECONDS)
    try:
        runner.stop()
    except eventlet.Timeout:
        return False
    finally:
        patience.cancel()
    return True
