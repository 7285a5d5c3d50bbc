"""gunicorn's configuration: two processes of eight threads, nothing that opens a door."""

import os
import sys
from pathlib import Path

import gunicorn.http.wsgi

from gateway.server_logs import Logger
from services.common.config import ConfigError, read_settings
from services.common.logs import set_up_logs

try:
    settings = read_settings(os.environ)
except ConfigError as error:
    sys.exit(f"kabinet gateway: {error}")

set_up_logs(service="gateway", level=settings.log_level)

# No Server header says what we run on; gunicorn has no setting for it.
_default_headers = gunicorn.http.wsgi.Response.default_headers


def _without_server(response: gunicorn.http.wsgi.Response) -> list[str]:
    return [line for line in _default_headers(response) if not line.startswith("Server:")]


gunicorn.http.wsgi.Response.default_headers = _without_server

bind = f"{settings.host}:{settings.port}"
worker_class = "gthread"
workers = 2
threads = 8
control_socket_disable = True
# Heartbeat files on a disk can stall a worker until it is taken for dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
timeout = 30
graceful_timeout = 20
keepalive = 5
# Paths hold hashes that open appointments: no access log.
accesslog = None
logger_class = Logger
