"""Who may call the demo's API, and who signs in to run its chain."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from services.auth.use_cases.partner_keys import create_partner_key
from services.auth.use_cases.staff import change_password, create_staff_user, list_staff_users
from services.common.config import Settings
from services.common.db import Database
from services.common.rights import Role

OWNER_LOGIN = "owner@example.com"


def make_partner_key(settings: Settings) -> str:
    with _auth(settings) as session:
        return create_partner_key(session, title="Demo", now=datetime.now(UTC))[1]


def owner_of(settings: Settings, business_id: int, known: Mapping[str, Any]) -> dict[str, str]:
    """Login and password of the chain's owner; a new password when the last one is not known."""
    if known.get("login"):
        return dict(known)
    now, password = datetime.now(UTC), secrets.token_urlsafe(12)
    with _auth(settings) as session:
        if any(staff.login == OWNER_LOGIN for staff, _ in list_staff_users(session)):
            change_password(session, login=OWNER_LOGIN, password=password, now=now)
        else:
            create_staff_user(
                session,
                login=OWNER_LOGIN,
                password=password,
                name="Camille Laurent",
                business_id=business_id,
                role=Role.OWNER,
                now=now,
            )
    return {"login": OWNER_LOGIN, "password": password}


@contextmanager
def _auth(settings: Settings) -> Iterator[Session]:
    """One transaction in auth's database."""
    database = Database(settings.database_url("auth"), service="auth")
    try:
        with database.write() as session:
            yield session
    finally:
        database.dispose()
