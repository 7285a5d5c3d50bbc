"""The ways in for staff who manage their business's users and partner keys."""

from datetime import timedelta

from sqlalchemy.orm import Session

from services.auth import views
from services.auth.asking import Answer, Request, Write
from services.auth.schemas.partner_keys import (
    ChangePartnerKeySchema,
    CreatePartnerKeySchema,
    OfBusinessSchema,
    OnePartnerKeySchema,
    RotatePartnerKeySchema,
)
from services.auth.schemas.staff import (
    AcceptInvitationSchema,
    AtPlaceSchema,
    ChangeRightSchema,
    CopyRightSchema,
    InviteStaffSchema,
    PlacesSchema,
    RemoveStaffUserSchema,
    StaffUserAtSchema,
    WithdrawInvitationSchema,
)
from services.auth.use_cases import invitations, managing, partner_keys
from services.auth.use_cases.hashes import checked_hash
from services.auth.use_cases.managing import Place
from services.auth.use_cases.rights import demand, demand_within_key
from services.common.bus import Service, attempt, command, query
from services.common.errors import Forbidden, Invalid
from services.common.rights import Permission, right_at, rights_of


class Managing(Service):
    """Which location belongs to which business, the gateway says."""

    @query(AtPlaceSchema)
    def get_own_right(self, session: Session, arguments: Request) -> Answer:
        demand_within_key(self.call, arguments["business_id"])
        right = right_at(rights_of(self.call.viewer), **arguments)
        if right is None:
            raise Forbidden("forbidden")
        return {"right": dict(right)}

    @query(AtPlaceSchema)
    def list_staff_users(self, session: Session, arguments: Request) -> Answer:
        users = managing.list_users(session, self.call, Place(**arguments))
        return {"users": [views.show_staff_user(*user) for user in users]}

    @query(StaffUserAtSchema)
    def get_staff_user(self, session: Session, arguments: Request) -> Answer:
        user_id, place = arguments.pop("user_id"), Place(**arguments)
        return views.show_staff_user(*managing.find_user(session, self.call, place, user_id))

    @command(ChangeRightSchema)
    def change_right(self, session: Session, request: Request) -> Answer:
        right = managing.change_right(
            session, self.call, _place(request), **request, now=self.call.now
        )
        return {"right": dict(right)}

    @command(RemoveStaffUserSchema)
    def remove_staff_user(self, session: Session, request: Request) -> Answer:
        managing.remove_user(session, self.call, _place(request), **request)
        return {}

    @command(CopyRightSchema)
    def copy_right(self, session: Session, request: Request) -> Answer:
        managing.copy_right(
            session,
            self.call,
            _place(request),
            user_id=request["user_id"],
            places=[Place(**place) for place in request["places"]],
            now=self.call.now,
        )
        return {}

    @command(PlacesSchema)
    def remove_from_places(self, session: Session, request: Request) -> Answer:
        places = [Place(**place) for place in request["places"]]
        managing.remove_from(session, self.call, user_id=request["user_id"], places=places)
        return {}

    @command(InviteStaffSchema)
    def invite_staff(self, session: Session, request: Request) -> Answer:
        place, locale = _place(request), request.pop("locale") or self.call.locale
        partner_id = self.call.viewer["partner_id"]
        invitation = invitations.invite(
            session, self.call, place, **request, partner_id=partner_id, locale=locale
        )
        return views.show_invitation(invitation)

    @query(AtPlaceSchema)
    def list_invitations(self, session: Session, arguments: Request) -> Answer:
        listed = invitations.list_invitations(session, self.call, Place(**arguments))
        return {"invitations": [views.show_invitation(one) for one in listed]}

    @command(WithdrawInvitationSchema)
    def withdraw_invitation(self, session: Session, request: Request) -> Answer:
        invitations.withdraw(session, self.call, _place(request), request["invitation_id"])
        return {}

    @attempt(AcceptInvitationSchema)
    def accept_invitation(self, write: Write, request: Request) -> Answer:
        link = {"secret": self.settings.auth_secret, "now": self.call.now}
        with write() as session:
            login = invitations.needs_account(session, request["token"], **link)
        if login is not None and not request["name"].strip():
            raise Invalid("name_missing", fields={"name": "required"})
        # In no transaction: it takes its time, and SQLite has one writer.
        new = None if login is None else checked_hash(request["password"] or "", login)
        with write() as session:
            staff = invitations.accept(
                session, request["token"], name=request["name"], password_hash=new, **link
            )
            return {"login": staff.login}

    @query(OfBusinessSchema)
    def list_partner_keys(self, session: Session, arguments: Request) -> Answer:
        self._demand_keys(arguments)
        keys = partner_keys.list_partner_keys(session, **arguments)
        secrets = partner_keys.secrets_of(session, keys)
        return {"keys": [views.show_partner_key(key, secrets[key.id]) for key in keys]}

    @command(CreatePartnerKeySchema, is_stored=False)
    def create_partner_key(self, session: Session, request: Request) -> Answer:
        self._demand_keys(request)
        business_id = request.pop("business_id")
        key, secret = partner_keys.create_partner_key(
            session, **request, business_ids=[business_id], now=self.call.now
        )
        shown = views.show_partner_key(key, partner_keys.secrets_of(session, [key])[key.id])
        return {"key": shown, "secret": secret}

    @command(ChangePartnerKeySchema)
    def change_partner_key(self, session: Session, request: Request) -> Answer:
        self._demand_keys(request)
        key = partner_keys.change_partner_key(session, **request)
        return views.show_partner_key(key, partner_keys.secrets_of(session, [key])[key.id])

    @command(RotatePartnerKeySchema, is_stored=False)
    def rotate_partner_key(self, session: Session, request: Request) -> Answer:
        self._demand_keys(request)
        overlap = timedelta(seconds=request.pop("overlap_seconds"))
        key, secret = partner_keys.rotate_partner_key(
            session, **request, overlap=overlap, now=self.call.now
        )
        shown = views.show_partner_key(key, partner_keys.secrets_of(session, [key])[key.id])
        return {"key": shown, "secret": secret}

    @command(OnePartnerKeySchema)
    def revoke_partner_key(self, session: Session, request: Request) -> Answer:
        self._demand_keys(request)
        partner_keys.revoke_partner_key(session, **request, now=self.call.now)
        return {}

    def _demand_keys(self, request: Request) -> None:
        demand(self.call, Permission.KEYS_EDIT, business_id=request["business_id"])


def _place(request: Request) -> Place:
    """The place in a request, which then holds only the rest."""
    return Place(request.pop("business_id"), request.pop("location_id"))
