"""A Redis of a test's own, where Debian's redis-server is installed."""

import shutil
from pathlib import Path

import redis

from deploy.local.processes import Process

SERVER = shutil.which("redis-server")


def a_redis(folder: Path, port: int) -> Process:
    def answers() -> bool:
        try:
            with redis.Redis(port=port) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    assert SERVER is not None
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    return Process(
        "Redis", [SERVER, *options], env={}, cwd=folder, log=folder / "redis.log", ready=answers
    )
