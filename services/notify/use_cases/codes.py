"""The text of a message with a code, which stands nowhere until it is sent."""

from datetime import datetime
from typing import Any

from services.common.errors import NotFound
from services.common.rpc.client import Caller, RpcClient
from services.notify.domain.wording import code_text
from services.notify.models import Message
from services.notify.templates import template_of


class Untrue(Exception):
    """A message is about something that is not so any more; the text says why."""


def code_text_of(message: Message, rpc: RpcClient, *, public_url: str, now: datetime) -> str:
    """Ask auth for the code and write the message around it.

    Raises Untrue when the challenge is over or somebody else's, and whatever the
    call raises when auth does not answer. Must not be called in a transaction.
    """
    challenge_id = message.subject.removeprefix("challenge/")
    caller = Caller(request_id=f"message-{message.id}", viewer={}, locale=message.language)
    try:
        told: dict[str, Any] = rpc.call(
            "auth", "get_code_text", {"challenge_id": challenge_id}, caller=caller
        )
    except NotFound as refusal:
        if refusal.code == "challenge_over":
            raise Untrue("the code has expired or was used") from refusal
        raise
    if told["recipient"] != message.recipient:
        raise Untrue("the challenge is about somebody else")
    return code_text(
        template_of(message.kind, message.language),
        told["code"],
        expires_at=datetime.fromisoformat(told["expires_at"]),
        now=now,
        public_url=public_url,
    )
