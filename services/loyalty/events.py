"""What loyalty tells the world. Each event is the card as it is after the change."""

from typing import Any, ClassVar, Self

from services.common.events import Event, SchemaClass
from services.loyalty.models import Account, Card, Transfer
from services.loyalty.schemas import CardEventSchema


class CardEvent(Event):
    data_schema: ClassVar[SchemaClass] = CardEventSchema

    @classmethod
    def of(cls, card: Card, account: Account, transfer: Transfer | None = None) -> Self:
        """The event about this card, whose type must be loaded, after the account's last transfer.

        A card is at version 1 when it is issued, and one more with every transfer.
        """
        return cls(
            subject=f"card/{card.id}",
            sequence=1 + account.transfers_count,
            data=snapshot(card, account, transfer),
        )


class CardIssued(CardEvent):
    """A client has got a loyalty card, still empty."""

    type: ClassVar[str] = "card_issued"


class BalanceChanged(CardEvent):
    """An amount has come onto a loyalty card, or has left it."""

    type: ClassVar[str] = "balance_changed"


EVENTS: tuple[type[Event], ...] = (CardIssued, BalanceChanged)


def snapshot(card: Card, account: Account, transfer: Transfer | None) -> dict[str, Any]:
    return {
        "card_id": card.id,
        "business_id": card.business_id,
        "client_id": card.client_id,
        "card_type": {"id": card.card_type.id, "title": card.card_type.title},
        "currency": account.currency,
        "balance_minor": account.balance_minor,
        "last_transfer": None if transfer is None else _seen_from(account, transfer),
    }


def _seen_from(account: Account, transfer: Transfer) -> dict[str, Any]:
    is_income = transfer.credit_account_id == account.id
    return {
        "id": transfer.id,
        "amount_minor": transfer.amount_minor if is_income else -transfer.amount_minor,
        "reason": transfer.reason,
        "subject": transfer.subject,
    }
