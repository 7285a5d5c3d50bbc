"""The text of a message with a code, which stands nowhere until it is sent."""

from datetime import datetime
from typing import Any

from services.common.config import Settings
from services.common.errors import NotFound
from services.common.rpc.client import Caller, RpcClient
from services.notify.domain.kinds import CODE_TEMPLATES, LETTERS, LINKS
from services.notify.domain.media import Medium
from services.notify.domain.wording import Words, code_words, letter_words
from services.notify.models import Message
from services.notify.templates import template_of


class Untrue(Exception):
    """A message is about something that is not so any more; the text says why."""


def code_words_of(message: Message, rpc: RpcClient, *, settings: Settings, now: datetime) -> Words:
    """Ask auth for the code and write the message around it.

    Raises Untrue when the challenge is over or somebody else's, and whatever the
    call raises when auth does not answer. Must not be called in a transaction.
    """
    challenge_id = message.subject.removeprefix("challenge/")
    caller = Caller(request_id=f"message-{message.id}", viewer={}, locale=message.language)
    try:
        told: dict[str, Any] = rpc.call(
            "auth",
            "get_code_text",
            {"challenge_id": challenge_id, "medium": message.medium},
            caller=caller,
        )
    except NotFound as refusal:
        if refusal.code == "challenge_over":
            raise Untrue("the code has expired or was used") from refusal
        raise
    if told["recipient"] != message.recipient:
        raise Untrue("the challenge is about somebody else")
    if message.medium is Medium.EMAIL and told["purpose"] in LETTERS:
        return _letter(message, told, base=settings.web_address, now=now)
    return code_words(
        template_of(CODE_TEMPLATES[message.medium], message.language),
        told["code"],
        medium=message.medium,
        expires_at=datetime.fromisoformat(told["expires_at"]),
        now=now,
        public_url=settings.public_url,
    )


def _letter(message: Message, told: dict[str, Any], *, base: str, now: datetime) -> Words:
    """What a letter for this purpose says."""
    purpose, token = told["purpose"], told["link_token"]
    return letter_words(
        template_of(LETTERS[purpose], message.language),
        told["code"],
        link=f"{base}/{LINKS[purpose]}/{token}" if token and purpose in LINKS else "",
        expires_at=datetime.fromisoformat(told["expires_at"]),
        now=now,
    )
