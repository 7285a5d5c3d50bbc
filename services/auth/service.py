"""Auth: who is this? Every way in, nothing else."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from services.auth import views
from services.auth.accounts import Accounts
from services.auth.asking import Answer, Request, Write
from services.auth.domain.holders import is_recycled
from services.auth.domain.lifetimes import is_worth_noting
from services.auth.managing import Managing
from services.auth.models import Challenge, PartnerKey, Use
from services.auth.schemas.accounts import SignInSchema
from services.auth.schemas.agreements import AgreeSchema, DocumentsAtSchema
from services.auth.schemas.codes import GetCodeTextSchema, ProvePhoneSchema, RequestCodeSchema
from services.auth.schemas.events import proof_in
from services.auth.schemas.sending import ORIGIN, origin_of
from services.auth.schemas.sessions import (
    EndSessionSchema,
    EndSessionsSchema,
    IdentifySchema,
    SessionsSchema,
    SignOutSchema,
)
from services.auth.staff_passwords import StaffPasswords
from services.auth.use_cases import (
    code_texts,
    codes,
    consents,
    invitations,
    partner_keys,
    photos,
    sessions,
    signing_in,
    spending,
    throttles,
)
from services.common.bus import attempt, background, command, query, subscriber
from services.common.errors import Conflict, DeadlinePassed
from services.common.events import Envelope
from services.common.photos import open_folder
from services.common.viewers import proven_phone

NOT_LONG = 0.2
"""How many seconds a request waits at most for its session's last use to be written down."""


