"""Waiting for what happens a moment later, and not waiting for what happens much later."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from services.common.engines import make_engine
from tests.installations import Installation


def wait_for(ask: Callable[[], Any], patience: float = 20) -> Any:
    """The first true answer to ``ask``."""
    deadline = time.monotonic() + patience
    while not (answer := ask()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return answer


def change(installation: Installation, statement: str, **values: Any) -> None:
    """Make auth's database believe that time has passed."""
    engine = make_engine(installation.database_urls["auth"])
    with engine.begin() as connection:
        connection.execute(text(statement), values)
    engine.dispose()


def a_minute_passes(installation: Installation) -> None:
    """Nothing was asked for too recently any more."""
    change(installation, "DELETE FROM throttles")
