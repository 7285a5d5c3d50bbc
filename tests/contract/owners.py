"""Callers of every kind, and small services that let each see what is theirs."""

import json
from collections.abc import Callable
from typing import Any

from gateway.callers import Caller
from gateway.partners import digest_of
from services.common.errors import Forbidden, NotFound, Unauthenticated
from services.common.rights import Permission, may, right_at
from tests import callers
from tests import snapshots as a
from tests.small_bus import SmallService

KEY = "demo-key"
HASH = "ab" * 16
ARGUMENTS = {
    "lang": "en",
    "kind": "confirm",
    "name": "ab" * 16,
    "token": "a-token",
    "path": "index.html",
    "date": "2026-11-20",
    "start_date": "2026-11-20",
    "end_date": "2026-11-20",
    "record_hash": HASH,
    "entity": "client",
}

OWNER = callers.a_client_user()
OTHER_CLIENT = callers.a_client_user(id=22, phone="+33600000000")
STAFF = callers.a_staff_user()
ADMINISTRATOR = callers.a_staff_user(id=33, rights=[callers.a_right("administrator")])
COLLEAGUE = callers.a_staff_user(id=34, rights=[callers.a_right("staff", location_id=1)])
NOBODY_YET = callers.a_staff_user(
    id=35, rights=[callers.a_right("staff", location_id=1, permissions=[])]
)
NEXT_DOOR = callers.a_staff_user(id=36, rights=[callers.a_right("administrator", location_id=2)])
WITHOUT_RIGHTS = callers.a_staff_user(id=37, rights=[])
STAFF_ELSEWHERE = callers.a_staff_user(id=32, rights=[callers.a_right(business_id=8)])
USERS = {
    "client": OWNER,
    "other client": OTHER_CLIENT,
    "staff": STAFF,
    "staff of another business": STAFF_ELSEWHERE,
    "administrator": ADMINISTRATOR,
    "staff of the location": COLLEAGUE,
    "staff without a permission": NOBODY_YET,
    "staff of another location": NEXT_DOOR,
    "staff without rights": WITHOUT_RIGHTS,
}
TOKENS = {kind: f"token-of-{kind.replace(' ', '-')}" for kind in USERS}
BY_DIGEST = {digest_of(TOKENS[kind]): user for kind, user in USERS.items()}

# What an Authorization header says, and whom the table would call its sender.
HEADERS: dict[str, tuple[str | None, Caller]] = {
    "none": (None, Caller.NONE),
    "malformed": ("Basic ZGVtbw==", Caller.NONE),
    "empty key": ("Bearer ", Caller.NONE),
    "user token alone": ("User u", Caller.NONE),
    "unknown key": ("Bearer another-key", Caller.NONE),
    "unknown key with a token": (f"Bearer another-key, User {TOKENS['client']}", Caller.NONE),
    "partner": (f"Bearer {KEY}", Caller.PARTNER),
    "client": (f"Bearer {KEY}, User {TOKENS['client']}", Caller.CLIENT),
    "other client": (f"Bearer {KEY},{TOKENS['other client']}", Caller.CLIENT),
    "staff": (f"Bearer {KEY},User {TOKENS['staff']}", Caller.STAFF),
    "staff of another business": (
        f"Bearer {KEY}, User  {TOKENS['staff of another business']}",
        Caller.STAFF,
    ),
}
# Keys that are for less than everything, and the one that has been revoked.
KEYS: dict[str, dict[str, Any]] = {
    KEY: {},
    "key-for-booking": {"scopes": ["booking"]},
    "key-for-clients": {"scopes": ["client"]},
    "key-for-staff": {"scopes": ["staff"]},
    "key-of-another-business": {"business_ids": [8]},
    "key-of-this-business": {"business_ids": [7]},
}
KEYS_BY_DIGEST = {digest_of(key): special for key, special in KEYS.items()}
REVOKED_KEY = "revoked-key"
DEAD = f"Bearer {KEY}, User dead-token"


def identify(partner_digest: str, user_digest: str | None) -> dict[str, Any]:
    if partner_digest not in KEYS_BY_DIGEST:
        raise Unauthenticated("partner_key_unknown")
    if user_digest is not None and user_digest not in BY_DIGEST:
        raise Unauthenticated("session_unknown")
    key = KEYS_BY_DIGEST[partner_digest]
    return callers.an_identity(BY_DIGEST.get(user_digest or ""), **key)


