"""Sessions: listed, ended one by one or all at once, and over when they are not used."""

import hashlib
from typing import Any

import pytest
from sqlalchemy import select

from services.auth.models import UserSession
from services.auth.use_cases import sessions
from services.auth.use_cases.partner_keys import create_partner_key
from services.common.errors import Conflict, NotFound, Unauthenticated
from tests.service.auth.conftest import OTHER_PHONE, PHONE, Auth, at_once, refused
from tests.service.conftest import NOW

HOURS = 3600
DAYS = 24 * HOURS


class Devices:
    """A client on several devices."""

    def __init__(self, auth: Auth) -> None:
        self.auth = auth
        with auth.database.write() as session:
            self.key = digest(create_partner_key(session, title="Web", now=NOW)[1])

    def sign_in(self, phone: str = PHONE, *, after: float = 0) -> str:
        token: str = self.auth.sign_in(self.auth.get_code(phone, after=after), phone, after=after)[
            "token"
        ]
        return token

    def identify(self, token: str, *, after: float = 0) -> Any:
        return self.auth.worker(after).identify(partner_digest=self.key, user_digest=digest(token))[
            "user"
        ]

    def viewer(self, token: str, *, after: float = 0) -> dict[str, Any]:
        user = self.identify(token, after=after)
        return {"partner_id": 1, "user_id": user["id"], "kind": "client"}

    def listed(self, token: str, *, after: float = 0) -> Any:
        worker = self.auth.worker(after, viewer=self.viewer(token, after=after))
        return worker.list_sessions(user_digest=digest(token))["sessions"]

    def do(self, token: str, method: str, **request: Any) -> Any:
        return getattr(self.auth.worker(60, viewer=self.viewer(token)), method)(request=request)

    def stored(self) -> list[UserSession]:
        with self.auth.database.read() as session:
            return list(session.scalars(select(UserSession).order_by(UserSession.id)))


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@pytest.fixture
def devices(auth: Auth) -> Devices:
    return Devices(auth)


def test_everybody_sees_where_they_are_signed_in(devices: Devices) -> None:
    first, second = devices.sign_in(), devices.sign_in(after=120)
    devices.sign_in(OTHER_PHONE, after=240)

    assert devices.listed(first, after=300) == [
        {
            "id": 2,
            "device": "iPhone",
            "created_at": "2030-06-03T06:02:00Z",
            "last_used_at": "2030-06-03T06:02:00Z",
            "is_current": False,
        },
        {
            "id": 1,
            "device": "iPhone",
            "created_at": "2030-06-03T06:00:00Z",
            "last_used_at": "2030-06-03T06:00:00Z",
            "is_current": True,
        },
    ]
    assert [one["is_current"] for one in devices.listed(second, after=300)] == [True, False]


def test_one_session_is_ended_and_the_others_go_on(devices: Devices) -> None:
    first, second = devices.sign_in(), devices.sign_in(after=120)
    for _ in range(2):  # a second time changes nothing
        devices.do(first, "end_session", session_id=2)

    with refused("session_unknown", Unauthenticated):
        devices.identify(second, after=180)
    assert [one["id"] for one in devices.listed(first, after=180)] == [1]


def test_nobody_ends_somebody_elses_session(devices: Devices) -> None:
    first, other = devices.sign_in(), devices.sign_in(OTHER_PHONE)
    for session_id in (2, 77):
        with refused("session_not_found", NotFound):
            devices.do(first, "end_session", session_id=session_id)
    assert devices.identify(other)


@pytest.mark.parametrize("with_current", [False, True])
def test_all_sessions_are_ended_but_this_one_if_wished(
    devices: Devices, with_current: bool
) -> None:
    first, second = devices.sign_in(), devices.sign_in(after=120)
    other = devices.sign_in(OTHER_PHONE)
    devices.do(first, "end_sessions", user_digest=digest(first), with_current=with_current)

    with refused("session_unknown", Unauthenticated):
        devices.identify(second, after=180)
    if with_current:
        with refused("session_unknown", Unauthenticated):
            devices.identify(first, after=180)
    else:
        assert devices.identify(first, after=180)
    assert devices.identify(other, after=180)


def test_a_session_is_over_when_it_was_not_used_for_90_days(devices: Devices) -> None:
    token = devices.sign_in()

    with refused("session_unknown", Unauthenticated):
        devices.identify(token, after=90 * DAYS)


