"""What several of auth's ways in do alike: whose code it is, who asks, what is sent."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.auth import views
from services.auth.domain.codes import by_email_of, code_of, is_right
from services.auth.domain.consents import Text
from services.auth.domain.lifetimes import Lifetime
from services.auth.models import Challenge, DocumentKind, Medium
from services.auth.schemas.sending import origin_of
from services.auth.use_cases import codes, consents, spending, tries
from services.auth.use_cases.hashes import matches
from services.auth.use_cases.sessions import whose_session
from services.auth.use_cases.signing_in import From
from services.auth.use_cases.spending import Declined
from services.common.bus import Service
from services.common.emails import normal_email
from services.common.errors import Forbidden, Invalid, Refusal, Unauthenticated
from services.common.phones import normal_phone

Request = dict[str, Any]
Answer = dict[str, Any]
Write = Callable[[], AbstractContextManager[Session]]


class Asking(Service):
    """A service whose callers prove who they are."""

    def _guess(self, write: Write, aim: codes.Aim, typed: str) -> str:
        """The challenge whose code this is; ``code_incorrect`` when there is none.

        The guess is counted in a transaction of its own, committed before the code
        is looked at, and none is held open meanwhile: in the transaction of what
        follows, a refusal would undo the count, and SQLite could not begin a second.
        Whatever is wrong is answered alike and costs the same work.
        """
        challenge_id, by_email = self._guess_either(write, aim, typed)
        if by_email:
            raise Invalid("code_incorrect")
        return challenge_id

    def _guess_either(self, write: Write, aim: codes.Aim, typed: str) -> tuple[str, bool]:
        """The challenge, and whether this is the code of the letter instead of the message."""
        with write() as session:
            challenge_id = codes.count_guess(session, aim, now=self.call.now)
        own, by_email = (
            is_right(typed, self._code(challenge_id or "none", aim, purpose))
            for purpose in (aim.purpose, by_email_of(aim.purpose))
        )
        if challenge_id is None or not (own or by_email):
            raise Invalid("code_incorrect")
        return challenge_id, not own

    def _code(self, challenge_id: str, aim: codes.Aim, purpose: str) -> str:
        return self.settings.test_phones.get(aim.recipient) or code_of(
            self.settings.auth_secret,
            challenge_id,
            purpose=purpose,
            length=self.settings.code_length,
        )

    def _right_password(self, write: Write, login: str, typed: str) -> tries.Try:
        """The try, when this is the password of that phone or address."""
        with write() as session:
            counted = tries.count_client(session, login, now=self.call.now)
        if not self._is_right(write, counted, typed):
            raise Unauthenticated("password_incorrect")
        return counted

    def _is_right(self, write: Write, counted: tries.Try, typed: str) -> bool:
        """Whether this is the password tried at: then it was no failure, whatever comes of it."""
        # In no transaction: it takes its time, and SQLite has one writer.
        if not matches(counted.password_hash, typed):
            return False
        with write() as session:
            tries.forget_try(session, counted, now=self.call.now)
        return True

    def _known_ids(self, write: Write, phone: str, request: Request) -> set[int]:
        """The accounts of which somebody knows more than the code for a phone."""
        known: set[int | None] = {request["owner_id"]}
        if request["user_digest"] is not None:
            with self.database.read() as session:
                known.add(
                    whose_session(
                        session,
                        request["user_digest"],
                        lifetime=self._lifetime(),
                        now=self.call.now,
                    )
                )
        if self.settings.password_sign_in and request["password"]:
            known.add(self._right_password(write, phone, request["password"]).user_id)
        return {one for one in known if one is not None}

    def _send(
        self,
        session: Session,
        aim: codes.Aim,
        request: Request,
        medium: Medium | None = None,
    ) -> tuple[Challenge, int]:
        """The challenge, and how many seconds there are until the next code can be sent."""
        return codes.request_code(
            session,
            aim,
            medium=self._medium(aim, medium),
            locale=request["locale"] or self.call.locale,
            origin=origin_of(request),
            budgets=spending.budgets_of(self.settings),
            now=self.call.now,
        )

    def _medium(self, aim: codes.Aim, wished: Medium | None) -> Medium:
        if "@" in aim.recipient:
            return Medium.EMAIL
        return wished or Medium(self.settings.code_channels[0])

    def note_decision(self, session: Session, request: Request, refusal: Refusal) -> None:
        """Count why no code was sent: the refusal itself undid everything else."""
        if isinstance(refusal.__cause__, Declined):  # so what was asked for is well-formed
            recipient, origin = recipient_in(request), origin_of(request)
            spending.note_refusal(session, recipient, origin, refusal, now=self.call.now)

    def _agreed(
        self, session: Session, request: Request, *, needed: Collection[DocumentKind] = ()
    ) -> list[Text]:
        return consents.agreed(
            session,
            request["location_id"],
            request["agreements"],
            language=self.call.locale,
            needed=needed,
        )

    def _keep_consents(
        self, session: Session, texts: list[Text], challenge: Challenge, request: Request
    ) -> None:
        """What is accepted by whoever turns out to have sent for this code."""
        whence = self._whence(request)
        if challenge.sends == 1:
            consents.keep_consents(
                session,
                texts,
                whence,
                recipient=challenge.recipient,
                challenge_id=challenge.id,
                now=self.call.now,
            )
        else:
            consents.keep_common_consents(
                session, texts, whence, challenge_id=challenge.id, now=self.call.now
            )

    def _keep_new_consents(
        self,
        session: Session,
        request: Request,
        *,
        user_id: int,
        recipient: str | None,
        before: Collection[int],
    ) -> None:
        """What somebody who is known accepts, beside what they have ``before``."""
        texts = consents.newly_agreed(
            session,
            request["location_id"],
            request["agreements"],
            before=before,
            language=self.call.locale,
        )
        consents.keep_consents(
            session,
            texts,
            self._whence(request),
            recipient=recipient,
            user_id=user_id,
            now=self.call.now,
        )

    def _whence(self, request: Request) -> consents.Whence:
        return consents.Whence(
            partner_id=self._partner_id(),
            location_id=request["location_id"],
            address=request["address"],
        )

    def _shown(self, challenge: Challenge, next_send_in_seconds: int) -> Answer:
        return views.show_sent_code(
            challenge,
            next_send_in_seconds=next_send_in_seconds,
            length=self.settings.code_length,
            now=self.call.now,
        )

    def _phone_aim(self, request: Request) -> codes.Aim:
        return codes.Aim(recipient=phone_in(request), partner_id=self._partner_id())

    def _from(self, request: Request) -> From:
        return From(partner_id=self._partner_id(), device=request["device"])

    def _lifetime(self) -> Lifetime:
        return Lifetime.of_days(
            idle=self.settings.session_idle_days, longest=self.settings.session_days
        )

    def _recycled_after(self) -> timedelta:
        return timedelta(days=self.settings.recycled_after_days)

    def _demand_passwords(self) -> None:
        if not self.settings.password_sign_in:
            raise Forbidden("password_sign_in_off")

    def _partner_id(self) -> int:
        """The front end that asks: a code it has asked for is of no use to another one."""
        partner_id = self.call.viewer.get("partner_id")
        if not isinstance(partner_id, int):
            raise Unauthenticated("partner_key_missing")
        return partner_id

    def _user_id(self) -> int:
        user_id = self.call.viewer.get("user_id")
        if not isinstance(user_id, int):
            raise Unauthenticated("unauthenticated")
        return user_id

    def _client_id(self) -> int:
        """The client who is signed in."""
        user_id = self.call.viewer.get("user_id")
        if self.call.viewer.get("kind") != "client" or not isinstance(user_id, int):
            raise Unauthenticated("unauthenticated")
        return user_id


def recipient_in(request: Request) -> str:
    """Where the code that is asked for would go."""
    if "login" in request:
        return login_in(request)
    return normal_email(request["email"]) if "email" in request else phone_in(request)


def login_in(request: Request) -> str:
    """A phone or an e-mail address in the one form that is stored."""
    if "@" in request["login"]:
        return normal_email(request["login"])
    country_code = request["country_code"]
    return normal_phone(request["login"], country_code and country_code.upper())


def phone_in(request: Request) -> str:
    country_code = request["country_code"]
    return normal_phone(request["phone"], country_code and country_code.upper())