def viewer_of(kind: str) -> dict[str, Any]:
    """What the services must be told of that caller, and nothing else."""
    user = USERS.get(kind, {})
    is_client = user.get("kind") == "client"
    return {
        "partner_id": 3,
        "partner_business_ids": None,
        "user_id": user.get("id"),
        "kind": user.get("kind"),
        "phone": user["phone"] if is_client else None,
        "phone_is_fresh": is_client,
        "email": user["email"] if is_client else None,
        "rights": user.get("rights", []),
    }


class Owning(SmallService):
    """A service that looks at the viewer: its things are the owner's and the staff's."""

    def viewer(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.received[-1]["headers"]["nameko.viewer"])
        return found

    def own(self, answer: Callable[[], Any]) -> Callable[..., Any]:
        """For whoever knows the hash, or is the client whose it is."""

        def method(request: dict[str, Any] | None = None, **arguments: Any) -> Any:
            known = (request or arguments).get("hash") == HASH
            if not known and self.viewer() != viewer_of("client"):
                raise NotFound("appointment_not_found")
            return answer()

        return method

    def desk(self, answer: Callable[[], Any], permission: Permission | None) -> Callable[..., Any]:
        """For the staff of the place who may do that; with None, for all of them."""

        def method(**_: Any) -> Any:
            rights = self.viewer()["rights"]
            place = {"business_id": 7, "location_id": 1}
            if right_at(rights, **place) is None:
                raise Forbidden("forbidden")
            if permission is not None and not may(rights, permission, **place):
                raise Forbidden("permission_missing")
            return answer()

        return method


def nothing(**_: object) -> dict:
    raise NotFound("location_not_found")


PUBLIC = (
    "get_booking_form",
    "list_locations",
    "list_cities",
    "list_allowed_origins",
    "get_location",
    "list_bookable_services",
    "list_bookable_staff",
    "list_nearest_slots",
    "list_free_days",
    "list_free_slots",
    "explain_days",
    "check_appointments",
    "book_appointments",
    "hold_time",
    "release_hold",
    "list_classes",
    "list_class_days",
    "get_class_range",
    "get_class_filters",
    "list_class_services",
    "get_class",
    "book_class",
)
PLACES = {1: 7}
"""The business of each location."""


def get_location(location_id: int, **_: object) -> dict[str, Any]:
    if location_id not in PLACES:
        raise NotFound("location_not_found")
    location = a.a_location(id=location_id)
    return location | {"business": location["business"] | {"id": PLACES[location_id]}}


A_LINK = {"staff_id": 3, "service_id": 11, **a.a_length_and_price(2700, None, None)}

