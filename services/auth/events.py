"""What auth tells the world: nothing yet, for nobody signs in so far."""

from services.common.events import Event

EVENTS: tuple[type[Event], ...] = ()
