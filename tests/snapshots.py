"""Snapshots as services send them, for tests of what is made of them."""

from typing import Any


def a_location(**changes: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "business": {"id": 7, "title": "Maison Lumière", "is_chain": True, "client_accounts": True},
        "title": "Maison Lumière Marais",
        "public_title": "Maison Lumière, Marais",
        "short_description": "Hair and nails",
        "description": "<p>Hair and nails</p>",
        "logo_url": "https://example.com/logo.png",
        "photo_urls": ["https://example.com/1.jpg"],
        "phones": ["+33142720000", "+33142720001"],
        "email": "marais@example.com",
        "site": "https://example.com",
        "postal_code": "75004",
        "address": "12 rue des Archives",
        "opening_hours_text": "Mon–Sat 9–20",
        "city_id": 1,
        "city": "Paris",
        "country_code": "FR",
        "latitude": 48.857,
        "longitude": 2.358,
        "timezone": "Europe/Paris",
        "currency": "EUR",
        "language": "fr",
        "any_staff_allowed": True,
        "is_active": True,
        "version": 2,
        "phone_confirmation_required": False,
        "comment_required": False,
        "email_required": False,
        "comment_label": "Anything we should know?",
        "booking_notice": "Please be on time",
        "move_allowed": True,
        "move_notice_seconds": 7200,
        "cancel_allowed": True,
        "cancel_notice_seconds": 3600,
        "sms_reminders_enabled": True,
        "default_sms_reminder_hours": 2,
        "promo_text": "−10 % in November",
        "social": {"instagram": "https://instagram.com/example"},
        "business_type_id": 1,
        "weight": 10,
        "rating": 4.75,
        "votes_count": 20,
        "comments_count": 9,
        "active_staff_count": 5,
        "next_slot_at": "2026-11-20T09:00:00Z",
        "is_paused": False,
        "forms": [{"id": 4, "title": "Main form", "is_default": True}],
        **changes,
    }


def a_bare_location(**changes: Any) -> dict[str, Any]:
    """One about which nothing is known that need not be known."""
    unknown = (
        "public_title short_description description logo_url email site postal_code address "
        "opening_hours_text city_id city latitude longitude comment_label booking_notice "
        "default_sms_reminder_hours promo_text business_type_id next_slot_at forms social"
    )
    return a_location(
        **dict.fromkeys(unknown.split()),
        business={"id": 8, "title": "Lone", "is_chain": False, "client_accounts": True},
        phones=[],
        photo_urls=[],
        **changes,
    )


def a_slot(**changes: Any) -> dict[str, Any]:
    return {
        "starts_at": "2026-11-20T09:00:00Z",
        "duration_seconds": 4500,
        "total_seconds": 3600,
        **changes,
    }


def a_service(**changes: Any) -> dict[str, Any]:
    return {
        "id": 11,
        "title": "Haircut",
        "category_id": 2,
        "price_min_minor": 4550,
        "price_max_minor": 6000,
        "discount_percent": 0,
        "comment": "With wash",
        "image_url": "https://example.com/haircut.jpg",
        "weight": 5,
        "is_online": True,
        "gender": "female",
        "prepayment": "forbidden",
        "duration_seconds": 3600,
        "is_membership_only": False,
        **changes,
    }


def a_catalogue(**changes: Any) -> dict[str, Any]:
    sparse = a_service(
        id=12, category_id=None, comment=None, image_url=None, duration_seconds=None, gender="any"
    )
    return {
        "currency": "EUR",
        "services": [a_service(), sparse],
        "categories": [{"id": 2, "title": "Hair", "weight": 1, "gender": "any", "api_id": None}],
        **changes,
    }


def a_staff_member(**changes: Any) -> dict[str, Any]:
    return {
        "id": 3,
        "name": "Inès",
        "is_bookable": True,
        "specialization": "Stylist",
        "position": {"id": 9, "title": "Senior stylist"},
        "rating_shown": True,
        "rating": 4.8,
        "votes_count": 12,
        "comments_count": 7,
        "avatar_url": "https://example.com/ines.jpg",
        "weight": 3,
        "information": "<p>Colours</p>",
        "prepayment": "forbidden",
        "gender": "female",
        "next_slots": {"day": "2026-11-20", "slots": [a_slot()]},
        "schedule_until": "2026-12-31",
        "is_fired": False,
        "is_hidden": False,
        "api_id": "ines",
        **changes,
    }


