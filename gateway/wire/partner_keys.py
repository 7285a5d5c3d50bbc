"""Partner keys of a business: our own part of the API, for the contract documents none."""

from collections.abc import Mapping
from typing import Any

from marshmallow import validate

from gateway.wire import documents as doc
from gateway.wire import times
from gateway.wire.fields import INVALID, Choice, Number, Request, Several, Text, Whole
from services.common.rights import Scope

MOST_A_SECOND, MOST_A_MINUTE = 100, 3000
MOST_HOURS = 24 * 90
KEY_EXAMPLE: dict[str, Any] = {
    "title": "Widget on our site",
    "scopes": ["booking", "client"],
    "rate_per_minute": 300,
}
ROTATE_EXAMPLE: dict[str, Any] = {"overlap_hours": 24}


class KeySecretSchema(doc.Answer):
    hint = doc.text("How it begins")
    create_date = doc.text(example="2026-11-20T09:00:00+00:00")
    expire_date = doc.text("When a replaced one ends", null=True)


class PartnerKeySchema(doc.Answer):
    """What a key is for. Its secrets cannot be read again."""

    id = doc.whole()
    title = doc.text()
    scopes = doc.texts("booking, client, staff")
    rate_per_second = doc.whole("Requests; null: as for everybody", null=True)
    rate_per_minute = doc.whole("Requests; null: as for everybody", null=True)
    secrets = doc.many(KeySecretSchema)
    create_date = doc.text(example="2026-11-20T09:00:00+00:00")
    revoke_date = doc.text("When it was revoked", null=True)


class NewPartnerKeySchema(PartnerKeySchema):
    partner_token = doc.text("The key itself, which is told this once: `Bearer <partner_token>`")


def _scopes(**more: Any) -> Several:
    return Several(Choice(*Scope), validate=validate.Length(1, len(Scope), error=INVALID), **more)


def _rate(most: int) -> Whole:
    return Whole(
        least=1,
        most=most,
        allow_none=True,
        metadata={"description": "Null: as for everybody"},
    )


class ChangePartnerKeySchema(Request):
    """What is to change; what is left out stays as it is."""

    title = Text()
    scopes = _scopes()
    rate_per_second = _rate(MOST_A_SECOND)
    rate_per_minute = _rate(MOST_A_MINUTE)


class CreatePartnerKeySchema(ChangePartnerKeySchema):
    title = Text(required=True)


class RotatePartnerKeySchema(Request):
    overlap_hours = Number(
        least=0,
        most=MOST_HOURS,
        load_default=24,
        metadata={"description": "For how long the old secret is still good"},
    )


def key_told(key: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": key["id"],
        "title": key["title"],
        "scopes": key["scopes"],
        "rate_per_second": key["rate_per_second"],
        "rate_per_minute": key["rate_per_minute"],
        "secrets": [
            {
                "hint": secret["hint"],
                "create_date": times.utc(secret["created_at"]),
                "expire_date": secret["expires_at"] and times.utc(secret["expires_at"]),
            }
            for secret in key["secrets"]
        ],
        "create_date": times.utc(key["created_at"]),
        "revoke_date": key["revoked_at"] and times.utc(key["revoked_at"]),
    }


def new_key_told(made: Mapping[str, Any]) -> dict[str, Any]:
    return {**key_told(made["key"]), "partner_token": made["secret"]}