OWN = {
    "get_appointment": a.an_appointment,
    "move_appointment": a.an_appointment,
    "cancel_appointment": a.an_appointment,
    "confirm_appointment": a.an_appointment,
    "get_repeat": a.a_repeat,
    "get_calendar_file": lambda: {"content": "BEGIN:VCALENDAR"},
}
PAGES = {"previous": None, "current": None, "next": None}
VISIT = {
    "id": 16,
    "client_id": 5,
    "timezone": "Europe/Paris",
    "created_at": "2026-11-20T09:00:00Z",
    "appointments": [],
}
DESK: dict[str, tuple[Callable[[], Any], Permission | None]] = {
    "list_clients": (lambda: {"items": [], "total": 0}, Permission.CLIENTS_VIEW),
    "search_clients": (lambda: {"items": [], "total": 0}, Permission.CLIENTS_VIEW),
    "get_client": (a.a_client_card, Permission.CLIENTS_VIEW),
    "create_client": (a.a_client_card, Permission.CLIENTS_EDIT),
    "create_clients": (lambda: {"clients": [], "errors": []}, Permission.CLIENTS_EDIT),
    "update_client": (a.a_client_card, Permission.CLIENTS_EDIT),
    "delete_client": (dict, Permission.CLIENTS_DELETE),
    "list_client_comments": (lambda: {"comments": []}, Permission.CLIENTS_VIEW),
    "add_client_comment": (a.a_client_comment, Permission.CLIENTS_EDIT),
    "delete_client_comment": (dict, Permission.CLIENTS_EDIT),
    "list_blacklist": (lambda: {"items": [], "total": 0}, Permission.CLIENTS_VIEW),
    "block_client": (a.a_blacklist_entry, Permission.CLIENTS_EDIT),
    "unblock_client": (dict, Permission.CLIENTS_EDIT),
    "list_labels": (lambda: {"labels": []}, None),
    "create_label": (a.a_label, Permission.SETTINGS_EDIT),
    "update_label": (a.a_label, Permission.SETTINGS_EDIT),
    "delete_label": (dict, Permission.SETTINGS_EDIT),
    "list_custom_fields": (lambda: {"custom_fields": []}, None),
    "create_custom_field": (a.a_custom_field, Permission.SETTINGS_EDIT),
    "update_custom_field": (a.a_custom_field, Permission.SETTINGS_EDIT),
    "delete_custom_field": (dict, Permission.SETTINGS_EDIT),
    "list_client_visits": (lambda: {"items": [], "pages": PAGES}, Permission.CLIENTS_VIEW),
    "get_visit": (lambda: VISIT, Permission.APPOINTMENTS_VIEW),
    "mark_visit": (a.an_appointment, Permission.APPOINTMENTS_EDIT),
    "get_visit_details": (a.an_appointment, Permission.APPOINTMENTS_VIEW),
    "get_appointment_history": (
        lambda: {"changes": [], "timezone": "Europe/Paris", "currency": "EUR"},
        Permission.APPOINTMENTS_VIEW,
    ),
    "list_chain_clients": (lambda: {"clients": []}, Permission.CLIENTS_VIEW),
    "list_services": (lambda: {"services": [a.a_service_at_desk()]}, None),
    "get_service": (a.a_service_at_desk, None),
    "create_service": (a.a_service_at_desk, Permission.CATALOGUE_EDIT),
    "update_service": (a.a_service_at_desk, Permission.CATALOGUE_EDIT),
    "delete_service": (dict, Permission.CATALOGUE_EDIT),
    "list_service_categories": (lambda: {"categories": [a.a_category()]}, None),
    "list_categories_of_business": (lambda: {"categories": [a.a_category()]}, None),
    "get_service_category": (a.a_category, None),
    "create_service_category": (a.a_category, Permission.CATALOGUE_EDIT),
    "update_service_category": (a.a_category, Permission.CATALOGUE_EDIT),
    "delete_service_category": (dict, Permission.CATALOGUE_EDIT),
    "set_links": (lambda: {"links": [A_LINK]}, Permission.CATALOGUE_EDIT),
    "remove_link": (dict, Permission.CATALOGUE_EDIT),
    "list_staff": (lambda: {"staff": [a.a_staff_member_at_desk()]}, None),
    "get_staff_member": (a.a_staff_member_at_desk, None),
    "create_staff_member": (a.a_staff_member_at_desk, Permission.STAFF_EDIT),
    "update_staff_member": (a.a_staff_member_at_desk, Permission.STAFF_EDIT),
    "dismiss_staff_member": (dict, Permission.STAFF_EDIT),
    "list_positions": (lambda: {"positions": [a.a_position()]}, None),
    "get_position": (a.a_position, None),
    "create_position": (a.a_position, Permission.STAFF_EDIT),
    "update_position": (a.a_position, Permission.STAFF_EDIT),
    "delete_position": (dict, Permission.STAFF_EDIT),
    "change_service_image": (a.a_service_at_desk, Permission.CATALOGUE_EDIT),
    "change_staff_image": (a.a_staff_member_at_desk, Permission.STAFF_EDIT),
    "create_location": (a.a_location, Permission.SETTINGS_EDIT),
    "update_location": (a.a_location, Permission.SETTINGS_EDIT),
    "close_location": (dict, Permission.SETTINGS_EDIT),
    "list_appointments": (lambda: {"items": [], "total": 0}, Permission.APPOINTMENTS_VIEW),
    "get_appointment_for_staff": (a.an_appointment, Permission.APPOINTMENTS_VIEW),
    "create_appointment": (a.an_appointment, Permission.APPOINTMENTS_EDIT),
    "update_appointment": (a.an_appointment, Permission.APPOINTMENTS_EDIT),
    "delete_appointment": (a.an_appointment, Permission.APPOINTMENTS_DELETE),
    "list_schedules": (
        lambda: {"timezone": "Europe/Paris", "days": []},
        Permission.SCHEDULES_VIEW,
    ),
    "set_schedules": (dict, Permission.SCHEDULES_EDIT),
    "write_into_class": (a.an_appointment, Permission.APPOINTMENTS_EDIT),
    "create_class": (a.a_class, Permission.APPOINTMENTS_EDIT),
    "update_class": (a.a_class, Permission.APPOINTMENTS_EDIT),
    "delete_class": (dict, Permission.APPOINTMENTS_DELETE),
    "repeat_class": (lambda: {"classes": [a.a_class()]}, Permission.APPOINTMENTS_EDIT),
    "list_series_plans": (lambda: {"plans": [a.a_series_plan()]}, Permission.APPOINTMENTS_VIEW),
    "create_series_plan": (a.a_series_plan, Permission.APPOINTMENTS_EDIT),
    "update_series_plan": (a.a_series_plan, Permission.APPOINTMENTS_EDIT),
    "delete_series_plan": (dict, Permission.APPOINTMENTS_EDIT),
    "get_schedule": (lambda: {"days": []}, Permission.SCHEDULES_VIEW),
    "list_booking_forms": (lambda: {"forms": [a.a_form_for_staff()]}, Permission.SETTINGS_EDIT),
    "get_form_for_staff": (a.a_form_for_staff, Permission.SETTINGS_EDIT),
    "create_booking_form": (a.a_form_for_staff, Permission.SETTINGS_EDIT),
    "update_booking_form": (a.a_form_for_staff, Permission.SETTINGS_EDIT),
    "delete_booking_form": (dict, Permission.SETTINGS_EDIT),
    "get_location_settings": (a.some_settings, Permission.SETTINGS_EDIT),
    "update_location_settings": (a.some_settings, Permission.SETTINGS_EDIT),
    "set_schedule": (dict, Permission.SCHEDULES_EDIT),
    "list_reviews_for_staff": (lambda: {"items": [], "total": 0}, Permission.REVIEWS_EDIT),
    "hide_review": (a.a_review, Permission.REVIEWS_EDIT),
    "show_review_again": (a.a_review, Permission.REVIEWS_EDIT),
    "answer_review": (a.a_review, Permission.REVIEWS_EDIT),
    "list_waitlist": (lambda: NO_ITEMS, Permission.APPOINTMENTS_VIEW),
    "remove_from_waitlist": (dict, Permission.APPOINTMENTS_EDIT),
    "list_resources": (lambda: {"resources": [a.a_resource()]}, Permission.SCHEDULES_VIEW),
    "save_resource": (a.a_resource, Permission.CATALOGUE_EDIT),
    "delete_resource": (dict, Permission.CATALOGUE_EDIT),
    "get_day_grids": (a.some_grids, Permission.SCHEDULES_VIEW),
    "set_day_grids": (a.some_grids, Permission.SETTINGS_EDIT),
    "list_working_days": (lambda: {"days": []}, Permission.SCHEDULES_VIEW),
    "get_timetable": (a.a_timetable, Permission.SCHEDULES_VIEW),
}


