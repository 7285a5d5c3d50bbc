"""A front end with an auth service behind it, and what is left of it in the database."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from services.auth.domain.keys import digest_of
from services.auth.models import Challenge, User
from services.auth.service import AuthService
from services.auth.use_cases.partner_keys import create_partner_key
from services.auth.use_cases.staff import change_password, create_staff_user, revoke_staff_user
from services.common.db import Database
from services.common.errors import Invalid, Refusal, Unauthenticated
from services.common.events import Envelope, unseal
from services.common.migrate import metadata_of
from services.common.outbox import outbox
from tests.service.conftest import NOW, NewDatabase, a_worker

PHONE = "+33612345678"
OTHER_PHONE = "+33612345679"
PASSWORD = "correct horse battery"
OTHER_PASSWORD = "another horse battery"
EMAIL = "anna@example.com"
OTHER_EMAIL = "anna.clark@example.com"
WEB, APP = 1, 2
"""Two partners."""

MINUTES = 60
DAYS = 24 * 60 * MINUTES


class Auth:
    """Auth as front ends use it. ``after`` is how many seconds after NOW something happens."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.code_length = 6
        self.settings: dict[str, Any] = {"password_sign_in": True}

    def worker(self, after: float = 0, *, partner_id: int = WEB, **call: Any) -> Any:
        now = NOW + timedelta(seconds=after)
        viewer = {"partner_id": partner_id, "user_id": None}
        worker = a_worker(AuthService, self.database, **{"now": now, "viewer": viewer, **call})
        worker.settings = replace(worker.settings, code_length=self.code_length, **self.settings)
        return worker

    def request_code(
        self, phone: str = PHONE, *, after: float = 0, partner_id: int = WEB, **changes: Any
    ) -> dict[str, Any]:
        """Have a code sent; the answer."""
        request = {"phone": phone, "country_code": None, "locale": "fr"} | changes
        answer: dict[str, Any] = self.worker(after, partner_id=partner_id).request_code(
            request=request
        )
        return answer

    def sent(self) -> list[Envelope]:
        """Every sending that was announced, as notify gets it."""
        with self.database.read() as session:
            envelopes = session.scalars(select(outbox.c.envelope).order_by(outbox.c.position))
            return [unseal(envelope) for envelope in envelopes]

    def last_challenge_id(self) -> str:
        """Whose code was sent last."""
        with self.database.read() as session:
            newest = select(outbox.c.envelope).order_by(outbox.c.position.desc()).limit(1)
            envelope: dict[str, Any] = session.scalars(newest).one()
            return str(envelope["data"]["challenge_id"])

    def text(
        self, challenge_id: str, *, after: float = 0, medium: str | None = None
    ) -> dict[str, Any]:
        """What notify gets when it asks for the text."""
        answer: dict[str, Any] = self.worker(after, viewer={}).get_code_text(
            challenge_id=challenge_id, medium=medium
        )
        return answer

    def get_code(self, phone: str = PHONE, *, after: float = 0, partner_id: int = WEB) -> str:
        """Have a code sent and read it."""
        self.request_code(phone, after=after, partner_id=partner_id)
        code: str = self.text(self.sent()[-1].data["challenge_id"], after=after)["code"]
        return code

    def prove(
        self, code: str, phone: str = PHONE, *, after: float = 0, partner_id: int = WEB
    ) -> Any:
        request = {"phone": phone, "country_code": None, "code": code}
        return self.worker(after, partner_id=partner_id).prove_phone(request=request)

    def sign_in(
        self,
        code: str,
        phone: str = PHONE,
        *,
        after: float = 0,
        partner_id: int = WEB,
        **more: Any,
    ) -> Any:
        request = {"phone": phone, "country_code": None, "code": code, "device": "iPhone"} | more
        return self.worker(after, partner_id=partner_id).sign_in(request=request)

    def book_with(self, proof_id: str, *, after: float = 0) -> None:
        """Let auth hear that a booking has used this proof."""
        booked = Envelope(
            id=f"event-{proof_id}",
            source="booking",
            type="proof_used",
            time=NOW + timedelta(seconds=after),
            subject=f"proof/{proof_id}",
            sequence=1,
            data={"visit_id": 17, "proof_id": proof_id, "later": {"field": 1}},
        )
        handle, _source, _type = AuthService.subscriptions["use_up_proof"]
        with self.database.write() as session:
            handle(self.worker(after), session, booked)

    def signed_in_worker(self, user_id: int, after: float = 0) -> Any:
        """Auth as it serves a client who is signed in."""
        viewer = {"partner_id": WEB, "user_id": user_id, "kind": "client"}
        return self.worker(after, viewer=viewer)

    def last_text(self, *, after: float = 0) -> dict[str, Any]:
        """What the newest message or letter is written from."""
        told = self.text(self.sent()[-1].data["challenge_id"], after=after)
        return told | {"purpose": self.sent()[-1].data["purpose"]}

    def sign_up(self, email: str = EMAIL, *, after: float = 0, **changes: Any) -> dict[str, Any]:
        """Ask for an account by e-mail; the answer."""
        request = {"email": email, "password": PASSWORD, "name": "Anna"} | changes
        answer: dict[str, Any] = self.worker(after).sign_up(request=request)
        return answer

    def confirm(self, token: str, password: str = PASSWORD, *, after: float = 0) -> Any:
        request = {"token": token, "password": password}
        return self.worker(after).confirm_sign_up(request=request)

    def add_account(self, email: str = EMAIL, *, after: float = 0) -> int:
        """A client with a proven e-mail and a password; the id."""
        self.sign_up(email, after=after)
        self.confirm(self.last_text(after=after)["link_token"], after=after)
        account: int = self.enter(login=email, after=after)["user"]["id"]
        return account

    def enter(self, password: str = PASSWORD, *, login: str = EMAIL, after: float = 0) -> Any:
        """Sign in with a password."""
        request = {"login": login, "password": password}
        return self.worker(after).sign_in_with_password(request=request)

    def change(self, user_id: int, *, after: float = 0, **changes: Any) -> Any:
        """Change a client's profile."""
        return self.signed_in_worker(user_id, after).change_profile(request=changes)

    def take_phone(self, user_id: int, phone: str, *, after: float = 0) -> Any:
        """Prove a phone and make it a client's."""
        self.signed_in_worker(user_id, after).request_phone_change(request={"phone": phone})
        code = self.last_text(after=after)["code"]
        return self.change(user_id, after=after, phone=phone, phone_code=code)

    def take_email(self, user_id: int, email: str, *, after: float = 0) -> Any:
        self.signed_in_worker(user_id, after).request_email_change(request={"email": email})
        code = self.last_text(after=after)["code"]
        return self.change(user_id, after=after, email=email, email_code=code)

    def announced(self, event_type: str) -> list[dict[str, Any]]:
        return [event.data for event in self.sent() if event.type == event_type]

    def users(self) -> dict[int, User]:
        with self.database.read() as session:
            return {user.id: user for user in session.scalars(select(User))}

    def identify(self, token: str, *, after: float = 0) -> Any:
        """What the gateway gets for a token, with a new key."""
        with self.database.write() as session:
            _, key = create_partner_key(session, title="Web", now=NOW)
        return self.worker(after, viewer={}).identify(
            partner_digest=digest_of(key), user_digest=digest_of(token)
        )

    def is_alive(self, token: str, *, after: float = 0) -> bool:
        """Whether a token still opens something."""
        try:
            self.identify(token, after=after)
        except Unauthenticated:
            return False
        return True

    def add_staff(self, login: str = "owner@example.com", **changes: Any) -> int:
        """One more user of the staff of business 7; the id."""
        details = {"password": PASSWORD, "name": "Olga", "business_id": 7, "now": NOW} | changes
        with self.database.write() as session:
            return create_staff_user(session, login=login, **details).user_id

    def change_password(self, login: str, password: str) -> None:
        with self.database.write() as session:
            change_password(session, login=login, password=password, now=NOW)

    def revoke(self, login: str) -> None:
        with self.database.write() as session:
            revoke_staff_user(session, login=login, now=NOW)

    def staff_sign_in(
        self, password: str = PASSWORD, login: str = "owner@example.com", *, after: float = 0
    ) -> Any:
        request = {"login": login, "password": password, "device": None}
        return self.worker(after).staff_sign_in(request=request)

    def challenges(self) -> list[Challenge]:
        with self.database.read() as session:
            return list(session.scalars(select(Challenge).order_by(Challenge.created_at)))

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, in an order that does not depend on the database."""
        with self.database.read() as session:
            return {
                table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
                for metadata in metadata_of("auth")
                for table in metadata.sorted_tables
            }

    def count(self, table: str) -> int:
        return len(self.dump()[table])

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The statements that the database is given meanwhile."""
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        event.listen(self.database.engine, "before_cursor_execute", note)
        yield seen
        event.remove(self.database.engine, "before_cursor_execute", note)


def wrong(code: str, step: int = 1) -> str:
    """Another code of the same length."""
    return f"{(int(code) + step) % 10 ** len(code):0{len(code)}}"


@contextmanager
def refused(code: str, kind: type[Refusal] = Invalid, **params: Any) -> Iterator[None]:
    """Holds if that, and no more than that, is the answer."""
    with pytest.raises(Refusal) as told:
        yield
    refusal = told.value
    assert (refusal.code, type(refusal), refusal.params) == (code, kind, params)
    if code.endswith("_incorrect"):
        assert (refusal.fields, refusal.handle) == ({}, None)


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """What ``work(number)`` gives or raises, all started at the same moment."""
    start = threading.Barrier(count)

    def run(number: int) -> Any:
        start.wait(30)
        try:
            return work(number)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.fixture
def auth(new_database: NewDatabase) -> Auth:
    return Auth(new_database("auth"))