def a_bare_staff_member(**changes: Any) -> dict[str, Any]:
    unknown = "specialization position rating avatar_url information next_slots schedule_until"
    return a_staff_member(
        **dict.fromkeys(unknown.split()), api_id=None, is_bookable=False, **changes
    )


def an_appointment(**changes: Any) -> dict[str, Any]:
    return {
        "id": 17,
        "visit_id": 16,
        "business_id": 7,
        "hash": "0123456789abcdef0123456789abcdef",
        "review_token": "17-" + "cd" * 16,
        "version": 1,
        "location": a_location(),
        "staff": a_staff_member(),
        "client": {"id": 5, "name": "Camille", "phone": "+33612345678", "email": None},
        "services": [
            {
                "id": 11,
                "title": "Haircut",
                "price_minor": 4550,
                "price_min_minor": 4550,
                "price_max_minor": 6000,
                "discount_percent": 0,
                "amount": 1,
                "duration_seconds": 3600,
            }
        ],
        "starts_at": "2026-11-20T09:00:00Z",
        "ends_at": "2026-11-20T10:00:00Z",
        "duration_seconds": 3600,
        "buffer_seconds": 0,
        "resource_instance_ids": [],
        "created_at": "2026-10-30T12:00:00Z",
        "changed_at": "2026-11-02T12:00:00Z",
        "comment": "",
        "is_cancelled": False,
        "cancelled_at": None,
        "attendance": "waiting",
        "confirmed": False,
        "created_by": "client",
        "created_by_user_id": None,
        "saved_over_busy": False,
        "custom_fields": {},
        "is_mobile": False,
        "sms_reminder_hours": 2,
        "email_reminder_hours": 0,
        "staff_requested": True,
        "is_online": True,
        "api_id": None,
        "prepayment": "forbidden",
        "is_prepaid": False,
        "class_id": None,
        "seats": 1,
        "form_id": None,
        "source": None,
        **changes,
    }


def a_class(**changes: Any) -> dict[str, Any]:
    service = a_service(category_id=2)
    return {
        "id": 23,
        "location_id": 1,
        "version": 1,
        "series_id": None,
        "starts_at": "2026-11-20T17:00:00Z",
        "timezone": "Europe/Paris",
        "length_seconds": 3600,
        "capacity": 9,
        "seats_taken": 2,
        "saved_over_busy": False,
        "comment": "Bring water",
        "instructions": "",
        "stream_link": "",
        "color": "",
        "font_color": "",
        "labels": [a_label()],
        "resource_instances": [{"id": 51, "title": "Room 1", "resource_id": 5}],
        "currency": "EUR",
        "service": {**service, "category": {"id": 2, "title": "Hair"}},
        "staff": a_staff_member(),
        **changes,
    }


def a_series_plan(**changes: Any) -> dict[str, Any]:
    return {
        "id": 6,
        "location_id": 1,
        "title": "Mondays and Thursdays",
        "repeat": "weekly",
        "weekdays": [0, 3],
        "pause": 1,
        "content": "appointments",
        **changes,
    }


def some_class_filters() -> dict[str, Any]:
    value = {"id": 3, "title": "Inès", "is_disabled": False}
    return {"staff": [value], "resource": [], "service": [], "category": []}


def a_passers_by_appointment() -> dict[str, Any]:
    """Somebody's who left nothing but a name, written down by staff."""
    return an_appointment(
        location=a_bare_location(),
        staff=a_bare_staff_member(),
        client={"id": 6, "name": "Passer-by", "phone": None, "email": None},
        services=[],
        is_online=False,
        created_by_user_id=31,
        sms_reminder_hours=None,
        custom_fields={"shoe_size": 38},
        source="desk",
    )


