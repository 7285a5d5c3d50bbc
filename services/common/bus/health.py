"""Liveness and readiness on a port of their own, outside the pool of workers.

Ten busy workers must not make a service look dead.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

import eventlet
import eventlet.wsgi
from kombu import Connection
from sqlalchemy import text

from services.common.db import Database


def serve_health(
    host: str,
    port: int,
    database: Database,
    amqp_uri: str,
    *,
    is_started: Callable[[], bool],
    is_stopping: Callable[[], bool],
) -> None:
    """Answer GET /livez and /readyz until the process ends."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        problems: list[str] = []
        if environ["PATH_INFO"] == "/readyz":
            problems = [
                *([] if is_started() else ["starting"]),
                *(["stopping"] if is_stopping() else []),
                *find_problems(database, amqp_uri),
            ]
        elif environ["PATH_INFO"] != "/livez":
            start_response("404 Not Found", [("Content-Type", "application/json")])
            return [b"{}"]
        status = "503 Service Unavailable" if problems else "200 OK"
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps({"ok": not problems, "problems": problems}).encode()]

    eventlet.wsgi.server(eventlet.listen((host, port)), application, log_output=False)


def find_problems(database: Database, amqp_uri: str) -> list[str]:
    """Which of the things that this process needs do not answer."""
    problems = []
    try:
        with database.read(seconds_left=2) as session:
            session.execute(text("SELECT 1"))
    except Exception as error:
        problems.append(f"database: {type(error).__name__}")
    try:
        with Connection(amqp_uri, connect_timeout=2) as connection:
            connection.connect()
    except Exception as error:
        problems.append(f"broker: {type(error).__name__}")
    return problems
