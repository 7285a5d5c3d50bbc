"""What auth tells the world."""

from typing import ClassVar, Self

from services.auth.models import Challenge, User
from services.auth.schemas.events import (
    ChallengeEventSchema,
    UserChangedEventSchema,
    UserMergedEventSchema,
)
from services.common.events import Event, SchemaClass


class CodeRequested(Event):
    """A code is to be sent to a phone or e-mail address; once more each time it is asked for."""

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
                "medium": challenge.medium.value,
                "locale": locale,
                "expires_at": challenge.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "contact": _contact(challenge),
            },
        )


class UserChanged(Event):
    """Somebody has changed their account: as much of it as others act on."""

    type: ClassVar[str] = "user_changed"
    data_schema: ClassVar[SchemaClass] = UserChangedEventSchema

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(
            subject=f"user/{user.id}",
            sequence=user.version,
            data={"user_id": user.id, "notifications_enabled": user.notifications_enabled},
        )


class UserMerged(Event):
    """Two accounts were one person's: what was ``user_id``'s is ``into_user_id``'s from now on."""

    type: ClassVar[str] = "user_merged"
    data_schema: ClassVar[SchemaClass] = UserMergedEventSchema

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(
            subject=f"user/{user.id}",
            sequence=user.version,
            data={"user_id": user.id, "into_user_id": user.merged_into_id},
        )


def _contact(challenge: Challenge) -> dict[str, str | None]:
    """Nothing, where an unknown login was asked for and all but the letter is as usual."""
    if challenge.is_to_phone:
        return {"phone": challenge.recipient, "email": challenge.email}
    return {"phone": None, "email": challenge.recipient if "@" in challenge.recipient else None}


EVENTS: tuple[type[Event], ...] = (CodeRequested, UserChanged, UserMerged)
