"""The tables that can be imported, in the order in which they need each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from marshmallow import Schema

from services.booking.schemas import imports as tables
from services.booking.use_cases.imports.appointments import import_appointments
from services.booking.use_cases.imports.clients import import_clients, prepare_clients
from services.booking.use_cases.imports.links import import_links
from services.booking.use_cases.imports.locations import import_locations
from services.booking.use_cases.imports.reading import Line, Places
from services.booking.use_cases.imports.schedules import import_schedules
from services.booking.use_cases.imports.services import import_services
from services.booking.use_cases.imports.staff import import_staff
from services.common.imports import Report


@dataclass(frozen=True)
class Kind:
    """``table`` reads the cells; ``prepare`` does what takes long and needs no database."""

    table: type[Schema]
    write: Callable[..., None]
    prepare: Callable[[Sequence[Line], Places, Report], list[Line]] | None = None

    @property
    def columns(self) -> list[str]:
        return list(self.table._declared_fields)

    @property
    def required(self) -> list[str]:
        fields = self.table._declared_fields
        return [name for name, field in fields.items() if field.required]


KINDS = {
    "locations": Kind(tables.LocationTable, import_locations),
    "services": Kind(tables.ServiceTable, import_services),
    "staff": Kind(tables.StaffTable, import_staff),
    "links": Kind(tables.LinkTable, import_links),
    "schedules": Kind(tables.ScheduleTable, import_schedules),
    "clients": Kind(tables.ClientTable, import_clients, prepare_clients),
    "appointments": Kind(tables.AppointmentTable, import_appointments),
}
