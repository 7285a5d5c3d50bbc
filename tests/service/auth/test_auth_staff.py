"""Staff sign in with login and password; nobody learns from a refusal which logins exist."""

import hashlib
from typing import Any

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from sqlalchemy import select

from services.auth.models import StaffUser, UserSession
from services.auth.use_cases import hashes
from services.auth.use_cases.partner_keys import create_partner_key
from services.auth.use_cases.rights import rights_by_user
from services.auth.use_cases.staff import (
    change_password,
    create_staff_user,
    list_staff_users,
    revoke_staff_user,
)
from services.common.errors import Conflict, Invalid, NotFound, TooManyAttempts, Unauthenticated
from services.common.rights import Role
from tests.callers import a_right
from tests.service.auth.conftest import MINUTES, PASSWORD, PHONE, Auth, refused
from tests.service.conftest import NOW

LOGIN = "owner@example.com"


def identify(auth: Auth, token: str) -> Any:
    """Who the token is, with a new partner key."""
    with auth.database.write() as session:
        _, key = create_partner_key(session, title="Web", now=NOW)
    digests = [hashlib.sha256(one.encode()).hexdigest() for one in (key, token)]
    return auth.worker().identify(partner_digest=digests[0], user_digest=digests[1])["user"]


def fail(auth: Auth, *, after: float = 0, login: str = LOGIN) -> None:
    with refused("password_incorrect", Unauthenticated):
        auth.staff_sign_in("wrong password", login, after=after)


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that argon2 has looked at."""
    seen: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Any:
            seen.append(str(hash))
            return super().verify(hash, password)

    watched = Watched(time_cost=3, memory_cost=12_288, parallelism=1)
    monkeypatch.setattr(hashes, "_hasher", watched)
    return seen


def test_login_and_password_open_what_the_role_allows(auth: Auth) -> None:
    user_id = auth.add_staff(role=Role.OWNER, phone=PHONE, email="olga@example.com")
    signed_in = auth.staff_sign_in()

    assert signed_in["user"] == {
        "id": user_id,
        "kind": "staff",
        "name": "Olga",
        "phone": PHONE,
        "email": "olga@example.com",
        "login": LOGIN,
        "photo": None,
    }
    assert identify(auth, signed_in["token"])["rights"] == [a_right("owner")]


def test_the_token_of_staff_says_what_they_may(auth: Auth) -> None:
    user_id = auth.add_staff(role=Role.ADMINISTRATOR, location_ids=[3, 4], phone=PHONE)

    assert identify(auth, auth.staff_sign_in()["token"]) == {
        "id": user_id,
        "kind": "staff",
        "phone": None,
        "name": "Olga",
        "email": None,
        "language": None,
        "rights": [a_right("administrator", location_id=at) for at in (3, 4)],
        "phone_is_fresh": False,
    }


def test_staff_with_a_clients_phone_are_not_that_client(auth: Auth) -> None:
    staff_id = auth.add_staff(phone=PHONE)
    client = auth.sign_in(auth.get_code())

    assert client["user"]["kind"] == "client"
    assert client["user"]["id"] != staff_id


def test_a_login_is_known_in_capitals_too(auth: Auth) -> None:
    user_id = auth.add_staff()

    assert auth.staff_sign_in(login=" OWNER@Example.com ")["user"]["id"] == user_id


@pytest.mark.parametrize("password", ["", " ", PASSWORD + " ", PASSWORD.upper(), "x" * 1000, "\0"])
def test_a_wrong_password_is_refused(auth: Auth, password: str) -> None:
    auth.add_staff()

    with refused("password_incorrect", Unauthenticated):
        auth.staff_sign_in(password)
    assert auth.count("sessions") == 0


def test_a_password_may_be_any_text(auth: Auth) -> None:
    auth.add_staff(password="пароль \ud800 из слов")

    assert auth.staff_sign_in("пароль \ud800 из слов")["token"]


def test_unknown_and_revoked_logins_are_refused_like_a_wrong_password(
    auth: Auth, verified: list[str]
) -> None:
    auth.add_staff()
    auth.add_staff("gone@example.com")
    with auth.database.write() as session:
        revoke_staff_user(session, login="gone@example.com", now=NOW)
    work = []
    for login in (LOGIN, "gone@example.com", "nobody@example.com"):
        with auth.statements() as statements:
            fail(auth, login=login)
        work.append(statements)

    assert len(verified) == 3
    assert work[0] == work[1] == work[2]


def test_the_decoy_is_as_hard_as_any_password(auth: Auth) -> None:
    auth.add_staff()
    with auth.database.read() as session:
        real = session.scalars(select(StaffUser.password_hash)).one()

    assert real.startswith("$argon2id$")
    assert extract_parameters(hashes.DECOY) == extract_parameters(real)


def test_a_password_is_hashed_as_hard_as_owasp_asks(auth: Auth) -> None:
    parameters = extract_parameters(hashes.hash_of(PASSWORD))

    assert (parameters.type, parameters.memory_cost) == (Type.ID, 12_288)
    assert (parameters.time_cost, parameters.parallelism) == (3, 1)


def test_the_decoy_opens_nothing(auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even to somebody who finds the password that it is the hash of."""
    monkeypatch.setattr("services.auth.asking.matches", lambda *_: True)

    with refused("password_incorrect", Unauthenticated):
        auth.staff_sign_in(login="nobody@example.com")
    assert auth.count("sessions") == 0


