"""The command line as a program: ``python -m deploy``."""

import signal
import sys

# Whoever changes their mind while all this is imported wants no traceback.
signal.signal(signal.SIGINT, signal.SIG_DFL)

try:
    from deploy.cli import cli
except ModuleNotFoundError as missing:
    if str(missing.name).partition(".")[0] in ("deploy", "gateway", "services"):
        raise
    sys.exit("kabinet: packages are missing; run: make run (or: make .venv)")

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    cli(prog_name="kabinet")
