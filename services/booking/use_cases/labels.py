"""Labels: words with a colour that staff put on clients and appointments."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.booking.domain.labels import Entity
from services.booking.models import ClientLabel, Label
from services.booking.use_cases.permissions import staff_location
from services.common.calls import Call
from services.common.errors import NotFound
from services.common.rights import Permission


def list_labels(
    session: Session, *, location_id: int, entity: str | None, call: Call
) -> list[dict[str, Any]]:
    """Those of the business for that, or all; what is for everything is listed everywhere."""
    location = staff_location(session, call, location_id, None)
    wanted = select(Label).where(Label.business_id == location.business_id).order_by(Label.id)
    if entity is not None:
        wanted = wanted.where(Label.entity.in_({Entity(entity), Entity.COMMON}))
    return [show_label(one) for one in session.scalars(wanted)]


def create_label(session: Session, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
    location = staff_location(session, call, request["location_id"], Permission.SETTINGS_EDIT)
    label = Label(
        business_id=location.business_id,
        entity=Entity(request["entity"]),
        created_at=call.now,
        **{name: request[name] for name in ("title", "color", "icon", "font_color")},
    )
    session.add(label)
    session.flush()
    return show_label(label)


def update_label(session: Session, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
    label = _label(session, request, call)
    for name in ("title", "color", "icon", "font_color"):
        if name in request:
            setattr(label, name, request[name])
    return show_label(label)


def delete_label(session: Session, request: Mapping[str, Any], call: Call) -> None:
    """Take it off whatever it was put on, too."""
    label = _label(session, request, call)
    session.execute(delete(ClientLabel).where(ClientLabel.label_id == label.id))
    session.delete(label)


def known_label_ids(
    session: Session, business_id: int, wanted: Sequence[int], kinds: Sequence[Entity]
) -> list[int]:
    """Each id once, in their order; ``label_not_found`` if one is not such a label."""
    ids = list(dict.fromkeys(wanted))
    if not ids:
        return []
    found = set(
        session.scalars(
            select(Label.id).where(
                Label.id.in_(ids), Label.business_id == business_id, Label.entity.in_(kinds)
            )
        )
    )
    for one in ids:
        if one not in found:
            raise NotFound("label_not_found", fields={"label_ids": str(one)})
    return ids


def show_label(label: Label) -> dict[str, Any]:
    names = ("id", "title", "color", "icon", "font_color")
    return {name: getattr(label, name) for name in names} | {"entity": label.entity.value}


def _label(session: Session, request: Mapping[str, Any], call: Call) -> Label:
    location = staff_location(session, call, request["location_id"], Permission.SETTINGS_EDIT)
    label = session.get(Label, request["label_id"], with_for_update=True)
    if (
        label is None
        or label.business_id != location.business_id
        or label.entity is not Entity(request["entity"])
    ):
        raise NotFound("label_not_found", fields={"label_id": str(request["label_id"])})
    return label