def test_each_use_makes_it_last_but_not_for_ever(devices: Devices) -> None:
    token = devices.sign_in()
    for day in range(80, 365, 80):
        assert devices.identify(token, after=day * DAYS)
    assert devices.identify(token, after=365 * DAYS - 1)

    with refused("session_unknown", Unauthenticated):
        devices.identify(token, after=365 * DAYS)


def test_the_last_use_is_written_at_most_once_an_hour(devices: Devices) -> None:
    token = devices.sign_in()
    told = []
    for after in (0, HOURS - 1, HOURS, HOURS + 1, 2 * HOURS - 1, 2 * HOURS):
        devices.identify(token, after=after)
        told.append((devices.stored()[0].last_used_at - NOW).total_seconds())
    assert told == [0, 0, HOURS, HOURS, HOURS, 2 * HOURS]


def test_an_early_look_does_not_take_back_a_later_use(devices: Devices) -> None:
    token = devices.sign_in()
    devices.identify(token, after=5 * HOURS)
    with devices.auth.database.write() as session:
        sessions.note_use(session, 1, now=NOW)
    assert (devices.stored()[0].last_used_at - NOW).total_seconds() == 5 * HOURS
    assert devices.identify(token, after=5 * HOURS)


def test_who_cannot_be_written_down_is_known_all_the_same(
    devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = devices.sign_in()

    def busy(*_: Any, **__: Any) -> None:
        raise Conflict("busy")

    monkeypatch.setattr(sessions, "note_use", busy)
    assert devices.identify(token, after=2 * HOURS)


def test_many_looks_at_once_are_one_use(devices: Devices) -> None:
    token = devices.sign_in()
    told = at_once(10, lambda _: devices.identify(token, after=3 * HOURS))

    assert all(isinstance(user, dict) for user in told)
    assert (devices.stored()[0].last_used_at - NOW).total_seconds() == 3 * HOURS


def test_what_has_been_over_for_a_month_is_forgotten(devices: Devices) -> None:
    ended, unused, used = (devices.sign_in(after=after) for after in (0, 120, 240))
    devices.do(ended, "end_session", session_id=1)
    devices.identify(used, after=60 * DAYS)
    worker = devices.auth.worker()
    lifetime = worker._lifetime()
    for day, left in ((29, [1, 2, 3]), (31, [2, 3]), (119, [2, 3]), (121, [3]), (181, [])):
        with devices.auth.database.write() as session:
            at = devices.auth.worker(day * DAYS).call.now
            sessions.forget_old(session, lifetime=lifetime, now=at)
        assert [one.id for one in devices.stored()] == left
    assert unused


def test_of_very_many_sessions_the_oldest_end(devices: Devices) -> None:
    user = devices.auth.add_staff()
    with devices.auth.database.write() as session:
        for number in range(105):
            sessions.start_session(session, user, partner_id=1, device=str(number), now=NOW)
        listed = sessions.list_sessions(
            session, user, lifetime=devices.auth.worker()._lifetime(), now=NOW
        )
        assert [one.device for one in listed] == [str(n) for n in range(104, 4, -1)]
    assert sum(one.ended_at is None for one in devices.stored()) == 100


def a_key(auth: Auth, business_ids: list[int] | None) -> tuple[int, str]:
    with auth.database.write() as session:
        key, secret = create_partner_key(session, title="K", business_ids=business_ids, now=NOW)
        return key.id, digest(secret)


@pytest.mark.parametrize(
    ("given_for", "comes_with", "opens"),
    [
        (None, None, None),
        (None, [7], [7]),
        ([7], None, [7]),
        ([7, 8], [8, 9], [8]),
        ([7], [8], "session_unknown"),
    ],
)
def test_a_token_opens_no_business_that_its_key_is_not_for(
    auth: Auth, given_for: Any, comes_with: Any, opens: Any
) -> None:
    """A tenant's front end cannot use its clients' tokens at all others."""
    (issuing, own), (_, other) = a_key(auth, given_for), a_key(auth, comes_with)
    code = auth.get_code(partner_id=issuing)
    token = auth.sign_in(code, partner_id=issuing)["token"]

    def identify(key: str) -> Any:
        try:
            told = auth.worker().identify(partner_digest=key, user_digest=digest(token))
        except Unauthenticated as refusal:
            return refusal.code
        return told["partner"]["business_ids"]

    assert (identify(own), identify(other)) == (given_for, opens)