def a_loyalty_card(**changes: Any) -> dict[str, Any]:
    programme = {
        "id": 4,
        "title": "5 % back",
        "kind": "cashback_static_paid",
        "percent_basis_points": 500,
    }
    return {
        "id": 9,
        "number": "0000000000012344",
        "balance_minor": 227,
        "currency": "EUR",
        "points": 0,
        "paid_minor": 4550,
        "sold_minor": 4550,
        "visits_count": 1,
        "type": {"id": 2, "title": "Club"},
        "business": {"id": 7, "title": None},
        "programmes": [programme],
        **changes,
    }


def a_message(**changes: Any) -> dict[str, Any]:
    return {
        "id": 51,
        "kind": "appointment_created",
        "category": "appointment",
        "title": "Booked",
        "body": "See you on Friday.",
        "business_id": 7,
        "appointment_id": 17,
        "action": "details",
        "created_at": "2026-11-02T12:00:00Z",
        "read_at": None,
        **changes,
    }


SOME_ANALYTICS = {
    "google_analytics_id": "G-123",
    "facebook_pixel_id": "",
    "metrika_counter_id": "",
    "app_metrika_id": "",
}


def a_booking_form(**changes: Any) -> dict[str, Any]:
    names = ("city", "location", "service", "staff", "time", "contact", "confirm")
    steps = [{"step": name, "title": None, "hidden": False, "default": None} for name in names]
    return {
        "id": 4,
        "title": "Main form",
        "business": {"id": 7, "title": "Maison Lumière", "is_chain": True, "client_accounts": True},
        "location_id": None,
        "main_location_id": 1,
        "languages": ["en", "fr"],
        "language": "fr",
        "style": {
            "main_color": "#1f6f5c",
            "secondary_color": "#ffffff",
            "buttons_color": "#1f6f5c",
            "logo_url": None,
            "show_header": True,
        },
        "steps": steps,
        "phone_confirmation_required": False,
        "comment_required": False,
        "comment_label": None,
        "booking_notice": None,
        "sms_enabled": False,
        "is_paused": False,
        "specialization_display_mode": 0,
        "any_staff_allowed": True,
        "visit_kinds": "single",
        "description": "",
        "without_menu": False,
        "analytics": SOME_ANALYTICS,
        **changes,
    }


def a_form_for_staff(**changes: Any) -> dict[str, Any]:
    form = a_booking_form()
    shown = ("id", "title", "description", "without_menu", "location_id", "languages", "language")
    shown += ("style", "steps", "analytics", "is_paused")
    return {
        **{name: form[name] for name in shown},
        "is_default": True,
        "texts": {"comment_label": None, "booking_notice": None},
        "allowed_origins": ["https://salon.example"],
        "version": 1,
        **changes,
    }


def some_settings(**changes: Any) -> dict[str, Any]:
    return {
        "is_paused": False,
        "phone_confirmation_required": False,
        "any_staff_allowed": True,
        "lead_seconds": 3600,
        "move_allowed": True,
        "move_notice_seconds": 7200,
        "cancel_allowed": True,
        "cancel_notice_seconds": 0,
        "visit_kinds": "single",
        "class_clients_max": 12,
        "class_clients_online_max": 2,
        "version": 3,
        **changes,
    }


def a_document(**changes: Any) -> dict[str, Any]:
    """A text that people are asked to accept."""
    return {
        "kind": "privacy_policy",
        "version": 3,
        "language": "fr",
        "is_required": True,
        "content": "<p>Nous gardons peu.</p>",
        "published_at": "2026-11-01T00:00:00Z",
        "accepted_at": None,
        **changes,
    }


def a_profile(**changes: Any) -> dict[str, Any]:
    """A client's account."""
    return {
        "id": 21,
        "name": "Camille",
        "phone": "+33612345678",
        "email": None,
        "is_email_proven": False,
        "has_password": False,
        "login": "+33612345678",
        "photo": None,
        "language": None,
        "date_format": None,
        "time_format": None,
        "notifications_enabled": True,
        **changes,
    }