RIGHT = callers.a_right()
STAFF_USER = {
    "id": 1,
    "login": "owner",
    "name": "Inès",
    "phone": None,
    "email": None,
    "photo": None,
    "created_at": "2026-11-20T09:00:00Z",
    "right": RIGHT,
}
INVITATION = {
    "id": 1,
    "email": "new@example.com",
    "created_at": "2026-11-20T09:00:00Z",
    "right": RIGHT,
}
CHALLENGE = {"challenge": {"challenge_id": "0" * 36, "medium": "sms", "expires_in_seconds": 600}}
PARTNER_KEY = {
    "id": 1,
    "title": "Widget",
    "business_ids": [7],
    "scopes": ["booking"],
    "rate_per_second": None,
    "rate_per_minute": 100,
    "created_at": "2026-11-20T09:00:00Z",
    "revoked_at": None,
    "secrets": [{"hint": "kp_12345", "created_at": "2026-11-20T09:00:00Z", "expires_at": None}],
}
MANAGED: dict[str, dict[str, Any]] = {
    "get_own_right": {"right": RIGHT},
    "list_staff_users": {"users": [STAFF_USER]},
    "get_staff_user": STAFF_USER,
    "change_right": {"right": RIGHT},
    "remove_staff_user": {},
    "copy_right": {},
    "remove_from_places": {},
    "begin_second_factor": CHALLENGE,
    "confirm_second_factor": {"medium": "sms"},
    "remove_second_factor": {"medium": None},
    "invite_staff": INVITATION,
    "list_invitations": {"invitations": [INVITATION]},
    "withdraw_invitation": {},
    "accept_invitation": {"login": "new@example.com"},
    "list_partner_keys": {"keys": [PARTNER_KEY]},
    "create_partner_key": {"key": PARTNER_KEY, "secret": "kp_123456789"},
    "change_partner_key": PARTNER_KEY,
    "rotate_partner_key": {"key": PARTNER_KEY, "secret": "kp_123456789"},
    "revoke_partner_key": {},
}


