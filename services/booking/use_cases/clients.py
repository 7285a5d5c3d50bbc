"""A business's client base: finding people by what they tell, and adding those who are new."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from services.booking.models import Appointment, Business, Client, Location, MergedUser
from services.booking.use_cases.locks import lock_business
from services.common.calls import Call
from services.common.db import Database, for_dialect, insert_into, lock_table
from services.common.emails import normal_email
from services.common.errors import Invalid
from services.common.phones import normal_phone
from services.common.viewers import proven_phone


def contact_of(details: dict[str, Any], location: Location) -> dict[str, Any]:
    """Name, phone in E.164 and e-mail as they will be stored; refused when one is wrong or missing.

    A number without a country is read as one of the location's.
    """
    name = " ".join(details["name"].split())
    if not name:
        raise Invalid("name_missing", fields={"name": "required"})
    email = _email(details)
    if email is None and location.email_required:
        raise Invalid("email_required", fields={"email": "required"})
    phone = normal_phone(details["phone"], location.city.country_code)
    return {"name": name, "phone": phone, "email": email}


def desk_contact(details: dict[str, Any], location: Location) -> dict[str, Any]:
    """The same for clients that staff write down: whoever comes by may leave no phone or e-mail."""
    name = " ".join(details["name"].split())
    if not name:
        raise Invalid("name_missing", fields={"name": "required"})
    phone = details["phone"].strip() or None
    return {
        "name": name,
        "phone": normal_phone(phone, location.city.country_code) if phone else None,
        "email": _email(details),
    }


def _kept(wanted: Select[Client]) -> Select[Client]:
    """These clients are about to have something: whoever deletes one waits for it."""
    return wanted.with_for_update(read=True, key_share=True)


_UNCLAIMED = _kept(
    select(Client).where(
        Client.business_id == bindparam("business_id"),
        Client.phone == bindparam("phone"),
        Client.user_id.is_(None),
    )
)


@for_dialect
def _addition(insert: Any) -> Any:
    return insert(Client).on_conflict_do_nothing().returning(Client)


def find_or_add_client(
    session: Session, business_id: int, contact: dict[str, Any], *, now: datetime
) -> Client:
    """The business's unclaimed client with this phone; a new one if there is none, or no phone.

    What is known about a client stays: who merely knows a number must not rename its owner.
    """
    if contact["phone"] is None:
        without_phone = Client(business_id=business_id, created_at=now, **contact)
        session.add(without_phone)
        session.flush()
        return without_phone
    new = {"business_id": business_id, "created_at": now, **contact}
    while True:
        client: Client | None = session.scalar(_UNCLAIMED, new) or session.scalar(
            _addition(session), new
        )
        if client is not None:
            return client


def client_at_desk(
    session: Session, business_id: int, contact: dict[str, Any], *, now: datetime
) -> Client:
    """The client that staff mean: somebody with an account, if phone and name are theirs.

    The phone alone is not enough, for it may have changed hands: then the newest
    account with it is meant, and of several clients of that account the first.
    """
    if contact["phone"] is None:
        return find_or_add_client(session, business_id, contact, now=now)
    with_phone = session.execute(
        select(Client.user_id, Client.name)
        .where(
            Client.business_id == business_id,
            Client.phone == contact["phone"],
            Client.user_id.is_not(None),
        )
        .order_by(Client.id.desc())
    )
    for user_id, name in with_phone:
        if is_same_name(name, contact["name"]):
            of_account = select(Client).where(
                Client.business_id == business_id, Client.user_id == user_id
            )
            first = session.scalar(_kept(of_account.order_by(Client.id).limit(1)))
            if first is not None:  # else staff have just deleted them
                return first
    return find_or_add_client(session, business_id, contact, now=now)


def is_same_name(one: str, other: str) -> bool:
    """Whether two names differ in nothing but case and spaces."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _email(details: dict[str, Any]) -> str | None:
    email = (details["email"] or "").strip()
    return normal_email(email) if email else None


def client_who_books(
    session: Session, business: Business, contact: dict[str, Any], call: Call
) -> Client:
    """The client an online booking is for: the signed-in person themself, if it is their contact.

    Their phone also makes an unclaimed client theirs, while it is surely still theirs.
    Their e-mail does not: with the phone beside it somebody else may have booked.
    """
    viewer = call.viewer
    has_phone = viewer.get("phone") is not None and viewer["phone"] == contact["phone"]
    has_email = viewer.get("email") is not None and viewer["email"] == contact["email"]
    is_theirs = viewer.get("kind") == "client" and (has_phone or has_email)
    if not (is_theirs and business.client_accounts):
        return find_or_add_client(session, business.id, contact, now=call.now)
    claim_clients(session, call)
    own = _kept(
        select(Client)
        .where(Client.business_id == business.id, is_claimed_by(viewer))
        .order_by(Client.id)
        .limit(1)
    )
    client = session.scalar(own)
    if client is None:
        lock_business(session, business.id)
        client = session.scalar(own)
    if client is not None:
        return client
    if proven_phone(viewer) == contact["phone"]:
        client = find_or_add_client(session, business.id, contact, now=call.now)
        client.user_id = viewer["user_id"]
        return client
    client = Client(
        business_id=business.id, user_id=viewer["user_id"], created_at=call.now, **contact
    )
    session.add(client)
    session.flush()
    return client


