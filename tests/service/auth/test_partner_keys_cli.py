"""``kabinet partner-keys``, as an operator types it."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from deploy.cli import cli
from services.common.errors import Unauthenticated
from tests.service.auth.conftest import Auth

Kabinet = Callable[..., Result]


@pytest.fixture
def kabinet(auth: Auth) -> Kabinet:
    url = auth.database.engine.url.render_as_string(hide_password=False)
    env = {"AMQP_URI": "amqp://nowhere", "KABINET_ENV": "dev", "AUTH_DATABASE_URL": url}
    return lambda *arguments: CliRunner().invoke(cli, ["partner-keys", *arguments], env=env)


def identify(auth: Auth, key: str, *, after: float = 0) -> Any:
    digest = hashlib.sha256(key.encode()).hexdigest()
    return auth.worker(after).identify(partner_digest=digest)["partner"]


def test_a_key_is_made_limited_rotated_and_revoked(auth: Auth, kabinet: Kabinet) -> None:
    made = kabinet("create", "Widget", "--scope", "booking", "--business-id", "7")
    line, key = made.output.splitlines()
    assert line == "1\tWidget"
    told = identify(auth, key)
    assert (told["scopes"], told["business_ids"]) == (["booking"], [7])

    assert kabinet("limit", "1", "--rate-per-minute", "90").output == "key 1 is changed\n"
    assert kabinet("limit", "1", "--every-business").exit_code == 0
    told = identify(auth, key)
    assert (told["scopes"], told["business_ids"]) == (["booking"], None)
    assert told["rate_per_minute"] == 90
    assert kabinet("limit", "1", "--usual-rate").exit_code == 0
    assert identify(auth, key)["rate_per_minute"] is None

    new = kabinet("rotate", "1", "--overlap-hours", "0").output.strip()
    assert identify(auth, new)["id"] == 1
    listed = kabinet("list").output
    assert "\tvalid\tbooking\tbusinesses all\t-/s -/min\tWidget" in listed
    assert key not in listed + kabinet("list").output
    assert new not in listed

    assert kabinet("revoke", "1").output == "key 1 is revoked\n"
    with pytest.raises(Unauthenticated):
        identify(auth, new)
    assert "\trevoked 20" in kabinet("list").output


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("limit", "1"), "kabinet: say what to change\n"),
        (("limit", "77", "--usual-rate"), "kabinet: partner key not found\n"),
        (("rotate", "77"), "kabinet: partner key not found\n"),
        (("revoke", "77"), "kabinet: partner key not found\n"),
        (("create", " "), "kabinet: title missing\n"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    kabinet: Kabinet, arguments: tuple[str, ...], line: str
) -> None:
    told = kabinet(*arguments)
    assert (told.exit_code, told.output) == (1, line)


def test_a_scope_that_there_is_not_is_refused(kabinet: Kabinet) -> None:
    assert kabinet("create", "Widget", "--scope", "everything").exit_code == 2
