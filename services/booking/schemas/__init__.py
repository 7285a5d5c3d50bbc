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
from services.booking.schemas.events import (
    AppointmentEventSchema,
    ProofEventSchema,
    UserMergedSchema,
)
from services.booking.schemas.grids import (
    ExplainDaysSchema,
    GetTimetableSchema,
    ListWorkingDaysSchema,
    SetDayGridsSchema,
)
from services.booking.schemas.reading import (
    AtLocationSchema,
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
    "AtLocationSchema",
    "BookAppointmentsSchema",
    "CancelAppointmentSchema",
    "CheckAppointmentsSchema",
    "CreateAppointmentSchema",
    "ExplainDaysSchema",
    "GetAppointmentOwnerSchema",
    "GetAppointmentSchema",
    "GetBookingFormSchema",
    "GetLocationSchema",
    "GetScheduleSchema",
    "GetTimetableSchema",
    "ListAppointmentsSchema",
    "ListBookableServicesSchema",
    "ListBookableStaffSchema",
    "ListFreeDaysSchema",
    "ListFreeSlotsSchema",
    "ListLocationsSchema",
    "ListNearestSlotsSchema",
    "ListOwnAppointmentsSchema",
    "ListWorkingDaysSchema",
    "MoveAppointmentSchema",
    "OwnAppointmentSchema",
    "OwnClientsSchema",
    "ProofEventSchema",
    "SetDayGridsSchema",
    "SetScheduleSchema",
    "UpdateAppointmentSchema",
    "UserMergedSchema",
]
