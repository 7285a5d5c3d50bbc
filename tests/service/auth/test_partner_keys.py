"""Partner keys: made once, known by their hash alone, gone when they are revoked."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.auth.models import PartnerKey, PartnerSecret
from services.auth.service import AuthService
from services.auth.use_cases.partner_keys import (
    create_partner_key,
    list_partner_keys,
    revoke_partner_key,
)
from services.common.db import Database
from services.common.errors import Invalid, NotFound, Unauthenticated
from tests.service.conftest import NOW, NewDatabase, a_worker


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    return new_database("auth")


def digest(key: str) -> str:
    """What the gateway sends instead of the key."""
    return hashlib.sha256(key.encode()).hexdigest()


def make_key(database: Database, title: str = "Web") -> tuple[int, str]:
    with database.write() as session:
        stored, key = create_partner_key(session, title=title, now=NOW)
    return stored.id, key


def verify(database: Database, sent: str) -> Any:
    return a_worker(AuthService, database).identify(partner_digest=sent)["partner"]


def stored_keys(database: Database) -> list[tuple[Any, ...]]:
    with database.read() as session:
        keys = select(PartnerKey.__table__, PartnerSecret.__table__).join(PartnerSecret.__table__)
        return [tuple(row) for row in session.execute(keys)]


def test_a_key_is_verified_by_its_digest(database: Database) -> None:
    (web, key), (till, other) = make_key(database), make_key(database, "Till")
    assert (verify(database, digest(key))["id"], verify(database, digest(other))["id"]) == (
        web,
        till,
    )


def test_only_hashes_are_stored(database: Database) -> None:
    _, key = make_key(database)
    [row] = stored_keys(database)
    assert key not in str(row)
    assert digest(key) in row
    told = [str(value) for value in row if str(value) and str(value) in key]
    assert max(len(text) for text in told) <= 8


def test_every_key_is_new_and_long(database: Database) -> None:
    keys = {make_key(database)[1] for _ in range(10)}
    assert len(keys) == 10
    assert all(len(key) >= 64 and key.isascii() and key.isidentifier() for key in keys)


@pytest.mark.parametrize("unknown", ["0" * 64, "%" * 64, "F" * 64])
def test_what_is_not_the_digest_of_a_key_is_unknown(database: Database, unknown: str) -> None:
    make_key(database)
    with pytest.raises(Unauthenticated) as refusal:
        verify(database, unknown)
    assert refusal.value.code == "partner_key_unknown"


def test_the_digest_is_no_key_itself(database: Database) -> None:
    """Whoever reads the table cannot sign in with what stands there."""
    _, key = make_key(database)
    with pytest.raises(Unauthenticated):
        verify(database, digest(digest(key)))


@pytest.mark.parametrize("wrong", ["", "short", "0" * 65, None, 7])
def test_a_digest_of_a_wrong_shape_is_refused(database: Database, wrong: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        verify(database, wrong)
    assert refusal.value.code == "validation_failed"


def test_keys_are_listed_in_the_order_in_which_they_were_made(database: Database) -> None:
    for title in ("Web", "Till", "App"):
        make_key(database, title)
    with database.read() as session:
        listed = [(key.title, key.created_at) for key in list_partner_keys(session)]
    assert listed == [("Web", NOW), ("Till", NOW), ("App", NOW)]


def test_a_revoked_key_is_unknown_and_the_others_stay(database: Database) -> None:
    (web, key), (_, other) = make_key(database), make_key(database, "Till")
    with database.write() as session:
        revoke_partner_key(session, key_id=web, now=NOW)
    with pytest.raises(Unauthenticated) as refusal:
        verify(database, digest(key))
    assert refusal.value.code == "partner_key_unknown"
    assert verify(database, digest(other))["title"] == "Till"


def test_revoked_twice_is_revoked_the_first_time(database: Database) -> None:
    web, _ = make_key(database)
    for hours in (0, 1):
        with database.write() as session:
            revoked = revoke_partner_key(session, key_id=web, now=NOW + timedelta(hours=hours))
    assert revoked.revoked_at == NOW


def test_what_is_not_there_cannot_be_revoked(database: Database) -> None:
    make_key(database)
    before = stored_keys(database)
    with pytest.raises(NotFound) as refusal, database.write() as session:
        revoke_partner_key(session, key_id=999, now=NOW)
    assert refusal.value.code == "partner_key_not_found"
    assert stored_keys(database) == before
