"""The ways in for staff who sign in: with a password, and a code where they want one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from services.auth import views
from services.auth.asking import Answer, Asking, Request, Write
from services.auth.domain.budgets import Origin
from services.auth.domain.codes import SET_SECOND_FACTOR, STAFF_SIGN_IN
from services.auth.domain.passwords import normal_login
from services.auth.models import Challenge, Medium
from services.auth.schemas.second_factors import (
    BeginSecondFactorSchema,
    ConfirmSecondFactorSchema,
    SecondFactorCodeSchema,
    StaffSignInSchema,
)
from services.auth.schemas.sending import origin_of
from services.auth.use_cases import second_factors, spending, staff
from services.auth.use_cases.codes import Aim
from services.auth.use_cases.hashes import matches
from services.common.bus import attempt
from services.common.emails import normal_email
from services.common.errors import Invalid, TooManyAttempts, Unauthenticated
from services.common.phones import normal_phone


class SecondFactors(Asking):
    @attempt(StaffSignInSchema)
    def staff_sign_in(self, write: Write, request: Request) -> Answer:
        """With a password; or with the code, and the challenge that the password was answered by.

        Both are tries at the same login: five failures in ten minutes, whichever they are of.
        """
        where = self._from(request)
        with write() as session:
            counted = staff.count_try(session, login=request["login"], now=self.call.now)
        if request["challenge_id"] is not None:
            challenge_id = self._sign_in_guess(write, request["login"], request)
            with write() as session:
                challenge = second_factors.accept(session, challenge_id, now=self.call.now)
                user, known = second_factors.find(session, self._owner(challenge))
                token = staff.begin(session, counted, user, where, now=self.call.now)
                return views.show_signed_in(user, known, token)
        # In no transaction: it takes its time, and SQLite has one writer.
        if not matches(counted.password_hash, request["password"]):
            raise Unauthenticated("password_incorrect")
        with self._counting(write, request) as ask, write() as session:
            user, known = staff.find_signing_in(session, counted)
            factor = second_factors.recipient_of(user, known)
            if factor is None:
                token = staff.begin(session, counted, user, where, now=self.call.now)
                return views.show_signed_in(user, known, token)
            staff.forget_try(session, counted, now=self.call.now)
            return ask(session, user.id, STAFF_SIGN_IN, *factor)

    @attempt(BeginSecondFactorSchema)
    def begin_second_factor(self, write: Write, request: Request) -> Answer:
        medium, recipient = _factor_in(request)
        with self.database.read() as session:
            _, known = second_factors.find(session, self._user_id())
            login = known.login
        with write() as session:
            counted = staff.count_try(session, login=login, now=self.call.now)
        if not matches(counted.password_hash, request["password"]):
            raise Invalid("old_password_incorrect", fields={"password": "incorrect"})
        with self._counting(write, request) as ask, write() as session:
            staff.forget_try(session, counted, now=self.call.now)
            user, known = second_factors.find(session, self._user_id())
            second_factors.refuse_if_on(known)
            return ask(session, user.id, SET_SECOND_FACTOR, medium, recipient)

    @attempt(ConfirmSecondFactorSchema)
    def confirm_second_factor(self, write: Write, request: Request) -> Answer:
        with self.database.read() as session:
            aim = second_factors.aim_of_setting(
                session,
                user_id=self._user_id(),
                challenge_id=request["challenge_id"],
                partner_id=self._partner_id(),
            )
        challenge_id = self._guess_at(write, aim, request)
        with write() as session:
            challenge = second_factors.accept(session, challenge_id, now=self.call.now)
            known = second_factors.switch_on(
                session, challenge, user_digest=request["user_digest"], now=self.call.now
            )
            return views.show_second_factor(known)

    @attempt(SecondFactorCodeSchema)
    def remove_second_factor(self, write: Write, request: Request) -> Answer:
        """With the answer to a password and its code: whoever has both could sign in anew."""
        with self.database.read() as session:
            _, known = second_factors.find(session, self._user_id())
            login = known.login
        challenge_id = self._sign_in_guess(write, login, request)
        with write() as session:
            challenge = second_factors.accept(session, challenge_id, now=self.call.now)
            _, known = second_factors.find(session, self._owner(challenge))
            known.second_factor = None
            return views.show_second_factor(known)

    @contextmanager
    def _counting(self, write: Write, request: Request) -> Iterator[Callable[..., Answer]]:
        """Lets a code be asked for; a refusal, which undoes everything else, is counted after."""
        asked: list[tuple[str, Origin]] = []

        def ask(
            session: Session, user_id: int, purpose: str, medium: Medium, recipient: str
        ) -> Answer:
            origin = second_factors.at_whose_expense(session, user_id, origin_of(request))
            asked.append((recipient, origin))
            challenge = second_factors.ask_for_code(
                session,
                Aim(
                    purpose=purpose,
                    recipient=recipient,
                    partner_id=self._partner_id(),
                    user_id=user_id,
                ),
                medium,
                locale=request["locale"] or self.call.locale,
                origin=origin,
                budgets=spending.budgets_of(self.settings),
                now=self.call.now,
            )
            return views.show_challenge(challenge, now=self.call.now)

        try:
            yield ask
        except TooManyAttempts as refusal:
            for recipient, origin in asked:
                with write() as session:
                    second_factors.note_refusal(
                        session, recipient, origin, refusal, now=self.call.now
                    )
            raise

    def _sign_in_guess(self, write: Write, login: str, request: Request) -> str:
        with self.database.read() as session:
            aim = second_factors.aim_behind(
                session,
                login=normal_login(login),
                challenge_id=request["challenge_id"],
                partner_id=self._partner_id(),
            )
        return self._guess_at(write, aim, request)

    def _guess_at(self, write: Write, aim: Aim, request: Request) -> str:
        challenge_id = self._guess(write, aim, request["code"] or "")
        # A newer one has taken its place.
        if challenge_id != request["challenge_id"]:
            raise Invalid("code_incorrect")
        return challenge_id

    def _owner(self, challenge: Challenge) -> int:
        assert challenge.user_id is not None
        return challenge.user_id


def _factor_in(request: Request) -> tuple[Medium, str]:
    medium: Medium = request["medium"]
    if medium is Medium.EMAIL:
        if request["email"] is None:
            raise Invalid("email_malformed", fields={"email": "required"})
        return medium, normal_email(request["email"])
    return medium, normal_phone(request["phone"], None)
