"""Whom a business takes no online bookings of: a phone, or a client with whatever phone."""

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from services.booking.models import BlacklistEntry, Client, Location
from services.booking.use_cases.client_base import announce_client, find_client
from services.booking.use_cases.clients import is_claimed
from services.booking.use_cases.permissions import staff_location
from services.common.calls import Call
from services.common.db import insert_into
from services.common.errors import Forbidden, Invalid, NotFound
from services.common.phones import normal_phone
from services.common.rights import Permission


def refuse_blocked(
    session: Session,
    business_id: int,
    call: Call,
    *phones: str | None,
    client_id: int | None = None,
) -> None:
    """``client_banned`` if one of the phones, or a client with it or of the viewer, is blocked.

    One statement, whoever asks and whatever is known of the phone.
    """
    if is_blocked(session, business_id, call.viewer, *phones, client_id=client_id):
        raise Forbidden("client_banned")


def is_blocked(
    session: Session,
    business_id: int,
    viewer: dict[str, Any],
    *phones: str | None,
    client_id: int | None = None,
) -> bool:
    user_id = viewer.get("user_id") if viewer.get("kind") == "client" else None
    told = {phone for phone in phones if phone}
    if user_id is not None and viewer.get("phone"):
        told.add(viewer["phone"])
    asked: dict[str, Any] = {"business_id": business_id, "phones": list(told)}
    if client_id is not None:
        asked["client_id"] = client_id
    if user_id is not None:
        asked["user_id"] = user_id
    return bool(session.scalar(_blocked(frozenset(asked)), asked))


@cache
def _blocked(told: frozenset[str]) -> Select[tuple[bool]]:
    """The question, by what it is asked with; made once, for every booking asks it."""
    phones: BindParameter[Any] = bindparam("phones", expanding=True)
    # Each way by its own index, and each of the two of phones by its own.
    meant: list[ColumnElement[bool]] = [
        and_(Client.phone.in_(phones), Client.user_id.is_(None)),
        and_(Client.phone.in_(phones), Client.user_id.is_not(None)),
    ]
    if "client_id" in told:
        meant.append(Client.id == bindparam("client_id"))
    if "user_id" in told:
        meant.append(is_claimed(bindparam("user_id", type_=BigInteger)))
    of_theirs = select(Client.id).where(Client.business_id == bindparam("business_id"))
    clients = union_all(*(of_theirs.where(way) for way in meant))
    of_business = BlacklistEntry.business_id == bindparam("business_id")
    return select(
        or_(
            exists().where(of_business, BlacklistEntry.phone.in_(phones)),
            exists().where(of_business, BlacklistEntry.client_id.in_(clients)),
        )
    )


def block(
    session: Session,
    *,
    location_id: int,
    phone: str | None,
    client_id: int | None,
    comment: str,
    call: Call,
) -> dict[str, Any]:
    """Take no more online bookings of them; who is blocked already stays so."""
    location = staff_location(session, call, location_id, Permission.CLIENTS_EDIT)
    if (phone is None) == (client_id is None):
        raise Invalid("phone_or_client", fields={"phone": "or client_id", "client_id": "or phone"})
    client = None
    condition = BlacklistEntry.client_id == client_id
    if client_id is not None:
        client = find_client(session, location, client_id, lock=True)
    else:
        phone = normal_phone(phone or "", location.city.country_code)
        condition = BlacklistEntry.phone == phone
    added = session.scalar(
        insert_into(session, BlacklistEntry)
        .values(
            business_id=location.business_id,
            phone=phone,
            client_id=client_id,
            comment=comment,
            created_by_user_id=call.viewer.get("user_id"),
            created_at=call.now,
        )
        .on_conflict_do_nothing()
        .returning(BlacklistEntry.id)
    )
    if added is not None:
        _tell(session, client, call)
    entry = session.scalars(
        select(BlacklistEntry).where(BlacklistEntry.business_id == location.business_id, condition)
    ).one()
    return _show(entry)


def unblock(session: Session, *, location_id: int, entry_id: int, call: Call) -> None:
    location = staff_location(session, call, location_id, Permission.CLIENTS_EDIT)
    entry = session.get(BlacklistEntry, entry_id, with_for_update=True)
    if entry is None or entry.business_id != location.business_id:
        raise NotFound("blacklist_entry_not_found")
    client = None
    if entry.client_id is not None:
        client = session.get(Client, entry.client_id, with_for_update={"key_share": True})
    session.delete(entry)
    session.flush()
    _tell(session, client, call)


def list_blacklist(
    session: Session, *, location_id: int, page: int, page_size: int, call: Call
) -> dict[str, Any]:
    """The newest first."""
    location: Location = staff_location(session, call, location_id, Permission.CLIENTS_VIEW)
    of_business = BlacklistEntry.business_id == location.business_id
    total = session.scalar(select(func.count()).select_from(BlacklistEntry).where(of_business))
    found = session.scalars(
        select(BlacklistEntry)
        .where(of_business)
        .order_by(BlacklistEntry.id.desc())
        .limit(page_size)
        .offset((page - 1) * page_size)
    )
    return {"items": [_show(one) for one in found], "total": total or 0}


def _tell(session: Session, client: Client | None, call: Call) -> None:
    if client is not None:
        client.version += 1
        client.changed_at = call.now
        session.flush()
        announce_client(session, client)


def _show(entry: BlacklistEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "phone": entry.phone,
        "client_id": entry.client_id,
        "comment": entry.comment,
        "created_by_user_id": entry.created_by_user_id,
        "created_at": entry.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
