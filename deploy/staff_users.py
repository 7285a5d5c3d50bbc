"""``kabinet staff-users``: who signs in with login and password to work for a business."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from services.common.db import Database
from services.common.errors import Refusal
from services.common.rights import Right

OpenDatabase = Callable[[str], AbstractContextManager[Database]]

ROLES = click.Choice(("owner", "administrator", "staff"))
ID = click.IntRange(min=1)


@click.group("staff-users")
def staff_users() -> None:
    """Who signs in with login and password to work for a business."""


@staff_users.command("create")
@click.argument("login")
@click.option("--name", required=True)
@click.option("--business-id", required=True, type=ID)
@click.option("--role", type=ROLES, default="owner", show_default=True)
@click.option("--location-id", "location_ids", type=ID, multiple=True)
@click.pass_obj
def create_user(
    open_database: OpenDatabase,
    login: str,
    name: str,
    business_id: int,
    role: str,
    location_ids: tuple[int, ...],
) -> None:
    """Make a user of the staff, for the locations named or for all of the business.

    The password, of 10 characters or more, is asked for, or is the first line of what
    is piped in.
    """
    from services.auth.use_cases.staff import create_staff_user
    from services.common.rights import Role

    password = _password()
    with _writing(open_database) as session:
        made = create_staff_user(
            session,
            login=login,
            password=password,
            name=name,
            business_id=business_id,
            role=Role(role),
            location_ids=list(location_ids) or None,
            now=datetime.now(UTC),
        )
        click.echo(f"{made.user_id}\t{made.login}\t{role}")


@staff_users.command("list")
@click.pass_obj
def list_users(open_database: OpenDatabase) -> None:
    """One line for each place where a user may do something."""
    from services.auth.use_cases.rights import rights_by_user
    from services.auth.use_cases.staff import list_staff_users

    with open_database("auth") as database, database.read() as session:
        listed = list_staff_users(session)
        rights = rights_by_user(session, [user.id for _, user in listed])
        for staff, user in listed:
            state = "valid" if staff.revoked_at is None else f"revoked {staff.revoked_at:%Y-%m-%d}"
            told: list[Right | None] = [*rights[user.id]]
            for right in told or [None]:
                click.echo(f"{user.id}\t{staff.login}\t{state}\t{_told(right)}\t{user.name}")


@staff_users.command("grant")
@click.argument("login")
@click.option("--business-id", required=True, type=ID)
@click.option("--role", type=ROLES, required=True)
@click.option("--location-id", type=ID, help="At this location alone.")
@click.pass_obj
def grant(
    open_database: OpenDatabase,
    login: str,
    business_id: int,
    role: str,
    location_id: int | None,
) -> None:
    """Give a user another right, for example to a business that has lost its owner."""
    from services.auth.use_cases.rights import give_right
    from services.auth.use_cases.staff import find_staff_user
    from services.common.rights import Role

    with _writing(open_database) as session:
        give_right(
            session,
            user_id=find_staff_user(session, login).user_id,
            business_id=business_id,
            location_id=location_id,
            role=Role(role),
            now=datetime.now(UTC),
        )
    click.echo(f"{login}: {role} of business {business_id}")


@staff_users.command("password")
@click.argument("login")
@click.pass_obj
def change_user_password(open_database: OpenDatabase, login: str) -> None:
    """Give a user another password; whoever is signed in as them is signed out."""
    from services.auth.use_cases.staff import change_password

    password = _password()
    with _writing(open_database) as session:
        change_password(session, login=login, password=password, now=datetime.now(UTC))
    click.echo(f"{login} has a new password")


@staff_users.command("second-factor")
@click.argument("login")
@click.option("--sms", "phone", help="Ask for a code sent to this phone, with its country code.")
@click.option("--email", help="Ask for a code sent to this address.")
@click.option("--off", is_flag=True, help="Let the password be enough.")
@click.pass_obj
def set_second_factor(
    open_database: OpenDatabase, login: str, phone: str | None, email: str | None, off: bool
) -> None:
    """Say whether a code is asked for after the password, and where it goes."""
    from services.auth.models import Medium
    from services.auth.use_cases import staff
    from services.common.emails import normal_email
    from services.common.phones import normal_phone

    if [phone is not None, email is not None, off].count(True) != 1:
        sys.exit("kabinet: say one of --sms, --email and --off")
    with _writing(open_database) as session:
        if phone is not None:
            number = normal_phone(phone, None)
            staff.set_second_factor(session, login=login, medium=Medium.SMS, recipient=number)
        elif email is not None:
            address = normal_email(email)
            staff.set_second_factor(session, login=login, medium=Medium.EMAIL, recipient=address)
        else:
            staff.set_second_factor(session, login=login, medium=None)
    click.echo(f"{login}: {'the password is enough' if off else 'a code is asked for'}")


@staff_users.command("revoke")
@click.argument("login")
@click.pass_obj
def revoke_user(open_database: OpenDatabase, login: str) -> None:
    """Sign a user out for good; the gateways notice within a second."""
    from services.auth.use_cases.staff import revoke_staff_user

    with _writing(open_database) as session:
        revoke_staff_user(session, login=login, now=datetime.now(UTC))
    click.echo(f"{login} is revoked")


def _told(right: Right | None) -> str:
    if right is None:
        return "-\tnowhere"
    location_id = right["location_id"]
    where = "all locations" if location_id is None else f"location {location_id}"
    return f"{right['role']}\tbusiness {right['business_id']}, {where}"


@contextmanager
def _writing(open_database: OpenDatabase) -> Iterator[Session]:
    """One transaction in auth's database; a refusal ends the command with one line."""
    try:
        with open_database("auth") as database, database.write() as session:
            yield session
    except Refusal as refusal:
        sys.exit(f"kabinet: {refusal.code.replace('_', ' ')}")


def _password() -> str:
    """Asked for twice, or the first line of what is piped in."""
    if _is_terminal():
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return password
    return sys.stdin.readline().rstrip("\r\n")


def _is_terminal() -> bool:
    return sys.stdin.isatty()
