"""The services of this installation, by name."""

from services.auth.service import AuthService
from services.booking.service import BookingService
from services.common.bus import Service
from services.loyalty.service import LoyaltyService
from services.notify.service import NotifyService

SERVICES: dict[str, type[Service]] = {
    service.name: service
    for service in (AuthService, BookingService, LoyaltyService, NotifyService)
}
