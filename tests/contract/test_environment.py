"""``.env.example`` against the code that reads the environment."""

import re
from pathlib import Path

import pytest

from services.common.config import SERVICES, VARIABLES, Settings, read_settings

ROOT = Path(__file__).resolve().parents[2]
LINES = (ROOT / ".env.example").read_text().splitlines()
EXAMPLE = dict(line.split("=", 1) for line in LINES if line and not line.startswith("#"))
DATABASES = {f"{service.upper()}_DATABASE_URL" for service in SERVICES}
MAY_READ_IT = {
    "deploy/cli.py",
    "deploy/embedded.py",
    "deploy/local",
    "deploy/serve.py",
    "deploy/up_local.py",
    "gateway/gunicorn.conf.py",
    "gateway/wsgi.py",
}


def test_every_variable_is_in_the_example_and_nothing_else() -> None:
    assert set(EXAMPLE) == {variable for variable, _ in VARIABLES.values()} | DATABASES
    assert len(EXAMPLE) == sum(1 for line in LINES if re.match(r"\w+=", line))


def test_the_example_can_be_read_and_means_development() -> None:
    settings = read_settings(EXAMPLE)

    assert settings.is_dev
    assert set(settings.database_urls) == set(SERVICES)


def test_where_the_example_says_what_the_default_is_it_is_right() -> None:
    """All but what describes the surroundings stands in the example as it is by default."""
    surroundings = {"env", "amqp_uri", "public_url", "database_urls"}
    told, default = read_settings(EXAMPLE), Settings(amqp_uri="")

    for name in VARIABLES.keys() - surroundings:
        assert getattr(told, name) == getattr(default, name), name


@pytest.mark.parametrize("folder", ["services", "gateway", "deploy"])
def test_only_starting_points_read_the_environment(folder: str) -> None:
    readers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"os\.(environ|getenv)", path.read_text())
    }

    assert {path for path in readers if not path.startswith(tuple(MAY_READ_IT))} == set()
