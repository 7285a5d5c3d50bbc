"""The gateway under gunicorn, alone."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.ports import free_port
from deploy.local.processes import Process, answers

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def a_gateway(folder: Path, **more: str) -> Iterator[str]:
    """Its base URL. Two processes, in production; no service is there. The log is in the folder."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "AMQP_URI": "amqp://127.0.0.1:9//",
        "PORT": str(port),
        **more,
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "gateway/gunicorn.conf.py"]
    process = Process(
        "gateway",
        [*command, "gateway.wsgi:app"],
        env=env,
        cwd=ROOT,
        log=folder / "gateway.log",
        ready=answers(f"{base_url}/livez"),
    )
    with process:
        yield base_url