def some_grids(**changes: Any) -> dict[str, Any]:
    grid = {
        "base": "clock",
        "step_seconds": 1800,
        "lead_seconds": 3600,
        "first_minute": 600,
        "last_minute": None,
        "start_minutes": [],
        "is_flexible": False,
    }
    listed = {**grid, "base": "list", "first_minute": None, "start_minutes": [555, 1500]}
    return {
        "is_enabled": True,
        "weekdays": [{"weekday": 0, **grid}],
        "dates": [{"day": "2026-12-24", **listed}],
        **changes,
    }


def a_timetable() -> dict[str, Any]:
    return {
        "timezone": "Europe/Paris",
        "times": [
            {"starts_at": "2026-11-20T09:00:00Z", "is_free": True},
            {"starts_at": "2026-11-20T09:30:00Z", "is_free": False},
        ],
    }


def a_service_at_desk(**changes: Any) -> dict[str, Any]:
    """A service as those see it who administer the catalogue."""
    return {
        "id": 11,
        "business_id": 7,
        "location_id": 1,
        "category_id": 2,
        "title": "Haircut",
        "booking_title": "",
        "comment": "With wash",
        "image": "ab" * 16,
        "image_url": "",
        "duration_seconds": 3600,
        "buffer_seconds": 0,
        "price_min_minor": 4550,
        "price_max_minor": 6000,
        "currency": "EUR",
        "discount_percent": 0,
        "weight": 5,
        "gender": "female",
        "prepayment": "forbidden",
        "is_online": True,
        "is_membership_only": False,
        "repeat_after_days": 30,
        "api_id": None,
        "is_archived": False,
        "staff": [
            {"staff_id": 3, "name": "Inès", **a_length_and_price(2700, 5000, 5500)},
            {"staff_id": 4, "name": "Tom", **a_length_and_price(None, None, None)},
        ],
        "resources": [{"id": 6, "title": "Chair"}],
        "grid_step_seconds": 1800,
        "version": 4,
        **changes,
    }


def a_length_and_price(
    seconds: int | None, lowest: int | None, highest: int | None
) -> dict[str, int | None]:
    return {"duration_seconds": seconds, "price_min_minor": lowest, "price_max_minor": highest}


def a_category(**changes: Any) -> dict[str, Any]:
    return {
        "id": 2,
        "business_id": 7,
        "location_id": 1,
        "title": "Hair",
        "booking_title": "",
        "weight": 1,
        "gender": "any",
        "api_id": None,
        "is_archived": False,
        "version": 1,
        "staff_ids": [3, 4],
        **changes,
    }


def a_staff_member_at_desk(**changes: Any) -> dict[str, Any]:
    """Somebody as those see them who administer the staff."""
    return {
        "id": 3,
        "business_id": 7,
        "location_id": 1,
        "name": "Inès",
        "specialization": "Stylist",
        "information": "",
        "position": a_position(),
        "avatar": "cd" * 16,
        "avatar_url": "",
        "weight": 3,
        "is_online": True,
        "random_choice_allowed": True,
        "rating_shown": True,
        "rating": 4.5,
        "votes_count": 12,
        "comments_count": 7,
        "user_id": 31,
        "api_id": None,
        "is_fired": False,
        "last_day": None,
        "version": 3,
        "dismissal_reason": "",
        "schedule_until": "2026-12-31",
        "currency": "EUR",
        "business": {"id": 7, "title": "Maison Lumière"},
        "links": [{"service_id": 11, **a_length_and_price(2700, 5500, 5500)}],
        "grid_step_seconds": 1800,
        "day_grids": some_grids(),
        **changes,
    }


def a_position(**changes: Any) -> dict[str, Any]:
    return {"id": 9, "title": "Senior stylist", "description": "", **changes}


def a_review(**changes: Any) -> dict[str, Any]:
    """What booking tells of a review."""
    return {
        "id": 4,
        "location_id": 1,
        "staff_id": 3,
        "appointment_id": 17,
        "rating": 5,
        "text": "Lovely",
        "name": "Camille",
        "timezone": "Europe/Paris",
        "created_at": "2026-11-20T11:00:00Z",
        "answer": "",
        "answered_at": None,
        "hidden_at": None,
        "hidden_reason": "",
        **changes,
    }


