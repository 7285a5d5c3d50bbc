"""Who calls, as auth tells it, for tests of what is told of them."""

from typing import Any

from services.common.rights import OF_ROLE, Permission, Role, Scope


def an_identity(user: dict[str, Any] | None = None, **key: Any) -> dict[str, Any]:
    """What auth says of who calls; ``key`` says what is special about their partner's key."""
    partner = {
        "id": 3,
        "title": "Demo",
        "business_ids": None,
        "scopes": [scope.value for scope in Scope],
        "rate_per_second": None,
        "rate_per_minute": None,
    }
    return {"partner": partner | key, "user": user}


def a_right(
    role: str = "owner", *, business_id: int = 7, location_id: int | None = None, **changes: Any
) -> dict[str, Any]:
    """What somebody of the staff may do, and where."""
    return {
        "business_id": business_id,
        "location_id": location_id,
        "role": role,
        "permissions": [one.value for one in Permission if one in OF_ROLE[Role(role)]],
        **changes,
    }


def a_client_user(**changes: Any) -> dict[str, Any]:
    return {
        "id": 21,
        "kind": "client",
        "phone": "+33612345678",
        "phone_is_fresh": True,
        "name": "Camille",
        "email": None,
        "rights": [],
        **changes,
    }


def a_staff_user(**changes: Any) -> dict[str, Any]:
    return {
        "id": 31,
        "kind": "staff",
        "phone": "+33142720000",
        "phone_is_fresh": False,
        "name": "Inès",
        "email": "owner@example.com",
        "rights": [a_right()],
        **changes,
    }


def signed_in(user: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What auth answers to somebody who has signed in."""
    return {"token": "t0k3n", "user": {**user, "login": "owner", "photo": None, **changes}}
