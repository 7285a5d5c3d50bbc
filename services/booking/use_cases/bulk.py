"""Many clients at once: those who can be added are, of the others is told why not."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from services.booking.models import Client, Location
from services.booking.use_cases.client_base import add_client
from services.booking.use_cases.permissions import staff_location
from services.common.calls import Call
from services.common.errors import Refusal
from services.common.rights import Permission


def create_clients(
    session: Session, *, location_id: int, clients: Sequence[Mapping[str, Any]], call: Call
) -> tuple[Location, list[Client], list[dict[str, Any]]]:
    """The clients that were added, and {row, code, fields} of each that was not; rows from 0."""
    location = staff_location(session, call, location_id, Permission.CLIENTS_EDIT)
    created: list[Client] = []
    errors: list[dict[str, Any]] = []
    for row, client in enumerate(clients):
        try:
            with session.begin_nested():
                created.append(add_client(session, location, client, call))
        except Refusal as refusal:
            errors.append(
                {
                    "row": row,
                    "code": refusal.code,
                    "fields": refusal.fields,
                    "params": refusal.params,
                }
            )
    return location, created, errors
