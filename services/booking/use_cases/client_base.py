"""The client base as staff keep it: who is in it, and what is known of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking.domain.custom_fields import Entity
from services.booking.domain.labels import FOR_CLIENTS
from services.booking.domain.people import Gender, Importance
from services.booking.events import ClientChanged
from services.booking.models import (
    UNCLAIMED_PHONE,
    Appointment,
    BlacklistEntry,
    Client,
    ClientComment,
    ClientLabel,
    Location,
    Visit,
    WaitlistEntry,
)
from services.booking.use_cases.clients import desk_contact, is_same_name
from services.booking.use_cases.custom_fields import corrected_answers
from services.booking.use_cases.labels import known_label_ids
from services.booking.use_cases.permissions import staff_location
from services.booking.use_cases.versions import refuse_outdated
from services.common.calls import Call
from services.common.db import violates
from services.common.errors import Conflict, Invalid, NotFound
from services.common.outbox import announce
from services.common.rights import Permission

CONTACT = ("name", "phone", "email")
CARD = (
    "surname",
    "patronymic",
    "discount_percent",
    "card",
    "birth_date",
    "comment",
    "wants_birthday_messages",
    "wants_mailings",
)
NOT_FOR_THE_BOOKS: dict[str, Any] = {
    "gender": Gender.UNKNOWN,
    "importance": Importance.NONE,
    "discount_percent": 0,
    "card": "",
    "birth_date": None,
    "comment": "",
    "custom_fields": {},
    "api_id": None,
}
"""What of a deleted client the appointments do not need, and what it becomes."""


def create_client(session: Session, request: Mapping[str, Any], call: Call) -> Client:
    """Add somebody; who was deleted is there again, with what is known now."""
    location = staff_location(session, call, request["location_id"], Permission.CLIENTS_EDIT)
    return add_client(session, location, request, call)


def add_client(
    session: Session, location: Location, request: Mapping[str, Any], call: Call
) -> Client:
    """The same, for whoever has found that staff may; ``client_exists`` where they are known."""
    contact = desk_contact({"phone": "", "email": None, **request}, location)
    _refuse_known(session, location.business_id, contact)
    client = _deleted_one(session, location.business_id, contact)
    if client is None:
        client = Client(business_id=location.business_id, created_at=call.now, **contact)
        session.add(client)
    else:
        client.deleted_at = None
        client.version += 1
    _fill_in(session, location, client, {**request, **contact}, call)
    _write(session)
    _set_labels(session, client, request)
    announce_client(session, client)
    return client


def update_client(session: Session, request: Mapping[str, Any], call: Call) -> Client:
    """Change whatever the request names, in a version that must be the newest where one is named.

    Phone and e-mail of somebody with an account are theirs to change, not the desk's.
    """
    location = staff_location(session, call, request["location_id"], Permission.CLIENTS_EDIT)
    client = find_client(session, location, request["client_id"], lock=True)
    refuse_outdated(client, request.get("version"))
    told = {name: getattr(client, name) or "" for name in CONTACT}
    contact = desk_contact({**told, **request}, location)
    if client.user_id is not None:
        _refuse_anothers_contact(client, contact)
    if contact["phone"] != client.phone and client.user_id is None:
        _refuse_known(session, location.business_id, contact, but=client.id)
        deleted = _deleted_one(session, location.business_id, contact)
        if deleted is not None:
            raise Conflict("client_exists", fields={"phone": "of a deleted client"})
    _fill_in(session, location, client, {**request, **contact}, call)
    client.version += 1
    _write(session)
    _set_labels(session, client, request)
    announce_client(session, client)
    return client


def delete_client(session: Session, *, location_id: int, client_id: int, call: Call) -> None:
    """Take somebody out of the client base. Twice is once.

    Who never had an appointment, nor waited for one, is gone. Of others stays what the books
    need: the name, phone and e-mail that their appointments are under, and whether they are
    blocked.
    """
    location = staff_location(session, call, location_id, Permission.CLIENTS_DELETE)
    client = session.get(Client, client_id, with_for_update=True)  # nothing new refers to them
    if client is None or client.business_id != location.business_id:
        raise NotFound("client_not_found", fields={"client_id": str(client_id)})
    if client.is_deleted:
        return
    for inner in (ClientComment, ClientLabel):
        session.execute(delete(inner).where(inner.client_id == client.id))
    client.deleted_at = client.changed_at = call.now
    client.version += 1
    for name, value in NOT_FOR_THE_BOOKS.items():
        setattr(client, name, value)
    client.make_searchable()
    session.flush()
    announce_client(session, client)
    if not session.scalar(select(_is_in_the_books(client.id))):
        session.execute(delete(Client).where(Client.id == client.id))
        session.expunge(client)


def come_back(session: Session, client: Client, call: Call) -> None:
    """Who has been deleted and has an appointment again is in the client base again."""
    if not client.is_deleted:
        return
    client.deleted_at, client.changed_at = None, call.now
    client.version += 1
    session.flush()
    announce_client(session, client)


def find_client(
    session: Session, location: Location, client_id: int, *, lock: bool = False
) -> Client:
    """The client of the location's business, or ``client_not_found``."""
    client = session.get(Client, client_id, with_for_update={"key_share": True} if lock else None)
    if client is None or client.business_id != location.business_id or client.is_deleted:
        raise NotFound("client_not_found", fields={"client_id": str(client_id)})
    return client


