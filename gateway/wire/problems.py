"""What is wrong with a request, field by field, in the contract's words."""

from collections.abc import Mapping
from typing import Any

from gateway.wire.texts import text

CONTRACT_NAMES = {
    "starts_at": "datetime",
    "service_ids": "services",
    "location_id": "company_id",
    "appointment_id": "record_id",
    "name": "fullname",
    "handle": "id",
    "source": "type",
    "sms_reminder_hours": "notify_by_sms",
    "email_reminder_hours": "notify_by_email",
    "form_id": "bookform_id",
    "label_ids": "categories",
    "choices": "values",
    "is_shown": "show_in_ui",
    "is_editable": "user_can_edit",
    "allow": "user_permissions",
    "refuse": "user_permissions",
    "duration_seconds": "seance_length",
    "length_seconds": "length",
    "class_id": "activity_id",
    "seats": "clients_count",
    "starts": "dates",
    "plan_id": "strategy_id",
    "last_day": "date_to",
    "last_minute": "grid_last_timeslot",
    "content": "content_type",
    "first_cost_minor": "first_cost",
    "discount_percent": "discount",
    "cost_minor": "cost",
    "price_min_minor": "price_min",
    "price_max_minor": "price_max",
    "timezone": "timezone_name",
    "country_code": "country_id",
    "business_id": "group_id",
    "day": "date",
    "phone_code": "confirmation_code",
    "email_code": "email_confirmation_code",
    "notifications_enabled": "notifications",
}
OTHER_NAMES = {
    "activity_desk": {"starts_at": "date", "label_ids": "labels"},
    "clients": {"name": "name"},
    "desk": {
        "label_ids": "record_labels",
        "name": "client.name",
        "phone": "client.phone",
        "email": "client.email",
    },
    "invitations": {"name": "name"},
    "settings": {
        "language": "lang",
        "languages": "langs",
        "primary_palette": "primaryPalette",
        "accent_palette": "accentPalette",
        "warn_palette": "warnPalette",
        "background_palette": "backgroundPalette",
    },
    "visits": {"phone": "client_phone"},
}
"""What the contract calls them in the routes of a subject, where it is something else."""


def flat(messages: Any) -> dict[str, list[str]]:
    """Nested messages by path: ``{"appointments.0.datetime": ["time_malformed"]}``.

    What is wrong with all of it is said of the ``body``.
    """
    found: dict[str, list[str]] = {}

    def walk(path: tuple[str, ...], told: Any) -> None:
        if isinstance(told, Mapping):
            for name, inner in told.items():
                walk(path if name == "_schema" else (*path, str(name)), inner)
        else:
            here = found.setdefault(".".join(path) or "body", [])
            here.extend(str(one) for one in (told if isinstance(told, list | tuple) else [told]))

    walk((), messages)
    return found


def in_contract_words(
    fields: Mapping[str, list[str]], subject: str | None = None
) -> dict[str, list[str]]:
    """What a service says of its fields, under the contract's names."""
    names = CONTRACT_NAMES | OTHER_NAMES.get(subject or "", {})
    return {
        ".".join(names.get(step, step) for step in path.split(".")): messages
        for path, messages in fields.items()
    }


def worded(fields: Mapping[str, list[str]], locale: str) -> dict[str, list[str]]:
    """The same with texts where a message is a code."""
    return {
        path: [text(message, locale) or message for message in messages]
        for path, messages in fields.items()
    }


def reason_of(fields: Mapping[str, list[str]]) -> str:
    """The one thing that is wrong, if it is only one; else ``validation_failed``."""
    codes = {message for messages in fields.values() for message in messages}
    return codes.pop() if len(codes) == 1 else "validation_failed"
