"""The ways in for clients' accounts: passwords, accounts by e-mail, profiles."""

import base64
from typing import Any

from sqlalchemy.orm import Session

from services.auth import views
from services.auth.asking import Answer, Asking, Request, Write, login_in, phone_in
from services.auth.domain.codes import RESET_PASSWORD
from services.auth.domain.holders import is_recycled
from services.auth.models import DocumentKind, User
from services.auth.schemas.accounts import (
    ChangePasswordSchema,
    ChangePhotoSchema,
    ChangeProfileSchema,
    GetPhotoSchema,
    LinkWithPasswordSchema,
    LookAtLinkSchema,
    NoArgumentsSchema,
    PasswordSignInSchema,
    RequestEmailChangeSchema,
    RequestPasswordResetSchema,
    RequestPhoneChangeSchema,
    ResetPasswordSchema,
    SignUpSchema,
)
from services.auth.schemas.sending import ORIGIN
from services.auth.use_cases import (
    codes,
    consents,
    passwords,
    photos,
    profiles,
    sign_ups,
    signing_in,
    tries,
)
from services.auth.use_cases.hashes import checked_hash, hash_of, matches, refuse_unfit
from services.auth.use_cases.links import look_at_link, open_link
from services.common.bus import attempt, command, query
from services.common.emails import normal_email
from services.common.errors import Invalid, TooManyAttempts
from services.common.photos import open_folder


def note_refusal(service: Asking, *refused: Any) -> None:
    service.note_decision(*refused)


