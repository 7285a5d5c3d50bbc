"""Who comes to imported appointments: clients that are known, and those whom their rows add."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models import Client
from services.booking.use_cases.imports.clients import (
    NOTHING,
    ClientBase,
    Known,
    add_clients,
    change_clients,
    events_of,
    searchable,
)
from services.booking.use_cases.imports.reading import Line, in_chunks
from services.booking.use_cases.imports.wishes import Wish
from services.common.calls import Call
from services.common.imports import Report
from services.common.outbox import announce_all


class Attendees:
    """The client of each wish, found as the desk finds them; nobody for who is not named."""

    def __init__(
        self,
        session: Session,
        business_id: int,
        wishes: Sequence[Wish],
        report: Report,
        call: Call,
    ) -> None:
        self._business_id, self._call = business_id, call
        self._new: dict[str, Known] = {}
        self._back: dict[int, Known] = {}
        self._of: dict[int, Known] = {}
        sought = {wish.line.number: _sought(wish) for wish in wishes}
        base = ClientBase(session, business_id, list(sought.values()))
        for wish in wishes:
            number = wish.line.number
            found = base.find(sought[number]) or self._added(wish, report)
            if found is None:
                continue
            if found.get("deleted_at") is not None:
                found = self._back.setdefault(found["id"], self._come_back(found))
            self._of[number] = found

    def write(self, session: Session, report: Report) -> dict[int, Client]:
        """The clients by the numbers of their rows; who is new has been added."""
        add_clients(session, list(self._new.values()), report, self._call)
        back = list(self._back.values())
        change_clients(session, back)
        announce_all(session, events_of(session, [], back, report))
        ids = {known["id"] for known in self._of.values()}
        clients: dict[int, Client] = {}
        for chunk in in_chunks(ids):
            these = select(Client).where(Client.id.in_(chunk))
            found = session.scalars(these.execution_options(populate_existing=True))
            clients |= {client.id: client for client in found}
        return {number: clients[known["id"]] for number, known in self._of.items()}

    def _added(self, wish: Wish, report: Report) -> Known | None:
        """Somebody new, if the row says enough of them."""
        told, number = wish.told, wish.line.number
        if "client" in told:
            report.refuse(number, "client", f"there is no client «{told['client']}»")
        elif wish.phone is not None and "client_name" not in told:
            reason = "must not be empty: nobody is known by this phone alone"
            report.refuse(number, "client_name", reason)
        elif wish.phone is not None:
            facts = {
                "business_id": self._business_id,
                "name": told["client_name"],
                "phone": wish.phone,
                "email": told.get("client_email"),
            }
            return self._new.setdefault(wish.phone, searchable({**NOTHING, **facts}, self._call))
        return None

    def _come_back(self, deleted: Known) -> Known:
        changes = {"deleted_at": None, "version": deleted["version"] + 1}
        return searchable({**deleted, **changes}, self._call)


def contact_of(wish: Wish, client: Client | None) -> dict[str, Any]:
    """What an appointment says of its client; the e-mail only if this row says it.

    Whoever proves an address sees what is booked under it (``clients.claim_clients``), and the
    address in a client base may be one that a stranger has typed.
    """
    if client is None:
        return {}
    return {
        "name": wish.told.get("client_name", client.name),
        "phone": wish.phone or client.phone,
        "email": wish.told.get("client_email"),
    }


def _sought(wish: Wish) -> Line:
    told = wish.told
    if "client" in told:
        return Line(wish.line.number, {"external_id": told["client"]})
    return Line(wish.line.number, {"phone": wish.phone, "name": told.get("client_name", "")})
