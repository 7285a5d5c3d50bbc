"""Partner keys: made once, known by their hash alone, gone when they are revoked."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.auth.models import PartnerKey, PartnerSecret
from services.auth.service import AuthService
from services.auth.use_cases.partner_keys import (
    change_partner_key,
    create_partner_key,
    list_partner_keys,
    revoke_partner_key,
    rotate_partner_key,
)
from services.common.db import Database
from services.common.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from tests.callers import a_right
from tests.service.conftest import NOW, NewDatabase, a_worker, at_once


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


def test_a_key_is_limited_to_businesses_uses_and_rates(database: Database) -> None:
    with database.write() as session:
        stored, key = create_partner_key(
            session,
            title=" Till  2 ",
            business_ids=[9, 7, 9],
            scopes=["staff", "booking"],
            rate_per_second=2,
            rate_per_minute=60,
            now=NOW,
        )
    assert verify(database, digest(key)) == {
        "id": stored.id,
        "title": "Till 2",
        "business_ids": [7, 9],
        "scopes": ["booking", "staff"],
        "rate_per_second": 2,
        "rate_per_minute": 60,
    }
    with database.write() as session:
        change_partner_key(session, key_id=stored.id, scopes=["client"], rate_per_second=None)
    told = verify(database, digest(key))
    assert (told["scopes"], told["rate_per_second"], told["title"]) == (["client"], None, "Till 2")


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"title": "  "}, "title_missing"),
        ({"scopes": []}, "scopes_missing"),
        ({"scopes": ["everything"]}, "scopes_missing"),
        ({"business_ids": []}, "field_invalid"),
    ],
)
def test_a_key_for_nothing_is_refused(database: Database, wish: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refusal, database.write() as session:
        create_partner_key(session, **{"title": "Web", "now": NOW, **wish})
    assert refusal.value.code == code
    assert stored_keys(database) == []


def rotate(database: Database, key_id: int, *, at: datetime = NOW, hours: float = 24) -> str:
    with database.write() as session:
        _, secret = rotate_partner_key(
            session, key_id=key_id, overlap=timedelta(hours=hours), now=at
        )
    return secret


def is_known(database: Database, secret: str, after: timedelta) -> bool:
    worker = a_worker(AuthService, database, now=NOW + after)
    try:
        worker.identify(partner_digest=digest(secret))
    except Unauthenticated:
        return False
    return True


def test_a_replaced_secret_is_good_until_the_overlap_ends(database: Database) -> None:
    key_id, old = make_key(database)
    new = rotate(database, key_id)
    day = timedelta(days=1)
    assert [is_known(database, one, day - timedelta(seconds=1)) for one in (old, new)] == [True] * 2
    assert [is_known(database, one, day) for one in (old, new)] == [False, True]
    assert verify(database, digest(new))["id"] == key_id


def test_a_secret_that_ends_is_not_kept_by_another_rotation(database: Database) -> None:
    key_id, first = make_key(database)
    rotate(database, key_id, hours=1)
    later = timedelta(minutes=50)
    newest = rotate(database, key_id, at=NOW + later, hours=24)
    assert is_known(database, first, later)
    assert not is_known(database, first, timedelta(hours=1))
    assert is_known(database, newest, timedelta(days=99))


def test_without_an_overlap_the_old_secret_is_dead_at_once(database: Database) -> None:
    key_id, old = make_key(database)
    new = rotate(database, key_id, hours=0)
    assert not is_known(database, old, timedelta())
    assert is_known(database, new, timedelta())


def test_a_revoked_key_is_dead_with_all_its_secrets_and_stays_so(database: Database) -> None:
    key_id, old = make_key(database)
    new = rotate(database, key_id)
    with database.write() as session:
        revoke_partner_key(session, key_id=key_id, now=NOW)
    assert not is_known(database, old, timedelta())
    assert not is_known(database, new, timedelta())
    with pytest.raises(Conflict) as refusal:
        rotate(database, key_id)
    assert refusal.value.code == "partner_key_revoked"


def test_of_many_rotations_at_once_each_secret_is_good_for_the_overlap(database: Database) -> None:
    key_id, old = make_key(database)
    secrets = at_once([lambda: rotate(database, key_id)] * 6)
    assert len(set(secrets)) == 6
    assert all(is_known(database, one, timedelta(hours=23)) for one in [old, *secrets])
    assert [is_known(database, one, timedelta(hours=24)) for one in secrets].count(True) == 1


OWNER: dict[str, Any] = {"user_id": 5, "kind": "staff", "rights": [a_right("owner")]}


def owner_does(database: Database, method: str, viewer: Any = OWNER, **request: Any) -> Any:
    worker = a_worker(AuthService, database, viewer=viewer)
    return getattr(worker, method)(request={"business_id": 7, **request})


def owner_lists(database: Database) -> Any:
    return a_worker(AuthService, database, viewer=OWNER).list_partner_keys(business_id=7)["keys"]


def test_an_owner_makes_keys_for_their_business_alone(database: Database) -> None:
    made = owner_does(
        database, "create_partner_key", title="Widget", scopes=["booking"], rate_per_minute=100
    )
    told = verify(database, digest(made["secret"]))
    assert (told["business_ids"], told["scopes"], told["rate_per_minute"]) == (
        [7],
        ["booking"],
        100,
    )
    [listed] = owner_lists(database)
    assert listed == made["key"]
    assert made["secret"] not in str(listed)
    assert digest(made["secret"]) not in str(listed)


def test_an_owner_sees_and_changes_no_key_that_is_for_others_too(database: Database) -> None:
    make_key(database)
    with database.write() as session:
        create_partner_key(session, title="Both", business_ids=[7, 8], now=NOW)
        create_partner_key(session, title="Other", business_ids=[8], now=NOW)
    assert owner_lists(database) == []
    before = stored_keys(database)
    for key_id in (1, 2, 3):
        for method in ("change_partner_key", "rotate_partner_key", "revoke_partner_key"):
            with pytest.raises(NotFound):
                owner_does(database, method, key_id=key_id)
    assert stored_keys(database) == before


def test_an_owner_limits_rotates_and_revokes(database: Database) -> None:
    made = owner_does(database, "create_partner_key", title="Widget")
    key_id = made["key"]["id"]
    changed = owner_does(database, "change_partner_key", key_id=key_id, scopes=["client"])
    assert (changed["scopes"], changed["title"]) == (["client"], "Widget")
    rotated = owner_does(database, "rotate_partner_key", key_id=key_id, overlap_seconds=0)
    assert not is_known(database, made["secret"], timedelta())
    assert verify(database, digest(rotated["secret"]))["id"] == key_id
    owner_does(database, "revoke_partner_key", key_id=key_id)
    assert not is_known(database, rotated["secret"], timedelta())


@pytest.mark.parametrize(
    "rights",
    [[], [a_right("administrator")], [a_right("owner", business_id=8)]],
    ids=["none", "administrator", "owner of another"],
)
def test_nobody_else_manages_keys(database: Database, rights: list[Any]) -> None:
    viewer = OWNER | {"rights": rights}
    with pytest.raises(Forbidden):
        owner_does(database, "create_partner_key", viewer, title="Widget")
    assert stored_keys(database) == []
