"""Who calls, as auth tells it, for tests of what is told of them."""

from typing import Any


def an_identity(user: dict[str, Any] | None = None) -> dict[str, Any]:
    """What auth says of who calls."""
    return {"partner": {"id": 3, "title": "Demo"}, "user": user}


def a_client_user(**changes: Any) -> dict[str, Any]:
    return {
        "id": 21,
        "kind": "client",
        "phone": "+33612345678",
        "name": "Camille",
        "email": None,
        "business_id": None,
        "location_ids": None,
        "role": None,
        **changes,
    }


def a_staff_user(**changes: Any) -> dict[str, Any]:
    return {
        "id": 31,
        "kind": "staff",
        "phone": "+33142720000",
        "name": "Inès",
        "email": "owner@example.com",
        "business_id": 7,
        "location_ids": None,
        "role": "owner",
        **changes,
    }


def signed_in(user: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What auth answers to somebody who has signed in."""
    return {"token": "t0k3n", "user": {**user, "login": "owner", "avatar_url": None, **changes}}
