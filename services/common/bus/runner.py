"""Runs services in this process until it is told to stop.

The process must have been patched by eventlet before anything else was imported.
"""

import signal
import threading
from typing import Any

import eventlet
from nameko.runners import ServiceRunner

from services.common.bus.lifecycle import SETTINGS, STOPPING
from services.common.bus.service import Service
from services.common.config import Settings


def serve(service: type[Service], settings: Settings) -> None:
    """Run one service until the process is asked to end, even while it is starting."""
    runner = _runner([service], settings)
    stop_on_signals(runner)
    runner.start()
    runner.wait()


def start(services: list[type[Service]], settings: Settings) -> ServiceRunner:
    """Start the services; they are ready when this returns."""
    runner = _runner(services, settings)
    runner.start()
    return runner


def _runner(services: list[type[Service]], settings: Settings) -> ServiceRunner:
    runner = ServiceRunner(
        {
            "AMQP_URI": settings.amqp_uri,
            "max_workers": settings.max_workers,
            SETTINGS: settings,
            STOPPING: threading.Event(),
        }
    )
    for service in services:
        runner.add_service(service)
    return runner


def stop_on_signals(runner: ServiceRunner) -> None:
    """When asked to end: be not ready any more, finish what is at work, and leave."""

    def stop(_number: int, _frame: Any) -> None:
        runner.config[STOPPING].set()
        eventlet.spawn_n(runner.stop)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
