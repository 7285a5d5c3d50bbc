"""What labels can be put on."""

from enum import StrEnum


class Entity(StrEnum):
    COMMON = "common"
    CLIENT = "client"
    APPOINTMENT = "appointment"
    CLASS = "class"


FOR_CLIENTS = (Entity.CLIENT, Entity.COMMON)
FOR_APPOINTMENTS = (Entity.APPOINTMENT, Entity.COMMON)
FOR_CLASSES = (Entity.CLASS, Entity.COMMON)
