"""``kabinet codes``, as an operator types it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from deploy.cli import cli
from services.common.errors import TooManyAttempts
from tests.service.auth.conftest import Auth
from tests.service.conftest import NOW


@pytest.fixture
def kabinet(auth: Auth) -> Callable[..., str]:
    url = auth.database.engine.url.render_as_string(hide_password=False)
    env = {"AMQP_URI": "amqp://nowhere", "KABINET_ENV": "dev", "AUTH_DATABASE_URL": url}

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(cli, ["codes", *arguments], env=env)
        assert done.exit_code == 0, done.output
        return done.output

    return run


@pytest.fixture
def today() -> float:
    return (datetime.now(UTC) - NOW).total_seconds()


def test_what_was_decided_is_shown_without_numbers(
    auth: Auth, kabinet: Callable[..., str], today: float
) -> None:
    auth.settings = {"env": "production", "codes_unused_per_prefix": 1}
    auth.request_code("+33612000001", after=today, business_id=7)
    with pytest.raises(TooManyAttempts):
        auth.request_code("+33612000002", after=today)
    auth.request_code("+447900000001", after=today - 3 * 86_400)

    lines = [line.split("\t")[1:] for line in kabinet("report").splitlines()]
    assert lines == [
        ["no business", "+3361", "prefix", "1"],
        ["business 7", "+3361", "sent", "1"],
    ]
    assert len(kabinet("report", "--hours", "100").splitlines()) == 3


def test_paused_destinations_are_shown_until_a_code_is_used_there(
    auth: Auth, kabinet: Callable[..., str], today: float
) -> None:
    auth.settings = {"env": "production", "codes_unused_per_prefix": 1}
    code = auth.get_code("+33612000001", after=today)
    assert kabinet("destinations").startswith("+3361\tuntil ")

    auth.prove(code, "+33612000001", after=today)
    assert kabinet("destinations") == ""
