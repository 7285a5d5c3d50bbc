"""``kabinet up-local``: the real mode on this machine, on servers it starts itself."""

import json
import os
import signal
import sys
import threading
from typing import Any

from deploy.local.cluster import LocalCluster
from deploy.local.processes import ProcessFailed
from deploy.local.programs import ProgramMissing
from deploy.settings import data_folder
from deploy.welcome import welcome


def main() -> None:
    folder = data_folder(os.environ) / "local"
    own = {name: os.environ[name] for name in ("LOG_LEVEL",) if name in os.environ}
    ended = threading.Event()

    def end(_number: int, _frame: Any) -> None:
        ended.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    print("Starting RabbitMQ, PostgreSQL, four services and the gateway …", flush=True)
    try:
        with LocalCluster(folder, port=int(os.environ.get("PORT", "8080")), env=own) as cluster:
            demo = json.loads(cluster.kabinet("demo"))
            welcome(demo, f"Logs stand in {folder / 'logs'}.")
            ended.wait()
            print("Stopping …", flush=True)
    except (ProcessFailed, ProgramMissing) as error:
        sys.exit(f"kabinet: {error}")
    print("Kabinet has stopped; your data is kept.")


if __name__ == "__main__":
    main()