def a_review_form(**changes: Any) -> dict[str, Any]:
    return {
        "appointment": an_appointment(),
        "business": {"title": "Salon", "is_chain": False},
        "logo_url": "",
        "language": "fr",
        "total_minor": 4500,
        "is_submitted": False,
        "refusal": None,
        "ask_again_at": None,
        **changes,
    }


def a_repeat(**changes: Any) -> dict[str, Any]:
    return {
        "appointment_id": 17,
        "location": {"id": 1, "title": "Salon", "reason": None},
        "staff": {"id": 3, "name": "Olga", "reason": "staff_fired"},
        "staff_requested": True,
        "services": [
            {"id": 11, "title": "Haircut", "is_given_by_staff": False, "reason": None},
            {
                "id": 12,
                "title": "Beard",
                "is_given_by_staff": False,
                "reason": "service_archived",
            },
        ],
        "comment": "",
        "custom_fields": {"note": "no dye"},
        **changes,
    }


def a_resource(**changes: Any) -> dict[str, Any]:
    return {
        "id": 5,
        "title": "Massage room",
        "description": "",
        "instances": [{"id": 51, "title": "Room 1"}],
        "service_ids": [11],
        **changes,
    }


def a_label(**changes: Any) -> dict[str, Any]:
    return {
        "id": 3,
        "entity": "client",
        "title": "VIP",
        "color": "#f44336",
        "icon": "",
        "font_color": "",
        **changes,
    }


def a_client_card(**changes: Any) -> dict[str, Any]:
    """A client as staff are told of one."""
    return {
        "id": 5,
        "business_id": 7,
        "version": 2,
        "has_account": False,
        "name": "Camille",
        "surname": "Laurent",
        "patronymic": "",
        "phone": "+33612345678",
        "email": None,
        "gender": "female",
        "importance": "bronze",
        "discount_percent": 5,
        "card": "1234",
        "birth_date": "1962-03-21",
        "comment": "Prefers mornings",
        "wants_birthday_messages": True,
        "wants_mailings": False,
        "custom_fields": {},
        "labels": [a_label()],
        "is_blocked": False,
        "created_at": "2026-10-30T12:00:00Z",
        "changed_at": "2026-11-02T12:00:00Z",
        "currency": "EUR",
        "timezone": "Europe/Paris",
        "visits_count": 3,
        "first_visit_at": "2026-11-01T09:00:00Z",
        "last_visit_at": None,
        "sold_minor": 13650,
        **changes,
    }


def a_client_comment(**changes: Any) -> dict[str, Any]:
    return {
        "id": 8,
        "text": "Allergic to ammonia",
        "created_at": "2026-11-20T09:00:00Z",
        "created_by_user_id": 31,
        **changes,
    }


def a_blacklist_entry(**changes: Any) -> dict[str, Any]:
    return {
        "id": 9,
        "phone": "+33612345678",
        "client_id": None,
        "comment": "",
        "created_by_user_id": 31,
        "created_at": "2026-11-20T09:00:00Z",
        **changes,
    }


def a_custom_field(**changes: Any) -> dict[str, Any]:
    return {
        "id": 4,
        "entity": "client",
        "code": "pet",
        "title": "Your pet",
        "kind": "select",
        "choices": ["cat", "dog"],
        "is_shown": True,
        "is_editable": True,
        **changes,
    }


def a_waitlist_entry(**changes: Any) -> dict[str, Any]:
    """Somebody's turn on a waitlist, with a time that they are offered."""
    entry = {
        "id": 1,
        "location": {"id": 1, "title": "Salon", "timezone": "Europe/Paris"},
        "services": [{"id": 11, "title": "Haircut"}],
        "staff": None,
        "first_day": "2026-11-20",
        "last_day": "2026-11-22",
        "created_at": "2026-11-19T09:00:00Z",
        "offer": {
            "starts_at": "2026-11-20T09:00:00Z",
            "ends_at": "2026-11-20T09:45:00Z",
            "expires_at": "2026-11-19T17:15:00Z",
            "staff": {"id": 3, "name": "Olga"},
        },
    }
    return entry | changes
