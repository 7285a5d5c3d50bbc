"""The kitchen with its bus in memory, and a client in the same process: ``… FOLDER STORY``.

Says in JSON what happened. Run on the same folder again it finds what it has stored.
"""

import deploy.patched  # noqa: F401, I001  (before anything else)

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kombu import Connection
from sqlalchemy import text

from services.common.rpc.client import Caller, RpcClient
from services.common.bus import memory
from services.common.bus.runner import start
from services.common.config import Settings
from services.common.db import Database
from services.common.logs import set_up_logs
from services.common.migrate import migrate
from tests.integration.kitchen import NAME, KitchenService, settings_of_kitchen

CALLER = Caller(request_id="req-1", viewer={"partner_id": 1, "user_id": None})
GOOD = json.dumps({"args": [], "kwargs": {"drink": "tea"}})
BAD: list[tuple[str, dict[str, Any]]] = [
    ("{not json", {}),
    ("[]", {}),
    ("null", {}),
    ('{"args": []}', {}),
    ('{"args": [], "kwargs": {}}', {}),
    (GOOD, {"content_type": "application/x-pickled-herring"}),
    (GOOD, {"headers": {"nameko.call_id_stack": 5, "nameko.viewer": "[" * 100_000}}),
    (GOOD, {"headers": {"nameko.deadline": "nan"}}),
]


def count(database: Database, table: str) -> int:
    with database.read() as session:
        return session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def bad_messages(client: RpcClient, database: Database) -> Any:
    """After each bad message, whether a good call is still answered."""
    lives = []
    for body, properties in BAD:
        with Connection(memory.URI) as connection:
            given = {"content_type": "application/json", "content_encoding": "utf-8", **properties}
            connection.Producer().publish(
                body, exchange="nameko-rpc", routing_key=f"{NAME}.look", **given
            )
        answer = client.call(NAME, "look", {"drink": "tea"}, caller=CALLER)
        lives.append(answer["drink"] == "tea")
    return lives


def boil(client: RpcClient, database: Database) -> Any:
    """Let one more event have its effect; how many there are, and the most effects one had."""
    eventually(lambda: count(database, "outbox WHERE published_at IS NULL") == 0)
    before = count(database, "inbox WHERE handled_at IS NOT NULL")
    client.call(NAME, "boil", {"request": {"drink": "tea"}}, caller=CALLER)
    eventually(lambda: count(database, "inbox WHERE handled_at IS NOT NULL") == before + 1)
    with database.read() as session:
        effects = session.execute(text("SELECT count(*) FROM cups GROUP BY id")).scalars().all()
    return [len(effects), max(effects)]


def fail(client: RpcClient, database: Database) -> Any:
    """Let a handler fail until its event is a dead letter; its attempts and effects."""
    boil_in_vain = {"request": {"drink": "tea"}}
    client.call(NAME, "boil", boil_in_vain, caller=CALLER)
    eventually(lambda: count(database, "inbox WHERE dead_at IS NOT NULL") == 1)
    with database.read() as session:
        attempts = session.scalar(text("SELECT attempts FROM inbox"))
    return [attempts, count(database, "cups")]


def main(folder: Path, story: Callable[[RpcClient, Database], Any]) -> None:
    url = f"sqlite:///{folder}/kitchen.db"
    migrate("auth", url)
    database = Database(url)
    with database.write() as session:
        for table in ("cups", "kettles"):
            session.execute(text(f"CREATE TABLE IF NOT EXISTS {table} (id VARCHAR(64))"))
    set_up_logs(service=NAME, level="ERROR")
    memory.register()
    settings = Settings(
        env="dev",
        amqp_uri=memory.URI,
        embedded=True,
        database_urls={"auth": url},
        inbox_retry_seconds=(0.1, 0.1),
    )
    runner = start([KitchenService], settings_of_kitchen(settings))
    client = RpcClient(memory.URI, timeout_seconds=20)
    told = story(client, database)
    client.close()
    runner.stop()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    stories = {each.__name__: each for each in (bad_messages, boil, fail)}
    main(Path(sys.argv[1]), stories[sys.argv[2]])