def announce_client(session: Session, client: Client) -> None:
    """Tell how the client is now."""
    labels = select(ClientLabel.label_id).where(ClientLabel.client_id == client.id)
    blocked = select(exists().where(BlacklistEntry.client_id == client.id))
    announce(
        session,
        ClientChanged.of(
            client,
            label_ids=list(session.scalars(labels.order_by(ClientLabel.label_id))),
            is_blocked=bool(session.scalar(blocked)),
        ),
    )


def _write(session: Session) -> None:
    """Write the client, or find that somebody has just added one with that phone."""
    try:
        session.flush()
    except IntegrityError as error:
        if violates(error, UNCLAIMED_PHONE):
            raise Conflict("client_exists", fields={"phone": "known"}) from error
        raise


def _fill_in(
    session: Session, location: Location, client: Client, request: Mapping[str, Any], call: Call
) -> None:
    born = request.get("birth_date")
    if born is not None and born > (call.now + timedelta(days=1)).date():
        raise Invalid("field_invalid", fields={"birth_date": "still to come"})
    for name in (*CONTACT, *CARD):
        if name in request:
            setattr(client, name, request[name])
    if "gender" in request:
        client.gender = Gender(request["gender"])
    if "importance" in request:
        client.importance = Importance(request["importance"])
    if "custom_fields" in request:
        client.custom_fields = corrected_answers(
            session, location, Entity.CLIENT, client.custom_fields or {}, request["custom_fields"]
        )
    client.changed_at = call.now
    client.make_searchable()


def _set_labels(session: Session, client: Client, request: Mapping[str, Any]) -> None:
    if "label_ids" not in request:
        return
    wanted = known_label_ids(session, client.business_id, request["label_ids"], FOR_CLIENTS)
    session.execute(delete(ClientLabel).where(ClientLabel.client_id == client.id))
    session.add_all(ClientLabel(client_id=client.id, label_id=one) for one in wanted)
    session.flush()


def _refuse_known(
    session: Session, business_id: int, contact: Mapping[str, Any], *, but: int | None = None
) -> None:
    """``client_exists``: somebody without an account has the phone, or with one and that name."""
    if contact["phone"] is None:
        return
    known = session.scalars(
        select(Client).where(
            Client.business_id == business_id,
            Client.phone == contact["phone"],
            Client.deleted_at.is_(None),
            Client.id != (but or 0),
        )
    )
    for client in known:
        if client.user_id is None or is_same_name(client.name, contact["name"]):
            raise Conflict(
                "client_exists", fields={"phone": "known"}, params={"client_id": client.id}
            )


def _deleted_one(session: Session, business_id: int, contact: Mapping[str, Any]) -> Client | None:
    """The deleted client without an account who still has the phone."""
    if contact["phone"] is None:
        return None
    return session.scalar(
        select(Client).where(
            Client.business_id == business_id,
            Client.phone == contact["phone"],
            Client.user_id.is_(None),
            Client.deleted_at.is_not(None),
        )
    )


def _refuse_anothers_contact(client: Client, contact: Mapping[str, Any]) -> None:
    for name in ("phone", "email"):
        known = getattr(client, name)
        if known is not None and contact[name] != known:
            raise Conflict("contact_of_an_account", fields={name: "of the client's own account"})


def _is_in_the_books(client_id: int) -> Any:
    return or_(
        exists().where(Appointment.client_id == client_id),
        exists().where(Visit.client_id == client_id),
        exists().where(BlacklistEntry.client_id == client_id),
        exists().where(WaitlistEntry.client_id == client_id),
    )
