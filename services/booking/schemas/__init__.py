"""The shapes of booking's requests and events."""

from services.booking.schemas.appointments import (
    BookAppointmentsSchema,
    CancelAppointmentSchema,
    CheckAppointmentsSchema,
    GetAppointmentOwnerSchema,
    GetAppointmentSchema,
    ListOwnAppointmentsSchema,
    MoveAppointmentSchema,
    OwnAppointmentSchema,
    OwnClientsSchema,
)
from services.booking.schemas.desk import (
    AppointmentAtSchema,
    CreateAppointmentSchema,
    GetScheduleSchema,
    ListAppointmentsSchema,
    SetScheduleSchema,
    UpdateAppointmentSchema,
)
from services.booking.schemas.events import AppointmentEventSchema, UserMergedSchema
from services.booking.schemas.reading import (
    GetBookingFormSchema,
    GetLocationSchema,
    ListBookableServicesSchema,
    ListBookableStaffSchema,
    ListFreeDaysSchema,
    ListFreeSlotsSchema,
    ListLocationsSchema,
    ListNearestSlotsSchema,
)

__all__ = [
    "AppointmentAtSchema",
    "AppointmentEventSchema",
    "BookAppointmentsSchema",
    "CancelAppointmentSchema",
    "CheckAppointmentsSchema",
    "CreateAppointmentSchema",
    "GetAppointmentOwnerSchema",
    "GetAppointmentSchema",
    "GetBookingFormSchema",
    "GetLocationSchema",
    "GetScheduleSchema",
    "ListAppointmentsSchema",
    "ListBookableServicesSchema",
    "ListBookableStaffSchema",
    "ListFreeDaysSchema",
    "ListFreeSlotsSchema",
    "ListLocationsSchema",
    "ListNearestSlotsSchema",
    "ListOwnAppointmentsSchema",
    "MoveAppointmentSchema",
    "OwnAppointmentSchema",
    "OwnClientsSchema",
    "SetScheduleSchema",
    "UpdateAppointmentSchema",
    "UserMergedSchema",
]
