"""Booking forms, for who administers them.

A form leads to one location or to all of its business. Of those that lead to a location
exactly one is its default: the default among its own, else the one of its business.
Whoever changes a form queues for its location, or for the business; two unique indexes
say the same, should a lock be forgotten.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from services.booking.domain.forms import (
    LAST_STEPS,
    is_colour,
    is_palette,
    origin_of,
    steps_in_order,
)
from services.booking.models import BookingForm, Location
from services.booking.use_cases.locks import lock_business, lock_location
from services.booking.use_cases.permissions import administered_location, staff_location
from services.booking.use_cases.versions import refuse_outdated
from services.common.calls import Call
from services.common.errors import Conflict, Forbidden, Invalid, NotFound
from services.common.languages import LANGUAGES
from services.common.rights import Permission, may, rights_of

COLOURS = ("main_color", "secondary_color", "buttons_color")
PALETTE_NAMES = ("primary_palette", "accent_palette", "warn_palette", "background_palette")
PLAIN = ("title", "description", "without_menu", "analytics")


def leading_to(location: Location, forms: Iterable[BookingForm]) -> list[BookingForm]:
    """Those of these forms that lead to the location."""
    return [
        form
        for form in forms
        if form.business_id == location.business_id and form.location_id in (None, location.id)
    ]


def default_form(forms: Sequence[BookingForm]) -> BookingForm | None:
    """The default of the forms that lead to one location."""
    defaults = sorted(
        (form for form in forms if form.is_default), key=lambda form: form.location_id is None
    )
    return defaults[0] if defaults else None


def list_forms(session: Session, location: Location) -> list[BookingForm]:
    return list(
        session.scalars(
            select(BookingForm)
            .where(
                BookingForm.business_id == location.business_id,
                or_(BookingForm.location_id.is_(None), BookingForm.location_id == location.id),
            )
            .order_by(BookingForm.id)
            .execution_options(populate_existing=True)
        )
    )


def create_form(session: Session, request: Mapping[str, Any], call: Call) -> BookingForm:
    """A form of the location. Its first way in is its default, asked for or not."""
    location = administered_location(
        session, call, request["location_id"], Permission.SETTINGS_EDIT
    )
    there = list_forms(session, location)
    language = location.language if location.language in LANGUAGES else LANGUAGES[0]
    form = BookingForm(
        business_id=location.business_id,
        location_id=location.id,
        title=location.title,
        language=language,
        languages=[language],
        created_at=call.now,
        is_default=False,
    )
    _write(form, request, call)
    if request.get("is_default") or default_form(there) is None:
        _let_others_go(session, form)
        form.is_default = True
    session.add(form)
    session.flush()
    return form


def update_form(session: Session, request: Mapping[str, Any], call: Call) -> BookingForm:
    """Change whatever the request names."""
    form, there = _form_to_change(session, request["location_id"], request["form_id"], call)
    refuse_outdated(form, request.get("version"))
    _write(form, request, call)
    wanted = request.get("is_default")
    if wanted and not form.is_default:
        _let_others_go(session, form)
        form.is_default = True
    elif wanted is False and form.is_default:
        _refuse_without_another(form, there)
        form.is_default = False
    form.version += 1
    session.flush()
    return form


def delete_form(
    session: Session, *, location_id: int, form_id: int, version: int | None, call: Call
) -> None:
    """Take a form away; what was booked through it stays. The only default stays, too."""
    form, there = _form_to_change(session, location_id, form_id, call)
    refuse_outdated(form, version)
    if form.is_default:
        _refuse_without_another(form, there)
    session.delete(form)
    session.flush()


def find_form(session: Session, location: Location, form_id: int) -> BookingForm:
    form = session.get(BookingForm, form_id, populate_existing=True)
    if form is None or not leading_to(location, [form]):
        raise NotFound("booking_form_not_found", fields={"form_id": str(form_id)})
    return form


def list_allowed_origins(session: Session) -> list[dict[str, Any]]:
    """The sites whose pages may call us from a browser, and for which business."""
    rows = session.execute(select(BookingForm.business_id, BookingForm.allowed_origins))
    allowed = {(business_id, origin) for business_id, origins in rows for origin in origins}
    return [{"business_id": one, "origin": origin} for one, origin in sorted(allowed)]


def _form_to_change(
    session: Session, location_id: int, form_id: int, call: Call
) -> tuple[BookingForm, list[BookingForm]]:
    """The form, and all that lead there, once nobody else is changing them."""
    location = staff_location(session, call, location_id, Permission.SETTINGS_EDIT)
    form = find_form(session, location, form_id)
    if form.location_id is None:
        if not may(rights_of(call.viewer), Permission.SETTINGS_EDIT, business_id=form.business_id):
            raise Forbidden("permission_missing")
        lock_business(session, form.business_id)
    else:
        lock_location(session, location.id)
    return find_form(session, location, form_id), list_forms(session, location)


def _let_others_go(session: Session, form: BookingForm) -> None:
    """Among forms of the same reach there is one default."""
    session.execute(
        update(BookingForm)
        .where(
            BookingForm.business_id == form.business_id,
            BookingForm.location_id.is_(None)
            if form.location_id is None
            else BookingForm.location_id == form.location_id,
            BookingForm.is_default,
        )
        .values(is_default=False, version=BookingForm.version + 1)
        .execution_options(synchronize_session="fetch")
    )


def _refuse_without_another(form: BookingForm, there: Sequence[BookingForm]) -> None:
    others = [one for one in there if one is not form]
    if form.location_id is None or default_form(others) is None:
        raise Conflict("default_form_needed", fields={"is_default": "make another the default"})


def _write(form: BookingForm, request: Mapping[str, Any], call: Call) -> None:
    for name in PLAIN:
        if name in request:
            setattr(form, name, request[name])
    if "title" in request and not request["title"].strip():
        raise Invalid("title_missing", fields={"title": "required"})
    if "style" in request:
        form.style = {**(form.style or {}), **_style(request["style"])}
    if "texts" in request:
        form.texts = {**(form.texts or {}), **request["texts"]}
    if "steps" in request:
        form.steps = _steps(request["steps"])
    if "allowed_origins" in request:
        form.allowed_origins = _origins(request["allowed_origins"])
    _write_languages(form, request)
    if "is_paused" in request and request["is_paused"] != form.is_paused:
        form.paused_at = call.now if request["is_paused"] else None


def _write_languages(form: BookingForm, request: Mapping[str, Any]) -> None:
    if not {"language", "languages"} & request.keys():
        return
    languages = list(dict.fromkeys(request.get("languages", form.languages)))
    language = request.get("language", form.language)
    if unknown := [one for one in (*languages, language) if one not in LANGUAGES]:
        raise Invalid("language_unknown", fields={"languages": unknown[0]})
    if not languages:
        raise Invalid("language_unknown", fields={"languages": "none is left"})
    if language not in languages:
        if "language" in request:
            raise Invalid("language_unknown", fields={"language": "not one of the form's"})
        language = languages[0]
    form.languages, form.language = languages, language


def _style(style: Mapping[str, Any]) -> dict[str, Any]:
    for names, is_good in ((COLOURS, is_colour), (PALETTE_NAMES, is_palette)):
        for name in names:
            if not is_good(style.get(name) or ""):
                raise Invalid("colour_malformed", fields={f"style.{name}": "colour_malformed"})
    return dict(style)


def _steps(steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """By name, each with its place in the order; what is not named follows as usual."""
    try:
        order = steps_in_order(step["step"] for step in steps)
    except ValueError as error:
        raise Invalid("steps_malformed", fields={"steps": str(error)}) from error
    told = {step["step"]: step for step in steps}
    if any(told.get(step, {}).get("hidden") for step in LAST_STEPS):
        raise Invalid("steps_malformed", fields={"steps": "contact and confirm are always shown"})
    return {
        name: {
            "position": position,
            **{key: value for key, value in told.get(name, {}).items() if key != "step"},
        }
        for position, name in enumerate(order)
    }


def _origins(written: Sequence[str]) -> list[str]:
    found = {one: origin_of(one) for one in written}
    if bad := [one for one, origin in found.items() if origin is None]:
        raise Invalid("origin_malformed", fields={"allowed_origins": bad[0][:100]})
    return sorted({origin for origin in found.values() if origin is not None})
