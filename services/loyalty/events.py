"""What loyalty tells the world: nothing yet, for nobody earns anything so far."""

from services.common.events import Event

EVENTS: tuple[type[Event], ...] = ()
