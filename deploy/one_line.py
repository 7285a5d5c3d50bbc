"""Why a command cannot do its work, in one line: what it needs is not to be reached."""

import sys
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from services.common.config import Settings
from services.common.engines import make_engine


def check_data(settings: Settings, service: str, folder: Path) -> None:
    """End the command when it is about the embedded installation, and there is none yet."""
    if settings.embedded and not _is_file(settings.database_url(service)):
        seen = _as_seen_from_here(folder)
        sys.exit(f"kabinet: there is no data in {seen}; run 'make run' first, or set KABINET_DATA")


def reason_of(error: BaseException) -> str:
    """The words of a driver that matter: ``connection refused``."""
    text = (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
    reason = text.splitlines()[0].rpartition(" failed: ")[2].removeprefix("FATAL:").strip()
    return reason[:1].lower() + reason[1:]


def problem_of_databases(settings: Settings) -> str | None:
    """The first database that cannot be worked with, and why."""
    for service, url in settings.database_urls.items():
        engine = make_engine(url)
        try:
            if not inspect(engine).has_table("alembic_version"):
                return f"the database of {service} is empty; run: ./kabinet migrate"
        except DBAPIError as error:
            return f"cannot reach the database of {service}: {reason_of(error.orig or error)}"
        finally:
            engine.dispose()
    return None


def _is_file(url: str) -> bool:
    return Path(make_url(url).database or "").is_file()


def _as_seen_from_here(folder: Path) -> str:
    here = Path.cwd()
    return f"./{folder.relative_to(here)}" if folder.is_relative_to(here) else str(folder)