class Accounts(Asking):
    """Whatever clients do with their own account, or to get one."""

    @attempt(PasswordSignInSchema)
    def sign_in_with_password(self, write: Write, request: Request) -> Answer:
        self._demand_passwords()
        where, now = self._from(request), self.call.now
        right = self._right_password(write, login_in(request), request["password"])
        with write() as session:
            user, token = signing_in.sign_in_with_password(session, right, where=where, now=now)
            self._accept_texts(session, user, request)
            return views.show_signed_in(user, None, token)

    @attempt(ChangePasswordSchema)
    def change_password(self, write: Write, request: Request) -> Answer:
        self._demand_passwords()
        where, now, user_id = self._from(request), self.call.now, self._client_id()
        with write() as session:
            user = profiles.get_profile(session, user_id)
            old = user.password_hash
            refuse_unfit(request["new_password"], user.phone, user.email)
            if old is None:
                passwords.demand_fresh_proof(user, now=now)
            else:
                counted = tries.count_own(session, user_id, old, now=now)
        if old is not None and not self._is_right(write, counted, request["old_password"] or ""):
            raise Invalid("old_password_incorrect", fields={"old_password": "incorrect"})
        new = hash_of(request["new_password"])
        with write() as session:
            user = passwords.change_password(session, user_id, new, instead_of=old, now=now)
            token = signing_in.begin(session, user, where, now=now)
            return views.show_signed_in(user, None, token)

    @command(RequestPasswordResetSchema, beside=ORIGIN, after_refusal=note_refusal)
    def request_password_reset(self, session: Session, request: Request) -> Answer:
        self._demand_passwords()
        return self._shown(*self._send(session, self._reset_aim(request), request))

    @attempt(ResetPasswordSchema)
    def reset_password(self, write: Write, request: Request) -> Answer:
        self._demand_passwords()
        aim, where = self._reset_aim(request), self._from(request)
        new = checked_hash(request["password"], aim.recipient)
        challenge_id = self._guess(write, aim, request["code"])
        with write() as session:
            user = passwords.reset_password(
                session,
                codes.accept_guess(session, challenge_id, now=self.call.now),
                new,
                recycled_after=self._recycled_after(),
                now=self.call.now,
            )
            self._accept_texts(session, user, request)
            token = signing_in.begin(session, user, where, now=self.call.now)
            return views.show_signed_in(user, None, token)

    @query(LookAtLinkSchema)
    def look_at_link(self, session: Session, arguments: Request) -> Answer:
        return views.show_link(look_at_link(session, **arguments, **self._link_facts()))

    @attempt(LinkWithPasswordSchema)
    def reset_password_by_link(self, write: Write, request: Request) -> Answer:
        self._demand_passwords()
        facts: dict[str, Any] = {"purpose": RESET_PASSWORD, **self._link_facts()}
        with write() as session:
            recipient = look_at_link(session, request["token"], **facts).recipient
        new = checked_hash(request["password"], recipient)
        with write() as session:
            passwords.reset_password(
                session,
                open_link(session, request["token"], **facts),
                new,
                recycled_after=self._recycled_after(),
                now=self.call.now,
            )
            return {}

    @attempt(SignUpSchema)
    def sign_up(self, write: Write, request: Request) -> Answer:
        self._demand_passwords()
        email, partner_id = normal_email(request["email"]), self._partner_id()
        # Whether or not there is an account: the time it takes must not tell.
        password_hash = checked_hash(request["password"], email)
        name = " ".join(request["name"].split())
        try:
            with write() as session:
                texts = self._agreed(session, request, needed=[DocumentKind.USER_AGREEMENT])
                aim = sign_ups.aim_of(session, email, partner_id=partner_id)
                challenge, seconds = self._send(session, aim, request)
                wish = sign_ups.sign_up(session, challenge, name, password_hash, now=self.call.now)
                consents.keep_consents(
                    session,
                    texts,
                    self._whence(request),
                    recipient=email,
                    sign_up_id=wish.id,
                    now=self.call.now,
                )
                return self._shown(challenge, seconds)
        except TooManyAttempts as refusal:
            with write() as session:
                self.note_decision(session, request, refusal)
            raise

    @attempt(LinkWithPasswordSchema)
    def confirm_sign_up(self, write: Write, request: Request) -> Answer:
        self._demand_passwords()
        token, facts = request["token"], self._link_facts()
        with write() as session:
            wishes = sign_ups.count_try(session, token, **facts)
        own = next((one for one in wishes if matches(one.password_hash, request["password"])), None)
        if own is None:
            raise Invalid("password_incorrect")
        with write() as session:
            sign_ups.confirm_sign_up(session, token, own, **facts)
            return {}

    @query(NoArgumentsSchema)
    def get_profile(self, session: Session, arguments: Request) -> Answer:
        return views.show_profile(profiles.get_profile(session, self._client_id()))

    @query(GetPhotoSchema)
    def get_photo(self, session: Session, arguments: Request) -> Answer:
        folder = open_folder(self.settings.photo_folder)
        content = photos.read_photo(session, folder, arguments["name"])
        return {"content": base64.b64encode(content).decode()}

    @attempt(ChangePhotoSchema)
    def change_photo(self, write: Write, request: Request) -> Answer:
        """The picture is on the disk before anybody has it: a crash leaves one that is nobody's."""
        folder, user_id = open_folder(self.settings.photo_folder), self._client_id()
        content = request["content"]
        name = None if content is None else folder.save(base64.b64decode(content))
        with write() as session:
            return views.show_profile(photos.change_photo(session, user_id, name))

    @command(RequestPhoneChangeSchema, beside=ORIGIN, after_refusal=note_refusal)
    def request_phone_change(self, session: Session, request: Request) -> Answer:
        return self._shown(*self._send(session, self._own_phone_aim(request), request))

    @command(RequestEmailChangeSchema, beside=ORIGIN, after_refusal=note_refusal)
    def request_email_change(self, session: Session, request: Request) -> Answer:
        return self._shown(*self._send(session, self._own_email_aim(request), request))

    @attempt(ChangeProfileSchema)
    def change_profile(self, write: Write, request: Request) -> Answer:
        user_id = self._client_id()
        with self.database.read() as session:
            before = profiles.get_profile(session, user_id)
        changes = profiles.Changes(
            plain=request,
            phone_challenge_id=self._new_phone(write, before, request),
            **self._new_email(write, before, request),
        )
        with write() as session:
            user = profiles.change_profile(
                session,
                user_id,
                changes,
                recycled_after=self._recycled_after(),
                now=self.call.now,
            )
            return views.show_profile(user)

    def _accept_texts(self, session: Session, user: User, request: Request) -> None:
        """What they accept as they sign in; ``consent_required`` for what they have yet to."""
        has_phone = user.phone_proven_at is not None and not is_recycled(
            user.phone_proven_at, now=self.call.now, after=self._recycled_after()
        )
        self._keep_new_consents(
            session,
            request,
            user_id=user.id,
            recipient=views.login_of(user),
            before=consents.accepted_at(session, user.id, user.phone if has_phone else None),
        )

    def _new_phone(self, write: Write, before: User, request: Request) -> str | None:
        """The challenge that proves another phone; None when it stays as it is."""
        if not request["phone"]:
            return None
        aim = self._own_phone_aim(request)
        if aim.recipient == before.phone and not request["phone_code"]:
            return None
        if not request["phone_code"]:
            raise Invalid("code_incorrect", fields={"confirmation_code": "required"})
        return self._guess(write, aim, request["phone_code"])

    def _new_email(self, write: Write, before: User, request: Request) -> dict[str, str]:
        """The challenge that proves another e-mail, or the e-mail that is merely told."""
        if request["email"] is None:
            return {}
        if not request["email"]:
            return {"told_email": ""}
        aim = self._own_email_aim(request)
        if request["email_code"]:
            return {"email_challenge_id": self._guess(write, aim, request["email_code"])}
        if before.email_proven_at is not None and aim.recipient != before.email:
            raise Invalid("code_incorrect", fields={"email_confirmation_code": "required"})
        return {"told_email": aim.recipient}

    def _reset_aim(self, request: Request) -> codes.Aim:
        return codes.Aim(
            purpose=RESET_PASSWORD, recipient=login_in(request), partner_id=self._partner_id()
        )

    def _own_phone_aim(self, request: Request) -> codes.Aim:
        return profiles.phone_aim(
            phone_in(request), user_id=self._client_id(), partner_id=self._partner_id()
        )

    def _own_email_aim(self, request: Request) -> codes.Aim:
        return profiles.email_aim(
            normal_email(request["email"]),
            user_id=self._client_id(),
            partner_id=self._partner_id(),
        )

    def _link_facts(self) -> dict[str, Any]:
        return {"secret": self.settings.auth_secret, "now": self.call.now}
