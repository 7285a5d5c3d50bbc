"""What notify tells the world: nothing yet."""

from services.common.events import Event

EVENTS: tuple[type[Event], ...] = ()