class AuthService(Accounts, StaffPasswords, Managing):
    name: ClassVar[str] = "auth"

    @query(IdentifySchema)
    def identify(self, session: Session, arguments: Request) -> Answer:
        partner = partner_keys.verify_partner_key(
            session, digest=arguments["partner_digest"], now=self.call.now
        )
        told, digest = views.show_partner(partner), arguments["user_digest"]
        if not digest:
            return {"partner": told, "user": None}
        known = self._signed_in(session, digest, partner)
        return {
            "partner": told | {"business_ids": known.business_ids},
            "user": self._shown_viewer(known),
        }

    @command(
        RequestCodeSchema,
        beside=ORIGIN,
        after_refusal=lambda service, *refused: service.note_decision(*refused),
    )
    def request_code(self, session: Session, request: Request) -> Answer:
        texts = self._agreed(session, request)
        challenge, seconds = self._send_code(session, request)
        self._keep_consents(session, texts, challenge, request)
        return self._shown(challenge, seconds)

    @attempt(ProvePhoneSchema)
    def prove_phone(self, write: Write, request: Request) -> Answer:
        aim = self._phone_aim(request)
        challenge_id, by_email = self._guess_either(write, aim, request["code"])
        with write() as session:
            proven = codes.accept_guess(session, challenge_id, by_email=by_email, now=self.call.now)
            consents.prove_consents(session, challenge_id, now=self.call.now)
            return views.show_proof(proven)

    @attempt(SignInSchema)
    def sign_in(self, write: Write, request: Request) -> Answer:
        aim = self._phone_aim(request)
        challenge_id, by_email = self._guess_either(write, aim, request["code"])
        known_ids = self._known_ids(write, aim.recipient, request)
        with write() as session:
            user, token = signing_in.sign_in(
                session,
                challenge_id,
                by_email=by_email,
                known_ids=known_ids,
                recycled_after=self._recycled_after(),
                where=self._from(request),
                now=self.call.now,
            )
            consents.prove_consents(session, challenge_id, user_id=user.id, now=self.call.now)
            return views.show_signed_in(user, None, token)

    @command(SignOutSchema)
    def sign_out(self, session: Session, request: Request) -> Answer:
        sessions.sign_out(session, **request, now=self.call.now)
        return {}

    @query(SessionsSchema)
    def list_sessions(self, session: Session, arguments: Request) -> Answer:
        listed = sessions.list_sessions(
            session, self._user_id(), lifetime=self._lifetime(), now=self.call.now
        )
        digest = arguments["user_digest"]
        return {"sessions": [views.show_session(one, digest=digest) for one in listed]}

    @command(EndSessionSchema)
    def end_session(self, session: Session, request: Request) -> Answer:
        sessions.end_session(session, user_id=self._user_id(), **request, now=self.call.now)
        return {}

    @command(EndSessionsSchema)
    def end_sessions(self, session: Session, request: Request) -> Answer:
        kept = None if request["with_current"] else request["user_digest"]
        sessions.end_sessions(session, self._user_id(), but=kept, now=self.call.now)
        return {}

    @query(DocumentsAtSchema)
    def list_documents(self, session: Session, arguments: Request) -> Answer:
        """What people are asked to accept at a location; of a signed-in viewer, what they have."""
        documents = consents.documents_at(
            session, arguments["location_id"], language=self.call.locale
        )
        viewer = self.call.viewer
        user_id, phone = viewer.get("user_id"), proven_phone(viewer)
        known = {} if user_id is None else consents.accepted_at(session, user_id, phone)
        return {"documents": [views.show_document(one, known) for one in documents]}

    @command(AgreeSchema)
    def agree(self, session: Session, request: Request) -> Answer:
        """A signed-in user accepts texts; what they accepted before need not be named again."""
        viewer, user_id = self.call.viewer, self._user_id()
        self._keep_new_consents(
            session,
            request,
            user_id=user_id,
            recipient=viewer.get("phone"),
            before=consents.accepted_at(session, user_id, proven_phone(viewer)),
        )
        return {}

    @query(GetCodeTextSchema)
    def get_code_text(self, session: Session, arguments: Request) -> Answer:
        return code_texts.get_code_text(
            session,
            **arguments,
            secret=self.settings.auth_secret,
            length=self.settings.code_length,
            now=self.call.now,
        )

    @subscriber("booking", "proof_used")
    def use_up_proof(self, session: Session, event: Envelope) -> None:
        codes.use_up(session, proof_in(event.data), Use.BOOKING, now=event.time)

    @background(every=600.0)
    def forget_old(self) -> bool:
        now = datetime.now(UTC)
        with self.database.write() as session:
            codes.forget_old(session, now=now)
            throttles.forget_old(session, now=now)
            invitations.forget_old(session, now=now)
            sessions.forget_old(session, lifetime=self._lifetime(), now=now)
            consents.forget_old(session, now=now)
            spending.forget_old(session, now=now)
        if self.settings.photo_folder:
            folder = open_folder(self.settings.photo_folder)
            with self.database.read() as session:
                photos.forget_unused(session, folder, now=now)
        return False

    def _signed_in(self, session: Session, digest: str, key: PartnerKey) -> sessions.SignedIn:
        """Whose token this is. Its use is written down, unless there is no time for that now."""
        known = sessions.find_signed_in(
            session, digest, key=key, lifetime=self._lifetime(), now=self.call.now
        )
        if is_worth_noting(known.session.last_used_at, self.call.now):
            left = self.call.seconds_left
            patience = NOT_LONG if left is None else min(left, NOT_LONG)
            with (
                suppress(Conflict, DeadlinePassed),
                self.database.write(seconds_left=patience, lock_seconds=patience) as writing,
            ):
                sessions.note_use(writing, known.session.id, now=self.call.now)
        return known

    def _shown_viewer(self, known: sessions.SignedIn) -> Answer:
        proven_at = known.user.phone_proven_at
        return views.show_viewer(
            known.user,
            known.staff,
            known.rights,
            phone_is_fresh=proven_at is not None
            and not is_recycled(proven_at, now=self.call.now, after=self._recycled_after()),
        )

    def _send_code(self, session: Session, request: Request) -> tuple[Challenge, int]:
        """The challenge, and how many seconds there are until the next code can be sent."""
        aim = self._phone_aim(request)
        if aim.recipient in self.settings.test_phones:
            origin = origin_of(request)
            return codes.request_test_code(session, aim, origin=origin, now=self.call.now), 0
        return self._send(session, aim, request, medium=request["medium"])