def claim_clients(session: Session, call: Call) -> None:
    """Make every unclaimed client with what the viewer has proven the viewer's, in every business.

    What somebody else has claimed stays theirs, whoever has the number now.
    """
    claimable = _is_claimable(call.viewer)
    if claimable is None:
        return
    user_id = call.viewer["user_id"]
    merged = select(MergedUser.into_user_id).where(MergedUser.user_id == user_id)
    session.execute(
        update(Client)
        .where(claimable)
        .values(user_id=func.coalesce(merged.scalar_subquery(), user_id))
        .execution_options(synchronize_session=False)
    )


def claim_at_first_sight(database: Database, call: Call) -> None:
    """Claim in a transaction of its own, but only when there is something to claim."""
    claimable = _is_claimable(call.viewer)
    if claimable is None:
        return
    with database.read() as session:
        if session.scalar(select(Client.id).where(claimable).limit(1)) is None:
            return
    with database.write(seconds_left=call.seconds_left) as session:
        claim_clients(session, call)


def own_client_ids(session: Session, call: Call, business_id: int | None) -> list[int]:
    """The viewer's clients: those claimed, and those that the next write will claim.

    Only at businesses that have accounts for clients, and that the front end is for.
    """
    viewer = call.viewer
    if viewer.get("kind") != "client" or viewer.get("user_id") is None:
        return []
    wanted = select(Client.id).where(_has_accounts())
    if business_id is not None:
        wanted = wanted.where(Client.business_id == business_id)
    if viewer.get("partner_business_ids") is not None:
        wanted = wanted.where(Client.business_id.in_(viewer["partner_business_ids"]))
    ways = (is_claimed_by(viewer), _is_claimable(viewer))
    # Each way by its own index: joined by OR they would be looked for in every client.
    found = union(*(wanted.where(way) for way in ways if way is not None))
    return sorted(session.scalars(found))


def follow_merge(session: Session, user_id: int, into_user_id: int) -> None:
    """Let what was one account's be another's, whatever order merges are heard of in."""
    lock_table(session, MergedUser.__tablename__)
    final = session.scalar(
        select(MergedUser.into_user_id).where(MergedUser.user_id == into_user_id)
    )
    into_user_id = final or into_user_id
    session.execute(
        insert_into(session, MergedUser)
        .values(user_id=user_id, into_user_id=into_user_id)
        .on_conflict_do_nothing()
    )
    session.execute(
        update(MergedUser)
        .where(MergedUser.into_user_id == user_id)
        .values(into_user_id=into_user_id)
    )
    session.execute(update(Client).where(Client.user_id == user_id).values(user_id=into_user_id))


def is_claimed_by(viewer: dict[str, Any]) -> ColumnElement[bool]:
    """Whether a client is the viewer's, or was claimed for an account that is theirs by now."""
    return is_claimed(literal(viewer["user_id"]))


def is_claimed(user_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The same for a statement that is told the user as a parameter."""
    merged = select(MergedUser.user_id).where(MergedUser.into_user_id == user_id)
    return Client.user_id.in_(union_all(select(user_id), merged))


def _is_claimable(viewer: dict[str, Any]) -> ColumnElement[bool] | None:
    """Whether nobody has claimed a client who has the viewer's proven phone or e-mail.

    The phone counts while it surely has no other owner. An e-mail counts only where
    it was given with every appointment: anybody can name their own beside somebody
    else's phone, before that person ever books.
    """
    if viewer.get("kind") != "client" or viewer.get("user_id") is None:
        return None
    ways: list[ColumnElement[bool]] = []
    if phone := proven_phone(viewer):
        ways.append(Client.phone == phone)
    if email := viewer.get("email"):
        other = select(Appointment.id).where(
            Appointment.client_id == Client.id,
            func.coalesce(Appointment.contact["email"].as_string(), "") != email,
        )
        ways.append(and_(Client.email == email, ~other.exists()))
    return and_(Client.user_id.is_(None), or_(*ways), _has_accounts()) if ways else None


def _has_accounts() -> ColumnElement[bool]:
    return Client.business_id.in_(select(Business.id).where(Business.client_accounts))
