"""Which installation a command is about: the one in the environment, else the embedded one."""

from collections.abc import Mapping
from pathlib import Path

from services.common.bus import memory
from services.common.config import SERVICES, Settings, read_settings

ROOT = Path(__file__).resolve().parent.parent


def data_folder(environ: Mapping[str, str]) -> Path:
    """Where the embedded installation keeps its data: our own ``var``, wherever one stands."""
    return Path(environ.get("KABINET_DATA") or ROOT / "var").resolve()


def settings_from(environ: Mapping[str, str]) -> Settings:
    """The settings of the environment; without a broker in it, those of the embedded mode."""
    if environ.get("AMQP_URI"):
        return read_settings(environ)
    return embedded_settings(environ)


def embedded_settings(environ: Mapping[str, str]) -> Settings:
    """The environment's settings, with the embedded mode's own bus and databases."""
    folder = data_folder(environ)
    own = {
        "AMQP_URI": memory.URI,
        "EMBEDDED": "1",
        **{
            f"{service.upper()}_DATABASE_URL": f"sqlite:///{folder / service}.db"
            for service in SERVICES
        },
    }
    usual = {
        "KABINET_ENV": "dev",
        "LOG_LEVEL": "WARNING",
        "PASSWORD_SIGN_IN": "1",
        "PHOTO_FOLDER": str(folder / "photos"),
        "IMAGE_FOLDER": str(folder / "images"),
    }
    given = {name: value for name, value in environ.items() if value.strip()}
    return read_settings({**usual, **given, **own})
