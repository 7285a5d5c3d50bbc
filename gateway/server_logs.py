"""gunicorn's own messages, as the lines that everything else writes: JSON, and nothing secret.

Its handlers are taken away, so that what it says goes where all logs go. Paths hold
hashes that open appointments, and queries hold phones: of a request that could not be
read or answered, neither is quoted.
"""

import logging
import re
from typing import Any

import gunicorn.glogging

QUOTED = re.compile(r"""(["'])(?:\\.|(?!\1).)*\1""")


class Logger(gunicorn.glogging.Logger):
    """What gunicorn logs with. There is no access log."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.setLevel(logging.NOTSET)
        self.error_log.propagate = True

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Of a request that makes no sense the message quotes the line."""
        super().warning(QUOTED.sub("[quoted]", str(msg)), *args, **kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Of a request that was not answered the message names the address."""
        told = ["[path]" if str(one).startswith("/") else one for one in args]
        super().exception(msg, *told, **kwargs)