def an_auth() -> SmallService:
    methods = {
        "identify": identify,
        "request_code": nothing,
        "sign_in": nothing,
        "staff_sign_in": nothing,
        "change_staff_password": nothing,
        "request_staff_reset": lambda request: {},
        "list_documents": lambda location_id: {"documents": []},
        "agree": lambda request: {},
        "sign_out": lambda request: {},
        **{name: lambda answer=answer, **_: answer for name, answer in MANAGED.items()},
        "list_sessions": lambda user_digest: {"sessions": []},
        "end_session": lambda request: {},
        "end_sessions": lambda request: {},
        "sign_in_with_password": nothing,
        "sign_up": nothing,
        "get_photo": nothing,
        "change_photo": lambda request: a.a_profile(),
        "look_at_link": nothing,
        "request_password_reset": nothing,
        "reset_password": nothing,
        "change_password": nothing,
        "get_profile": a.a_profile,
        "change_profile": lambda request: {},
        "request_phone_change": nothing,
        "request_email_change": nothing,
    }
    return SmallService("auth", methods)


NO_ITEMS: dict[str, Any] = {"items": [], "total": 0}
CABINET: dict[str, dict[str, Any]] = {
    "get_review_form": a.a_review_form(),
    "review_by_link": {"id": 4},
    "put_review_off": {"ask_again_at": "2026-11-21T09:00:00Z"},
    "list_reviews": NO_ITEMS,
    "review_visit": a.a_review(),
    "get_calendar": {"content": "BEGIN:VCALENDAR"},
    "get_calendar_feed": {"is_on": False, "created_at": None},
    "renew_calendar_feed": {"token": "a-token"},
    "end_calendar_feed": {},
    "list_own_places": NO_ITEMS,
    "list_favourites": NO_ITEMS,
    "list_own_waitlist": {"items": [a.a_waitlist_entry()]},
    "join_waitlist": a.a_waitlist_entry(),
    "leave_waitlist": {},
    "accept_offer": {"handle": 1, "appointment_id": 17, "hash": HASH},
    "decline_offer": a.a_waitlist_entry(),
    "add_favourite": {},
    "remove_favourite": {},
}


def a_booking() -> SmallService:
    booking = Owning("booking", dict.fromkeys(PUBLIC, nothing))
    booking.methods |= {name: booking.own(answer) for name, answer in OWN.items()}
    booking.methods |= {name: booking.desk(*told) for name, told in DESK.items()}

    def own_ids(**_: Any) -> dict[str, Any]:
        return {"client_ids": [5] if booking.viewer() == viewer_of("client") else []}

    booking.methods["list_own_client_ids"] = own_ids
    booking.methods["get_location"] = get_location
    booking.methods["list_partner_appointments"] = lambda **_: NO_ITEMS
    booking.methods["list_own_businesses"] = lambda: {"businesses": []}
    booking.methods["get_image"] = nothing
    booking.methods["get_last_answers"] = lambda **_: {"custom_fields": {}}
    booking.methods |= {name: lambda answer=answer, **_: answer for name, answer in CABINET.items()}
    booking.methods["list_own_appointments"] = lambda **_: {"items": [], "total": 0}
    return booking


def refuse_strangers(client_ids: list[int]) -> dict[str, Any]:
    if client_ids != [5]:
        raise NotFound("message_not_found")
    return {}


def a_loyalty() -> SmallService:
    return SmallService("loyalty", {"list_cards": lambda **_: {"cards": []}})


def a_notify() -> SmallService:
    messages = {
        "list_code_channels": lambda **_: {"channels": ["sms"]},
        "list_inbox": lambda **_: {"items": [], "total": 0, "unread": 0},
        "mark_read": lambda request: refuse_strangers(request["client_ids"]),
        "mark_all_read": lambda request: {},
        "delete_message": lambda request: refuse_strangers(request["client_ids"]),
    }
    return SmallService("notify", messages)
