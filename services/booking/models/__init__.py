"""Booking's tables: places, what they offer, who works when, who comes when."""

from services.booking.models.appointments import (
    APPOINTMENTS,
    LINES,
    NO_DOUBLE_BOOKING,
    NO_SHARED_RESOURCE,
    RESERVATIONS,
    VISITS,
    Appointment,
    AppointmentService,
    Attendance,
    Reservation,
    UsedProof,
    Visit,
)
from services.booking.models.base import Base
from services.booking.models.cabinet import CalendarFeed, Favourite
from services.booking.models.catalogue import (
    Gender,
    Prepayment,
    Service,
    ServiceCategory,
    StaffService,
)
from services.booking.models.clients import Client, MergedUser
from services.booking.models.grids import DayGrid
from services.booking.models.places import BookingForm, Business, City, Location
from services.booking.models.resources import Resource, ResourceInstance
from services.booking.models.reviews import Review, ReviewPause
from services.booking.models.staff import (
    ONE_USER_ONCE,
    DateHours,
    Position,
    StaffMember,
    WeeklyHours,
)

__all__ = [
    "APPOINTMENTS",
    "LINES",
    "NO_DOUBLE_BOOKING",
    "NO_SHARED_RESOURCE",
    "ONE_USER_ONCE",
    "RESERVATIONS",
    "VISITS",
    "Appointment",
    "AppointmentService",
    "Attendance",
    "Base",
    "BookingForm",
    "Business",
    "CalendarFeed",
    "City",
    "Client",
    "DateHours",
    "DayGrid",
    "Favourite",
    "Gender",
    "Location",
    "MergedUser",
    "Position",
    "Prepayment",
    "Reservation",
    "Resource",
    "ResourceInstance",
    "Review",
    "ReviewPause",
    "Service",
    "ServiceCategory",
    "StaffMember",
    "StaffService",
    "UsedProof",
    "Visit",
    "WeeklyHours",
]
