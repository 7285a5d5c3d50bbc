"""``kabinet staff-users``, as an operator types it."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from deploy import staff_users
from deploy.cli import cli
from services.common.migrate import migrate
from tests.service.auth.conftest import Auth

PASSWORD = "correct horse battery"

Kabinet = Callable[..., Result]


@pytest.fixture
def kabinet(auth: Auth, tmp_path: Path) -> Kabinet:
    """``kabinet("list", typed="…")``: what the command says in the fixture's installation."""
    url = auth.database.engine.url.render_as_string(hide_password=False)
    env = {"AMQP_URI": "amqp://nowhere", "KABINET_ENV": "dev", "AUTH_DATABASE_URL": url}

    def run(*arguments: str, typed: str = "", **more: str) -> Result:
        return CliRunner().invoke(cli, ["staff-users", *arguments], input=typed, env=env | more)

    return run


def create(kabinet: Kabinet, *more: str, typed: str = PASSWORD + "\n") -> Result:
    options = ("--name", "Olga", "--business-id", "7")
    return kabinet("create", "Owner@example.com", *options, *more, typed=typed)


def test_a_created_owner_can_sign_in(auth: Auth, kabinet: Kabinet) -> None:
    made = create(kabinet)

    assert (made.exit_code, made.output) == (0, "1\towner@example.com\towner\n")
    assert auth.staff_sign_in(PASSWORD)["user"]["name"] == "Olga"
    assert kabinet("list").output.split("\t")[3:5] == ["owner", "business 7, all locations"]


def test_a_role_and_locations_can_be_named(auth: Auth, kabinet: Kabinet) -> None:
    create(kabinet, "--role", "staff", "--location-id", "3", "--location-id", "4")

    listed = [line.split("\t")[3:5] for line in kabinet("list").output.splitlines()]
    assert listed == [["staff", "business 7, location 3"], ["staff", "business 7, location 4"]]


def test_the_password_is_asked_for_on_a_terminal(
    auth: Auth, kabinet: Kabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff_users, "_is_terminal", lambda: True)
    made = create(kabinet, typed=f"{PASSWORD}\n{PASSWORD}\n")

    assert made.exit_code == 0
    assert PASSWORD not in made.output
    assert auth.staff_sign_in(PASSWORD)["token"]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("short\n", "kabinet: password too short\n"),
        ("", "kabinet: password too short\n"),
        ("owner@example.com\n", "kabinet: password too simple\n"),
    ],
)
def test_a_poor_password_is_refused_in_one_line(
    auth: Auth, kabinet: Kabinet, typed: str, line: str
) -> None:
    made = create(kabinet, typed=typed)

    assert (made.exit_code, made.output) == (1, line)
    assert auth.count("staff_users") == 0


def test_a_taken_login_is_refused_in_one_line(kabinet: Kabinet) -> None:
    create(kabinet)
    again = create(kabinet)

    assert (again.exit_code, again.output) == (1, "kabinet: login taken\n")


def test_a_role_that_there_is_not_is_refused(auth: Auth, kabinet: Kabinet) -> None:
    assert create(kabinet, "--role", "king").exit_code == click.UsageError.exit_code
    assert auth.count("staff_users") == 0


def test_users_are_listed_and_revoked(auth: Auth, kabinet: Kabinet) -> None:
    create(kabinet)
    assert kabinet("list").output == (
        "1\towner@example.com\tvalid\towner\tbusiness 7, all locations\tOlga\n"
    )

    assert kabinet("revoke", "owner@example.com").output == "owner@example.com is revoked\n"
    assert "\trevoked 20" in kabinet("list").output
    nobody = kabinet("revoke", "nobody")
    assert (nobody.exit_code, nobody.output) == (1, "kabinet: staff user not found\n")


def test_a_password_can_be_replaced(auth: Auth, kabinet: Kabinet) -> None:
    create(kabinet)
    changed = kabinet("password", "owner@example.com", typed="another fine one\n")

    assert changed.output == "owner@example.com has a new password\n"
    assert auth.staff_sign_in("another fine one")["token"]


def test_without_a_configuration_it_is_the_embedded_installation(
    kabinet: Kabinet, tmp_path: Path
) -> None:
    migrate("auth", f"sqlite:///{tmp_path}/auth.db")
    here = {"AMQP_URI": "", "KABINET_DATA": str(tmp_path), "KABINET_ENV": ""}

    assert kabinet("list", **here).output == ""
    assert kabinet("list", **here).exit_code == 0


def test_a_second_factor_is_switched_on_and_off(auth: Auth, kabinet: Kabinet) -> None:
    create(kabinet)
    login = "owner@example.com"
    told = kabinet("second-factor", login, "--sms", "+33612345678")
    assert told.output == f"{login}: a code is asked for\n"
    assert "challenge" in auth.staff_sign_in(PASSWORD)
    assert kabinet("second-factor", login, "--off").exit_code == 0
    assert "token" in auth.staff_sign_in(PASSWORD)
    assert kabinet("second-factor", login).exit_code == 1
    assert kabinet("second-factor", "nobody", "--off").output == "kabinet: staff user not found\n"


def test_a_right_is_given_to_who_has_an_account(auth: Auth, kabinet: Kabinet) -> None:
    create(kabinet, "--role", "staff", "--location-id", "3")
    given = kabinet("grant", "owner@example.com", "--business-id", "9", "--role", "owner")
    assert given.output == "owner@example.com: owner of business 9\n"
    listed = [line.split("\t")[3:5] for line in kabinet("list").output.splitlines()]
    assert listed == [["staff", "business 7, location 3"], ["owner", "business 9, all locations"]]
    wish = ("--business-id", "9", "--role", "owner", "--location-id", "3")
    refused = kabinet("grant", "owner@example.com", *wish)
    assert (refused.exit_code, refused.output) == (1, "kabinet: owner of a location\n")
