"""Questions of a business's own: keeping them, and holding answers against them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.booking.domain.custom_fields import (
    CODE,
    RESERVED,
    Entity,
    Kind,
    NoAnswer,
    Question,
    answers,
)
from services.booking.models import APPOINTMENT_CODE, CLIENT_CODE, CustomField, Location
from services.booking.use_cases.permissions import staff_location
from services.common.calls import Call
from services.common.db import violates
from services.common.errors import Conflict, Invalid, NotFound
from services.common.rights import Permission

WITH_CHOICES = (Kind.SELECT, Kind.LIST)


def list_custom_fields(
    session: Session, *, location_id: int, entity: str, call: Call
) -> list[dict[str, Any]]:
    location = staff_location(session, call, location_id, None)
    return [_show(one) for one in _fields(session, location, Entity(entity))]


def create_custom_field(session: Session, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """Ask something more; ``custom_field_code_taken`` if that code is asked already."""
    location = staff_location(session, call, request["location_id"], Permission.SETTINGS_EDIT)
    entity = Entity(request["entity"])
    field = CustomField(
        business_id=location.business_id,
        location_id=location.id if entity is Entity.APPOINTMENT else None,
        entity=entity,
        code=_code(request["code"]),
        title=request["title"],
        kind=Kind(request["kind"]),
        choices=_choices(Kind(request["kind"]), request["choices"]),
        is_shown=request["is_shown"],
        is_editable=request["is_editable"],
        created_at=call.now,
    )
    session.add(field)
    try:
        session.flush()
    except IntegrityError as error:
        if violates(error, CLIENT_CODE) or violates(error, APPOINTMENT_CODE) or _is_code(error):
            raise Conflict("custom_field_code_taken", fields={"code": field.code}) from error
        raise
    return _show(field)


def update_custom_field(session: Session, request: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """Change what is given; code and type stay, for answers were given to them."""
    field = _field(session, request, call)
    for name in ("title", "is_shown", "is_editable"):
        if name in request:
            setattr(field, name, request[name])
    if "choices" in request:
        field.choices = _choices(field.kind, request["choices"])
    return _show(field)


def delete_custom_field(session: Session, request: Mapping[str, Any], call: Call) -> None:
    """Ask it no longer; the answers that were given stay with what they were given for."""
    session.delete(_field(session, request, call))


def corrected_answers(
    session: Session,
    location: Location,
    entity: Entity,
    before: Mapping[str, Any],
    given: Mapping[str, Any],
) -> dict[str, Any]:
    """The answers instead of those before; one that is as it was may be to an old question."""
    same = {code: value for code, value in given.items() if before.get(code) == value}
    new = {code: value for code, value in given.items() if code not in same}
    return same | check_answers(questions_for(session, location, entity, [new]), new)


def questions_for(
    session: Session, location: Location, entity: Entity, given: Iterable[Mapping[str, Any]]
) -> list[Question]:
    """What is asked there; nothing is looked up where nothing is answered."""
    if not any(set(each) - {RESERVED} for each in given):
        return []
    return [
        Question(one.code, one.kind, tuple(one.choices))
        for one in _fields(session, location, entity)
    ]


def check_answers(
    questions: Sequence[Question], given: Mapping[str, Any], *, handle: int | None = None
) -> dict[str, Any]:
    """The answers as they are kept. Where nothing is asked, whatever the front ends send."""
    told = {code: value for code, value in given.items() if code != RESERVED}
    if not questions:
        return told
    try:
        return answers(questions, told)
    except NoAnswer as error:
        code = "custom_field_unknown" if error.reason == "unknown" else "custom_field_invalid"
        raise Invalid(
            code,
            fields={"custom_fields": {error.code[:50]: error.reason}},
            params={"code": error.code[:50]},
            handle=handle,
        ) from error


def attributed_to(given: Mapping[str, Any], *, handle: int | None = None) -> str | None:
    """The public key of the partner whom the visit counts for, if the answers name one."""
    value = given.get(RESERVED)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > 255:
        raise Invalid(
            "custom_field_invalid",
            fields={"custom_fields": {RESERVED: "not a text"}},
            params={"code": RESERVED},
            handle=handle,
        )
    return value


def _fields(session: Session, location: Location, entity: Entity) -> Sequence[CustomField]:
    at: ColumnElement[bool] = CustomField.location_id == location.id
    if entity is Entity.CLIENT:
        at = CustomField.location_id.is_(None)
    return session.scalars(
        select(CustomField)
        .where(CustomField.business_id == location.business_id, at)
        .order_by(CustomField.id)
    ).all()


def _field(session: Session, request: Mapping[str, Any], call: Call) -> CustomField:
    location = staff_location(session, call, request["location_id"], Permission.SETTINGS_EDIT)
    entity = Entity(request["entity"])
    field = session.get(CustomField, request["field_id"], with_for_update=True)
    if (
        field is None
        or field.business_id != location.business_id
        or field.location_id not in (None, location.id)
        or field.entity is not entity
    ):
        raise NotFound("custom_field_not_found")
    return field


def _code(code: str) -> str:
    if code == RESERVED:
        raise Invalid("custom_field_reserved", fields={"code": "reserved"})
    if not CODE.fullmatch(code):
        raise Invalid("field_invalid", fields={"code": "letters, digits and underscores"})
    return code


def _choices(kind: Kind, choices: Sequence[str]) -> list[str]:
    if kind not in WITH_CHOICES:
        return []
    if not choices or len(set(choices)) != len(choices):
        raise Invalid("field_invalid", fields={"choices": "one or more, each once"})
    return list(choices)


def _is_code(error: IntegrityError) -> bool:
    """SQLite names the columns, not the index."""
    return "custom_fields.code" in str(error.orig)


def _show(field: CustomField) -> dict[str, Any]:
    return {
        "id": field.id,
        "entity": field.entity.value,
        "code": field.code,
        "title": field.title,
        "kind": field.kind.value,
        "choices": field.choices,
        "is_shown": field.is_shown,
        "is_editable": field.is_editable,
    }
