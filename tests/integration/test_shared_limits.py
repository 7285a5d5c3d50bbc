"""The gateway under gunicorn: its processes share what they have counted, when they can."""

from pathlib import Path

import pytest
import requests

from deploy.local.ports import free_port
from tests.a_gateway import a_gateway
from tests.a_redis import SERVER, a_redis

RATE = 5
ASKED = 30
LIMITED = {"RATE_PER_ADDRESS": f"{RATE}/day"}


def let_through(base_url: str) -> int:
    """Of so many requests, each on a connection of its own so that both processes get some."""
    statuses = [requests.get(f"{base_url}/nowhere", timeout=30).status_code for _ in range(ASKED)]
    assert set(statuses) == {404, 429}
    return statuses.count(404)


@pytest.mark.skipif(SERVER is None, reason="there is no redis-server here")
def test_two_processes_with_redis_let_through_what_one_would(tmp_path: Path) -> None:
    port = free_port()
    redis_url = f"redis://127.0.0.1:{port}/0"
    with a_redis(tmp_path, port), a_gateway(tmp_path, REDIS_URL=redis_url, **LIMITED) as base_url:
        assert let_through(base_url) == RATE


def test_without_redis_each_counts_for_itself(tmp_path: Path) -> None:
    with a_gateway(tmp_path, **LIMITED) as base_url:
        assert RATE <= let_through(base_url) <= 2 * RATE


def test_with_a_redis_that_is_away_they_go_on_and_say_so(tmp_path: Path) -> None:
    with a_gateway(tmp_path, REDIS_URL="redis://127.0.0.1:9/0", **LIMITED) as base_url:
        assert RATE <= let_through(base_url) <= 2 * RATE
        log = (tmp_path / "gateway.log").read_text()
    assert 1 <= log.count("rate_limits_not_shared") <= 2
