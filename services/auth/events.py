"""What auth tells the world."""

from typing import ClassVar, Self

from services.auth.models import Challenge
from services.auth.schemas import ChallengeEventSchema
from services.common.events import Event, SchemaClass


class CodeRequested(Event):
    """A code is to be sent to a phone; once more each time it is asked for again."""

    type: ClassVar[str] = "code_requested"
    data_schema: ClassVar[SchemaClass] = ChallengeEventSchema

    @classmethod
    def of(cls, challenge: Challenge, *, locale: str) -> Self:
        return cls(
            subject=f"challenge/{challenge.id}",
            sequence=challenge.sends,
            data={
                "challenge_id": challenge.id,
                "purpose": challenge.purpose,
                "locale": locale,
                "expires_at": challenge.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "contact": {"phone": challenge.phone},
            },
        )


EVENTS: tuple[type[Event], ...] = (CodeRequested,)
