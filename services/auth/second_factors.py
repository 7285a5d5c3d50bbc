"""The ways in for staff who sign in: with a password, and a code where they want one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from services.auth import views
from services.auth.asking import Answer, Asking, Request, Write
from services.auth.domain.budgets import Origin
from services.auth.domain.codes import SET_SECOND_FACTOR, STAFF_SIGN_IN
from services.auth.domain.passwords import normal_login
from services.auth.models import Medium
from services.auth.schemas.second_factors import (
    BeginSecondFactorSchema,
    ConfirmSecondFactorSchema,
    SecondFactorCodeSchema,
    StaffSignInSchema,
)
from services.auth.schemas.sending import origin_of
from services.auth.use_cases import second_factors, spending, staff, tries
from services.auth.use_cases.codes import Aim
from services.auth.use_cases.signing_in import begin
from services.common.bus import attempt
from services.common.emails import normal_email
from services.common.errors import Invalid, TooManyAttempts, Unauthenticated
from services.common.phones import normal_phone


class SecondFactors(Asking):
    @attempt(StaffSignInSchema)
    def staff_sign_in(self, write: Write, request: Request) -> Answer:
        """With a password; or with the code, and the challenge that the password was answered by.

        A right password is no failure, whatever is asked for after it or cannot be sent;
        wrong codes are counted by themselves.
        """
        where, now = self._from(request), self.call.now
        if request["challenge_id"] is not None:
            user_id = self._sign_in_guess(write, request["login"], request)
            with write() as session:
                user, known = second_factors.accept_sign_in(
                    session, user_id, request["challenge_id"], now=now
                )
                return views.show_signed_in(user, known, begin(session, user, where, now=now))
        with write() as session:
            counted = tries.count_staff(session, request["login"], now=now)
        if not self._is_right(write, counted, request["password"]):
            raise Unauthenticated("password_incorrect")
        with self._counting(write, request) as ask, write() as session:
            user, known = staff.find_signing_in(session, counted)
            factor = second_factors.recipient_of(user, known)
            if factor is None:
                return views.show_signed_in(user, known, begin(session, user, where, now=now))
            return ask(session, user.id, STAFF_SIGN_IN, *factor)

    @attempt(BeginSecondFactorSchema)
    def begin_second_factor(self, write: Write, request: Request) -> Answer:
        medium, recipient = _factor_in(request)
        right = self._own_password(write, request["password"], field="password")
        with self._counting(write, request) as ask, write() as session:
            user, known = staff.find_signing_in(session, right)
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
            known = second_factors.switch_on(
                session,
                self._user_id(),
                challenge_id,
                user_digest=request["user_digest"],
                now=self.call.now,
            )
            return views.show_second_factor(known)

    @attempt(SecondFactorCodeSchema)
    def remove_second_factor(self, write: Write, request: Request) -> Answer:
        """With the answer to a password and its code: whoever has both could sign in anew."""
        with self.database.read() as session:
            _, known = second_factors.find(session, self._user_id())
            login = known.login
        user_id = self._sign_in_guess(write, login, request)
        with write() as session:
            _, known = second_factors.accept_sign_in(
                session, user_id, request["challenge_id"], now=self.call.now
            )
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
                    spending.note_refusal(session, recipient, origin, refusal, now=self.call.now)
            raise

    def _own_password(self, write: Write, typed: str, *, field: str) -> tries.Try:
        """The try, when this is the password of the staff user who is signed in."""
        with write() as session:
            _, known = second_factors.find(session, self._user_id())
            counted = tries.count_own(
                session, known.user_id, known.password_hash, now=self.call.now
            )
        if not self._is_right(write, counted, typed):
            raise Invalid("old_password_incorrect", fields={field: "incorrect"})
        return counted

    def _sign_in_guess(self, write: Write, login: str, request: Request) -> int:
        """Whose code it is, that goes with this challenge."""
        with write() as session:
            aim = second_factors.count_code(
                session,
                login=normal_login(login),
                challenge_id=request["challenge_id"],
                partner_id=self._partner_id(),
                now=self.call.now,
            )
        self._guess_at(write, aim, request)
        assert aim.user_id is not None
        return aim.user_id

    def _guess_at(self, write: Write, aim: Aim, request: Request) -> str:
        challenge_id = self._guess(write, aim, request["code"] or "")
        # A newer one has taken its place.
        if challenge_id != request["challenge_id"]:
            raise Invalid("code_incorrect")
        return challenge_id


def _factor_in(request: Request) -> tuple[Medium, str]:
    medium: Medium = request["medium"]
    if medium is Medium.EMAIL:
        if request["email"] is None:
            raise Invalid("email_malformed", fields={"email": "required"})
        return medium, normal_email(request["email"])
    return medium, normal_phone(request["phone"], None)
