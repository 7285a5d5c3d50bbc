"""Auth: who is this? Every way in, nothing else."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from services.auth import schemas, views
from services.auth.domain.codes import code_of, is_right
from services.auth.domain.consents import Text
from services.auth.domain.lifetimes import Lifetime, is_worth_noting
from services.auth.managing import Managing
from services.auth.models import Challenge, Medium, Use
from services.auth.use_cases import (
    codes,
    consents,
    partner_keys,
    sessions,
    spending,
    staff,
    throttles,
)
from services.auth.use_cases.hashes import matches
from services.auth.use_cases.spending import Declined
from services.common.bus import attempt, background, command, query, subscriber
from services.common.errors import Conflict, DeadlinePassed, Invalid, Refusal, Unauthenticated
from services.common.events import Envelope
from services.common.phones import normal_phone

Request = dict[str, Any]
Answer = dict[str, Any]
Write = Callable[[], AbstractContextManager[Session]]


class AuthService(Managing):
    name: ClassVar[str] = "auth"

    @query(schemas.IdentifySchema)
    def identify(self, session: Session, arguments: Request) -> Answer:
        partner = partner_keys.verify_partner_key(
            session, digest=arguments["partner_digest"], now=self.call.now
        )
        digest = arguments["user_digest"]
        user = self._signed_in(session, digest) if digest else None
        return {"partner": views.show_partner(partner), "user": user}

    @command(
        schemas.RequestCodeSchema,
        beside=schemas.ORIGIN,
        after_refusal=lambda service, *refused: service.note_decision(*refused),
    )
    def request_code(self, session: Session, request: Request) -> Answer:
        texts = self._agreed(session, request)
        challenge, seconds = self._send_code(session, request)
        consents.keep_consents(
            session,
            texts,
            self._whence(request),
            recipient=challenge.recipient,
            challenge_id=challenge.id,
            now=self.call.now,
        )
        return views.show_sent_code(
            challenge,
            next_send_in_seconds=seconds,
            length=self.settings.code_length,
            now=self.call.now,
        )

    @attempt(schemas.ProvePhoneSchema)
    def prove_phone(self, write: Write, request: Request) -> Answer:
        challenge_id = self._guess(write, request)
        with write() as session:
            proven = codes.accept_guess(session, challenge_id, now=self.call.now)
            consents.prove_consents(session, challenge_id, now=self.call.now)
            return views.show_proof(proven)

    @attempt(schemas.SignInSchema)
    def sign_in(self, write: Write, request: Request) -> Answer:
        challenge_id = self._guess(write, request)
        with write() as session:
            user, token = sessions.sign_in(
                session,
                challenge_id,
                partner_id=self._partner_id(),
                device=request["device"],
                now=self.call.now,
            )
            consents.prove_consents(session, challenge_id, user_id=user.id, now=self.call.now)
            return views.show_signed_in(user, None, token)

    @attempt(schemas.StaffSignInSchema)
    def staff_sign_in(self, write: Write, request: Request) -> Answer:
        partner_id = self._partner_id()
        with write() as session:
            counted = staff.count_try(session, login=request["login"], now=self.call.now)
        # In no transaction: it takes its time, and SQLite has one writer.
        if not matches(counted.password_hash, request["password"]):
            raise Unauthenticated("password_incorrect")
        with write() as session:
            user, known, token = staff.sign_in_staff(
                session,
                counted,
                partner_id=partner_id,
                device=request["device"],
                now=self.call.now,
            )
            return views.show_signed_in(user, known, token)

    @command(schemas.SignOutSchema)
    def sign_out(self, session: Session, request: Request) -> Answer:
        sessions.sign_out(session, **request, now=self.call.now)
        return {}

    @query(schemas.SessionsSchema)
    def list_sessions(self, session: Session, arguments: Request) -> Answer:
        listed = sessions.list_sessions(
            session, self._user_id(), lifetime=self._lifetime(), now=self.call.now
        )
        digest = arguments["user_digest"]
        return {"sessions": [views.show_session(one, digest=digest) for one in listed]}

    @command(schemas.EndSessionSchema)
    def end_session(self, session: Session, request: Request) -> Answer:
        sessions.end_session(session, user_id=self._user_id(), **request, now=self.call.now)
        return {}

    @command(schemas.EndSessionsSchema)
    def end_sessions(self, session: Session, request: Request) -> Answer:
        kept = None if request["with_current"] else request["user_digest"]
        sessions.end_sessions(session, self._user_id(), but=kept, now=self.call.now)
        return {}

    @query(schemas.DocumentsAtSchema)
    def list_documents(self, session: Session, arguments: Request) -> Answer:
        """What people are asked to accept at a location; of a signed-in viewer, what they have."""
        documents = consents.documents_at(
            session, arguments["location_id"], language=self.call.locale
        )
        user_id, phone = self.call.viewer.get("user_id"), self.call.viewer.get("phone")
        known = {} if user_id is None else consents.accepted_at(session, user_id, phone)
        return {"documents": [views.show_document(one, known) for one in documents]}

    @command(schemas.AgreeSchema)
    def agree(self, session: Session, request: Request) -> Answer:
        """A signed-in user accepts texts."""
        consents.keep_consents(
            session,
            self._agreed(session, request),
            self._whence(request),
            recipient=self.call.viewer.get("phone"),
            user_id=self._user_id(),
            now=self.call.now,
        )
        return {}

    @query(schemas.GetCodeTextSchema)
    def get_code_text(self, session: Session, arguments: Request) -> Answer:
        return codes.get_code_text(
            session,
            **arguments,
            secret=self.settings.auth_secret,
            length=self.settings.code_length,
            now=self.call.now,
        )

    @subscriber("booking", "appointment_created")
    def use_up_proof(self, session: Session, event: Envelope) -> None:
        proof_id = schemas.proof_in(event.data)
        if proof_id is not None:
            codes.use_up(session, proof_id, Use.BOOKING, now=event.time)

    @background(every=600.0)
    def forget_old(self) -> bool:
        now = datetime.now(UTC)
        with self.database.write() as session:
            codes.forget_old(session, now=now)
            throttles.forget_old(session, now=now)
            sessions.forget_old(session, lifetime=self._lifetime(), now=now)
            consents.forget_old(session, now=now)
            spending.forget_old(session, now=now)
        return False

    def _signed_in(self, session: Session, digest: str) -> Answer:
        """Whose token this is. Its use is written down, unless there is no time for that now."""
        known = sessions.find_signed_in(
            session, digest, lifetime=self._lifetime(), now=self.call.now
        )
        if is_worth_noting(known.session.last_used_at, self.call.now):
            with (
                suppress(Conflict, DeadlinePassed),
                self.database.write(seconds_left=self.call.seconds_left) as writing,
            ):
                sessions.note_use(writing, known.session.id, now=self.call.now)
        return views.show_viewer(known.user, known.staff, known.rights)

    def _lifetime(self) -> Lifetime:
        return Lifetime.of_days(
            idle=self.settings.session_idle_days, longest=self.settings.session_days
        )

    def _user_id(self) -> int:
        user_id = self.call.viewer.get("user_id")
        if not isinstance(user_id, int):
            raise Unauthenticated("unauthenticated")
        return user_id

    def _guess(self, write: Write, request: Request) -> str:
        """The challenge whose code this is; ``code_incorrect`` when there is none.

        The guess is counted in a transaction of its own, committed before the code
        is looked at, and none is held open meanwhile: in the transaction of what
        follows, a refusal would undo the count, and SQLite could not begin a second.
        Whatever is wrong is answered alike and costs the same work.
        """
        aim = codes.Aim(recipient=_phone(request), partner_id=self._partner_id())
        with write() as session:
            challenge_id = codes.count_guess(session, aim, now=self.call.now)
        code = self.settings.test_phones.get(aim.recipient) or code_of(
            self.settings.auth_secret,
            challenge_id or "none",
            purpose=aim.purpose,
            length=self.settings.code_length,
        )
        if not is_right(request["code"], code) or challenge_id is None:
            raise Invalid("code_incorrect")
        return challenge_id

    def _agreed(self, session: Session, request: Request) -> list[Text]:
        return consents.agreed(
            session,
            request["location_id"],
            request["agreements"],
            language=self.call.locale,
        )

    def _whence(self, request: Request) -> consents.Whence:
        return consents.Whence(
            partner_id=self._partner_id(),
            location_id=request["location_id"],
            address=request["address"],
        )

    def _send_code(self, session: Session, request: Request) -> tuple[Challenge, int]:
        """The challenge, and how many seconds there are until the next code can be sent."""
        aim = codes.Aim(recipient=_phone(request), partner_id=self._partner_id())
        origin = schemas.origin_of(request)
        if aim.recipient in self.settings.test_phones:
            return codes.request_test_code(session, aim, origin=origin, now=self.call.now), 0
        return codes.request_code(
            session,
            aim,
            medium=request["medium"] or Medium(self.settings.code_channels[0]),
            locale=request["locale"] or self.call.locale,
            origin=origin,
            budgets=spending.budgets_of(self.settings),
            now=self.call.now,
        )

    def note_decision(self, session: Session, request: Request, refusal: Refusal) -> None:
        """Count why no code was sent: the refusal itself undid everything else."""
        if isinstance(refusal.__cause__, Declined):
            spending.note_decision(
                session,
                spending.Request(_phone(request), schemas.origin_of(request)),
                refusal.__cause__.decision,
                now=self.call.now,
            )

    def _partner_id(self) -> int:
        """The front end that asks: a code it has asked for is of no use to another one."""
        partner_id = self.call.viewer.get("partner_id")
        if not isinstance(partner_id, int):
            raise Unauthenticated("partner_key_missing")
        return partner_id


def _phone(request: Request) -> str:
    country_code = request["country_code"]
    return normal_phone(request["phone"], country_code and country_code.upper())
