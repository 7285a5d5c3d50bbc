"""The ways in for staff who choose another password."""

from typing import Any

from sqlalchemy.orm import Session

from services.auth import views
from services.auth.asking import Answer, Request, Write
from services.auth.schemas.sending import ORIGIN, origin_of
from services.auth.schemas.staff_passwords import (
    ChangeStaffPasswordSchema,
    RequestStaffResetSchema,
    ResetStaffPasswordSchema,
)
from services.auth.second_factors import SecondFactors
from services.auth.use_cases import spending, staff_passwords
from services.auth.use_cases.hashes import checked_hash, hash_of, refuse_unfit
from services.auth.use_cases.second_factors import find
from services.auth.use_cases.signing_in import begin
from services.common.bus import attempt, command
from services.common.errors import Refusal


class StaffPasswords(SecondFactors):
    @attempt(ChangeStaffPasswordSchema)
    def change_staff_password(self, write: Write, request: Request) -> Answer:
        where, now, user_id = self._from(request), self.call.now, self._user_id()
        with self.database.read() as session:
            user, known = find(session, user_id)
            refuse_unfit(request["new_password"], known.login, user.email)
        right = self._own_password(write, request["old_password"], field="old_password")
        new = hash_of(request["new_password"])
        with write() as session:
            user, known = staff_passwords.change_password(
                session, user_id, new, instead_of=right.password_hash, now=now
            )
            return views.show_signed_in(user, known, begin(session, user, where, now=now))

    @command(
        RequestStaffResetSchema,
        beside=ORIGIN,
        after_refusal=lambda service, *refused: service.note_reset_refused(*refused),
    )
    def request_staff_reset(self, session: Session, request: Request) -> Answer:
        staff_passwords.request_reset(
            session,
            request["login"],
            partner_id=self._partner_id(),
            locale=request["locale"] or self.call.locale,
            origin=origin_of(request),
            budgets=spending.budgets_of(self.settings),
            now=self.call.now,
        )
        return {}

    @attempt(ResetStaffPasswordSchema)
    def reset_staff_password_by_link(self, write: Write, request: Request) -> Answer:
        link: dict[str, Any] = {"secret": self.settings.auth_secret, "now": self.call.now}
        with self.database.read() as session:
            user_id, login = staff_passwords.find_by_link(session, request["token"], **link)
        # In no transaction: it takes its time, and SQLite has one writer.
        new = checked_hash(request["password"], login)
        with write() as session:
            staff_passwords.reset_password(session, user_id, request["token"], new, **link)
            return {}

    def note_reset_refused(self, session: Session, request: Request, refusal: Refusal) -> None:
        """Count why no letter was sent; none of them goes to a phone."""
        spending.note_refusal(session, "", origin_of(request), refusal, now=self.call.now)
