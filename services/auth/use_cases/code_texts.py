"""What a code says, told to whoever is about to send it. It stands nowhere else."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.auth.domain.codes import WITH_LINK, by_email_of, code_of
from services.auth.domain.links import link_token
from services.auth.models import Challenge, Medium
from services.common.errors import NotFound


def get_code_text(
    session: Session,
    *,
    challenge_id: str,
    medium: Medium | None,
    secret: str,
    length: int,
    now: datetime,
) -> dict[str, Any]:
    """The code itself, for whoever is about to send it; ``challenge_over`` when it is of no use.

    Beside it the token of the link, for letters that carry one. A letter in place of a
    message to a phone has a code of its own, and its own recipient.
    """
    challenge = session.get(Challenge, challenge_id)
    if challenge is None or challenge.expires_at <= now or not challenge.can_be_guessed:
        raise NotFound("challenge_over")
    by_email = challenge.is_to_phone and medium is Medium.EMAIL
    has_link = challenge.medium is Medium.EMAIL and challenge.purpose in WITH_LINK
    return {
        "code": code_of(
            secret,
            challenge.id,
            purpose=by_email_of(challenge.purpose) if by_email else challenge.purpose,
            length=length,
        ),
        "link_token": link_token(secret, challenge.id, challenge.purpose) if has_link else None,
        "purpose": challenge.purpose,
        "recipient": challenge.email if by_email else challenge.recipient,
        "expires_at": challenge.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
