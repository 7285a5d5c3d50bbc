"""Runs one service: ``python -m deploy.serve booking``."""

import deploy.patched  # noqa: F401, I001  (before anything else)

import os
import sys

from deploy.services import SERVICES
from services.common.bus.runner import serve
from services.common.config import ConfigError, read_settings
from services.common.logs import set_up_logs


def main(name: str) -> None:
    """Serve until told to stop; a wrong environment ends the start with one line."""
    try:
        settings = read_settings(os.environ)
        settings.database_url(name)
    except ConfigError as error:
        sys.exit(f"kabinet: cannot start {name}: {error}")
    set_up_logs(service=name, level=settings.log_level)
    serve(SERVICES[name], settings)


if __name__ == "__main__":
    main(sys.argv[1])
