"""Booking's tables: places, what they offer, who works when, who comes when."""

from services.booking.models.appointments import (
    APPOINTMENTS,
    LINES,
    LONGEST_RESERVATION,
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
from services.booking.models.changes import AppointmentChange
from services.booking.models.classes import (
    ClassResource,
    GroupClass,
    SeriesContent,
    SeriesPlan,
)
from services.booking.models.client_base import (
    BLOCKED_CLIENT,
    BLOCKED_PHONE,
    BlacklistEntry,
    ClientComment,
    ClientLabel,
    Label,
)
from services.booking.models.clients import (
    UNCLAIMED_PHONE,
    Client,
    MergedUser,
)
from services.booking.models.custom_fields import (
    APPOINTMENT_CODE,
    CLIENT_CODE,
    CustomField,
)
from services.booking.models.grids import DayGrid
from services.booking.models.holds import Hold
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
from services.booking.models.waitlist import (
    FREED_TIMES,
    EndReason,
    FreedTime,
    Outcome,
    Waitlist,
    WaitlistEntry,
    WaitlistOffer,
)

__all__ = [
    "APPOINTMENTS",
    "APPOINTMENT_CODE",
    "BLOCKED_CLIENT",
    "BLOCKED_PHONE",
    "CLIENT_CODE",
    "FREED_TIMES",
    "LINES",
    "LONGEST_RESERVATION",
    "NO_DOUBLE_BOOKING",
    "NO_SHARED_RESOURCE",
    "ONE_USER_ONCE",
    "RESERVATIONS",
    "UNCLAIMED_PHONE",
    "VISITS",
    "Appointment",
    "AppointmentChange",
    "AppointmentService",
    "Attendance",
    "Base",
    "BlacklistEntry",
    "BookingForm",
    "Business",
    "CalendarFeed",
    "City",
    "ClassResource",
    "Client",
    "ClientComment",
    "ClientLabel",
    "CustomField",
    "DateHours",
    "DayGrid",
    "EndReason",
    "Favourite",
    "FreedTime",
    "Gender",
    "GroupClass",
    "Hold",
    "Label",
    "Location",
    "MergedUser",
    "Outcome",
    "Position",
    "Prepayment",
    "Reservation",
    "Resource",
    "ResourceInstance",
    "Review",
    "ReviewPause",
    "SeriesContent",
    "SeriesPlan",
    "Service",
    "ServiceCategory",
    "StaffMember",
    "StaffService",
    "UsedProof",
    "Visit",
    "Waitlist",
    "WaitlistEntry",
    "WaitlistOffer",
    "WeeklyHours",
]
