"""A business's client base: finding people by what they tell, and adding those who are new."""

from datetime import datetime
from typing import Any

from marshmallow import ValidationError, validate
from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from services.booking.models import Client, Location
from services.common.calls import Call
from services.common.db import Database, insert_into
from services.common.errors import Invalid
from services.common.phones import normal_phone

is_email = validate.Email()


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


def find_or_add_client(
    session: Session, business_id: int, contact: dict[str, Any], *, now: datetime
) -> Client:
    """The business's unclaimed client with this phone; a new one if there is none, or no phone.

    What is known about a client stays: who merely knows a number must not rename its owner.
    """
    wanted = select(Client).where(
        Client.business_id == business_id,
        Client.phone == contact["phone"],
        Client.user_id.is_(None),
    )
    if contact["phone"] is None:
        without_phone = Client(business_id=business_id, created_at=now, **contact)
        session.add(without_phone)
        session.flush()
        return without_phone
    while (client := session.scalar(wanted)) is None:
        session.execute(
            insert_into(session, Client)
            .values(business_id=business_id, created_at=now, **contact)
            .on_conflict_do_nothing()
        )
    return client


def _email(details: dict[str, Any]) -> str | None:
    email = (details["email"] or "").strip() or None
    if email is not None:
        try:
            is_email(email)
        except ValidationError as error:
            raise Invalid("email_malformed", fields={"email": "not an address"}) from error
    return email


def client_who_books(
    session: Session, business_id: int, contact: dict[str, Any], call: Call
) -> Client:
    """The client an online booking is for: the signed-in person themself, if it is their phone."""
    viewer = call.viewer
    if viewer.get("kind") == "client" and viewer.get("phone") == contact["phone"]:
        claim_clients(session, call)
        own = session.scalar(
            select(Client)
            .where(Client.business_id == business_id, Client.user_id == viewer["user_id"])
            .order_by(Client.id)
            .limit(1)
        )
        if own is not None:
            return own
        client = find_or_add_client(session, business_id, contact, now=call.now)
        client.user_id = viewer["user_id"]
        return client
    return find_or_add_client(session, business_id, contact, now=call.now)


def claim_clients(session: Session, call: Call) -> None:
    """Make every unclaimed client with the viewer's proven phone the viewer's, in every business.

    What somebody else has claimed stays theirs, whoever has the number now.
    """
    viewer = call.viewer
    if viewer.get("kind") != "client" or not viewer.get("phone"):
        return
    session.execute(
        update(Client)
        .where(Client.user_id.is_(None), Client.phone == viewer["phone"])
        .values(user_id=viewer["user_id"])
    )


def claim_at_first_sight(database: Database, call: Call) -> None:
    """Claim in a transaction of its own, but only when there is something to claim."""
    if call.viewer.get("kind") != "client" or not call.viewer.get("phone"):
        return
    with database.read() as session:
        unclaimed = select(Client.id).where(
            Client.user_id.is_(None), Client.phone == call.viewer["phone"]
        )
        if session.scalar(unclaimed.limit(1)) is None:
            return
    with database.write(seconds_left=call.seconds_left) as session:
        claim_clients(session, call)


def own_client_ids(session: Session, call: Call, business_id: int | None) -> list[int]:
    """The viewer's clients: those claimed, and those that the next write will claim."""
    viewer = call.viewer
    if viewer.get("kind") != "client" or viewer.get("user_id") is None:
        return []
    own = Client.user_id == viewer["user_id"]
    if viewer.get("phone"):
        own = or_(own, and_(Client.user_id.is_(None), Client.phone == viewer["phone"]))
    wanted = select(Client.id).where(own).order_by(Client.id)
    if business_id is not None:
        wanted = wanted.where(Client.business_id == business_id)
    return list(session.scalars(wanted))
