"""Inviting people to work for a business: a letter with a link that can be opened once."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from services.auth.domain.codes import INVITE_STAFF
from services.auth.domain.grants import may_give, permissions_of
from services.auth.domain.limits import INVITATIONS
from services.auth.models import Invitation, Medium, StaffUser, Use
from services.auth.use_cases import codes, managing, rights, throttles
from services.auth.use_cases.links import look_at_link, open_link
from services.auth.use_cases.managing import Place, unless_usual
from services.auth.use_cases.staff import create_staff_user, revive
from services.common.calls import Call
from services.common.emails import normal_email
from services.common.errors import NotFound
from services.common.rights import Permission, Role, right_at

KEPT_FOR = timedelta(days=30)
INVITE = "invite_staff"


def invite(
    session: Session,
    call: Call,
    place: Place,
    *,
    email: str,
    role: Role,
    allow: Collection[str],
    refuse: Collection[str],
    all_locations: bool,
    partner_id: int,
    locale: str,
) -> Invitation:
    """Send somebody a letter that lets them work there, with no more rights than one's own.

    It is the same for addresses that have an account and for others. Invited
    again, they get the same link and what was said last.
    """
    own = managing.demand_at(call, Permission.USERS_EDIT, place, everywhere=all_locations)
    allowed = (set(permissions_of(role, None)) | set(allow)) - set(refuse)
    rights.demand_to_give(own, role, allowed)
    location_id = None if all_locations else place.location_id
    rights.refuse_owner_of_one(role, location_id)
    # Letters to strangers are not to be had without end.
    who = str(call.viewer["user_id"])
    throttles.count_or_refuse(session, INVITE, who, INVITATIONS, now=call.now)
    email = normal_email(email)
    challenge, _ = codes.request_code(
        session,
        codes.Aim(purpose=INVITE_STAFF, recipient=email, partner_id=partner_id),
        medium=Medium.EMAIL,
        locale=locale,
        now=call.now,
    )
    found = session.scalar(
        _open_at(place, call.now).where(
            Invitation.email == email, Invitation.location_id.is_not_distinct_from(location_id)
        )
    )
    invitation = found or Invitation(
        email=email, business_id=place.business_id, location_id=location_id, created_at=call.now
    )
    session.add(invitation)
    invitation.challenge_id = challenge.id
    invitation.role, invitation.permissions = role, unless_usual(role, allowed)
    invitation.invited_by = call.viewer["user_id"]
    invitation.expires_at = challenge.expires_at
    session.flush()
    return invitation


def list_invitations(session: Session, call: Call, place: Place) -> Sequence[Invitation]:
    """Those to this location, and those to all, that nobody has accepted yet."""
    managing.demand_at(call, Permission.USERS_VIEW, place)
    return session.scalars(_open_at(place, call.now)).all()


def withdraw(session: Session, call: Call, place: Place, invitation_id: int) -> None:
    """Take an invitation back: its link gives nothing. A second time it is not found."""
    invitation = session.scalar(
        _open_at(place, call.now).where(Invitation.id == invitation_id).with_for_update()
    )
    everywhere = invitation is not None and invitation.location_id is None
    own = managing.demand_at(call, Permission.USERS_EDIT, place, everywhere=everywhere)
    if invitation is None:
        raise NotFound("invitation_not_found")
    permissions = permissions_of(invitation.role, invitation.permissions)
    rights.demand_to_give(own, invitation.role, permissions)
    invitation.closed_at = call.now


def needs_account(session: Session, token: str, *, secret: str, now: datetime) -> str | None:
    """The login of the account that whoever was invited has still to get; None: they have one."""
    challenge = look_at_link(session, token, purpose=INVITE_STAFF, secret=secret, now=now)
    return None if _account(session, challenge.recipient) else challenge.recipient


def accept(
    session: Session,
    token: str,
    *,
    name: str,
    password_hash: str | None,
    secret: str,
    now: datetime,
) -> StaffUser:
    """Open the link: give the rights, to a new account if there is none with this address.

    Who was revoked comes back as who they were, with nothing that they could do before.

    Of several who open it at once the first gets in. ``link_over`` when nothing is
    left of what was offered: withdrawn, or by somebody who could not give it today.
    """
    challenge = open_link(session, token, purpose=INVITE_STAFF, secret=secret, now=now)
    offered = [
        invitation
        for invitation in session.scalars(
            select(Invitation)
            .where(Invitation.challenge_id == challenge.id, Invitation.closed_at.is_(None))
            .order_by(Invitation.id)
            .with_for_update()
        )
        if _is_still_good(session, invitation)
    ]
    if not offered or not codes.use_up(session, challenge.id, Use.ACCOUNT, now=now):
        raise NotFound("link_over")
    staff = _account(session, challenge.recipient)
    if staff is None and password_hash is None:
        raise NotFound("link_over")
    if staff is None:
        staff = revive(
            session, login=challenge.recipient, name=name, password_hash=password_hash or ""
        )
    if staff is None:
        staff = create_staff_user(
            session,
            login=challenge.recipient,
            password_hash=password_hash,
            name=name,
            business_id=None,
            email=challenge.recipient,
            now=now,
        )
    for invitation in offered:
        invitation.closed_at = now
        _give(session, staff, invitation, now=now)
    return staff


def forget_old(session: Session, *, now: datetime) -> None:
    session.execute(delete(Invitation).where(Invitation.expires_at < now - KEPT_FOR))


def _give(session: Session, staff: StaffUser, invitation: Invitation, *, now: datetime) -> None:
    """What somebody may do at that very place already stays as it is."""
    known = rights.rights_by_user(session, [staff.user_id])[staff.user_id]
    here = (invitation.business_id, invitation.location_id)
    if any((right["business_id"], right["location_id"]) == here for right in known):
        return
    rights.give_right(
        session,
        user_id=staff.user_id,
        business_id=invitation.business_id,
        location_id=invitation.location_id,
        role=invitation.role,
        permissions=invitation.permissions,
        now=now,
    )


def _is_still_good(session: Session, invitation: Invitation) -> bool:
    """Whether whoever invited could do so now."""
    inviter = session.get(StaffUser, invitation.invited_by)
    if inviter is None or inviter.revoked_at is not None:
        return False
    own = right_at(
        rights.rights_by_user(session, [inviter.user_id])[inviter.user_id],
        business_id=invitation.business_id,
        location_id=invitation.location_id,
    )
    permissions = permissions_of(invitation.role, invitation.permissions)
    return may_give(own, invitation.role, permissions)


def _account(session: Session, login: str) -> StaffUser | None:
    return session.scalar(
        select(StaffUser).where(StaffUser.login == login, StaffUser.revoked_at.is_(None))
    )


def _open_at(place: Place, now: datetime) -> Select[Invitation]:
    return (
        select(Invitation)
        .where(
            Invitation.business_id == place.business_id,
            or_(Invitation.location_id.is_(None), Invitation.location_id == place.location_id),
            Invitation.closed_at.is_(None),
            Invitation.expires_at > now,
        )
        .order_by(Invitation.id)
    )