def test_after_five_failures_even_the_right_password_has_to_wait(
    auth: Auth, verified: list[str]
) -> None:
    auth.add_staff()
    for after in range(5):
        fail(auth, after=after)

    with refused("too_many_attempts", TooManyAttempts, seconds=590):
        auth.staff_sign_in(after=10)
    with refused("too_many_attempts", TooManyAttempts, seconds=1):
        auth.staff_sign_in(after=10 * MINUTES - 1)
    assert len(verified) == 5
    assert auth.staff_sign_in(after=10 * MINUTES)["token"]


def test_an_unknown_login_has_to_wait_as_well(auth: Auth) -> None:
    for _ in range(5):
        fail(auth, login="nobody@example.com")

    with refused("too_many_attempts", TooManyAttempts, seconds=600):
        auth.staff_sign_in(login="Nobody@example.com")


def test_one_login_keeps_no_other_waiting(auth: Auth) -> None:
    auth.add_staff()
    for _ in range(5):
        fail(auth, login="nobody@example.com")

    assert auth.staff_sign_in()["token"]


def test_a_right_password_does_not_count(auth: Auth) -> None:
    auth.add_staff()
    for after in range(4):
        fail(auth, after=after)
    for after in range(10):
        auth.staff_sign_in(after=10 + after)
    fail(auth, after=30)

    with refused("too_many_attempts", TooManyAttempts, seconds=569):
        auth.staff_sign_in(after=31)


def test_a_password_that_changes_meanwhile_is_the_wrong_one(
    auth: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    auth.add_staff()

    def change_after(password_hash: str, password: str) -> bool:
        outcome = hashes.matches(password_hash, password)
        with auth.database.write() as session:
            change_password(session, login=LOGIN, password="another password", now=NOW)
        return outcome

    monkeypatch.setattr("services.auth.asking.matches", change_after)
    with refused("password_incorrect", Unauthenticated):
        auth.staff_sign_in()


def test_who_is_revoked_is_out_at_once_and_for_good(auth: Auth) -> None:
    auth.add_staff()
    token = auth.staff_sign_in()["token"]
    with auth.database.write() as session:
        revoke_staff_user(session, login=LOGIN.upper(), now=NOW)

    with refused("session_unknown", Unauthenticated):
        identify(auth, token)
    with refused("password_incorrect", Unauthenticated):
        auth.staff_sign_in()
    with auth.database.read() as session:
        assert session.scalars(select(UserSession.ended_at)).all() == [NOW]


def test_revoked_staff_are_out_even_with_a_session_that_nobody_ended(auth: Auth) -> None:
    auth.add_staff()
    token = auth.staff_sign_in()["token"]
    with auth.database.write() as session:
        session.scalars(select(StaffUser)).one().revoked_at = NOW

    with refused("session_unknown", Unauthenticated):
        identify(auth, token)


def test_a_new_password_ends_what_was_begun_with_the_old_one(auth: Auth) -> None:
    auth.add_staff()
    token = auth.staff_sign_in()["token"]
    with auth.database.write() as session:
        change_password(session, login=LOGIN, password="another password", now=NOW)

    with refused("session_unknown", Unauthenticated):
        identify(auth, token)
    with refused("password_incorrect", Unauthenticated):
        auth.staff_sign_in()
    assert auth.staff_sign_in("another password")["token"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": "a" * 9}, "password_too_short"),
        ({"password": "ab" * 65}, "password_too_long"),
        ({"password": "aaaaaaaaaa"}, "password_too_simple"),
        ({"password": LOGIN}, "password_too_simple"),
        ({"login": " "}, "login_missing"),
    ],
)
def test_a_poor_password_or_no_login_makes_no_user(
    auth: Auth, changes: dict[str, str], code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        auth.add_staff(**{"login": LOGIN, **changes})
    assert refusal.value.code == code
    assert (auth.count("users"), auth.count("staff_users")) == (0, 0)


def test_a_login_is_there_once(auth: Auth) -> None:
    auth.add_staff()
    before = auth.dump()

    with refused("login_taken", Conflict):
        auth.add_staff(" Owner@Example.com")
    assert auth.dump() == before


def test_all_staff_users_are_listed(auth: Auth) -> None:
    auth.add_staff()
    auth.add_staff("second@example.com", role=Role.STAFF, location_ids=[3])

    with auth.database.read() as session:
        told = [(one.login, user.name) for one, user in list_staff_users(session)]
    assert told == [(LOGIN, "Olga"), ("second@example.com", "Olga")]


@pytest.mark.parametrize("act", [revoke_staff_user, change_password])
def test_what_is_not_there_is_not_changed(auth: Auth, act: Any) -> None:
    extra = {"password": PASSWORD} if act is change_password else {}
    with refused("staff_user_not_found", NotFound), auth.database.write() as session:
        act(session, login="nobody", now=NOW, **extra)


def test_what_was_made_is_stored_whole(auth: Auth) -> None:
    with auth.database.write() as session:
        made = create_staff_user(
            session, login="B", password=PASSWORD, name=" B ", business_id=9, now=NOW
        )
        told = (made.login, made.revoked_at, rights_by_user(session, [made.user_id]))
    assert told == ("b", None, {made.user_id: [a_right("staff", business_id=9)]})
    assert PASSWORD not in str(auth.dump())
