"""One table: what a refusal is on the wire, by its code: HTTP status and the contract's number."""

from collections.abc import Mapping
from typing import NamedTuple


class Row(NamedTuple):
    """``number`` is the contract's code; ``text`` names the text if it is not the code's own."""

    status: int
    number: int
    text: str = ""


NUMBERED: dict[str, Row] = {
    "phone_malformed": Row(422, 431),
    "code_incorrect": Row(422, 432),
    "slot_taken": Row(422, 433),
    "slot_in_the_past": Row(422, 433),
    "slot_too_soon": Row(422, 433),
    "slot_off_grid": Row(422, 433),
    "no_resource_free": Row(422, 433),
    "slot_outside_hours": Row(422, 433),
    "client_banned": Row(403, 434),
    "name_missing": Row(422, 435),
    "no_staff_free": Row(422, 436),
    "overlaps_in_request": Row(422, 437),
    "service_unavailable": Row(422, 438),
    "service_not_found": Row(422, 438),
    "staff_required": Row(422, 422),
    "services_missing": Row(422, 422),
    "email_malformed": Row(422, 400),
}

OWN: dict[str, Row] = {
    code: Row(status, status)
    for status, codes in {
        400: ("json_malformed",),
        401: (
            "partner_key_missing",
            "partner_key_unknown",
            "unauthenticated",
            "session_unknown",
            "password_incorrect",
        ),
        403: (
            "forbidden",
            "permission_missing",
            "rights_beyond_own",
            "scope_missing",
            "location_outside_key",
            "dev_only",
            "booking_paused",
            "client_accounts_off",
            "password_sign_in_off",
            "proof_needed",
            "photos_off",
            "cancel_not_allowed",
            "cancel_too_late",
            "move_not_allowed",
            "move_too_late",
            "already_started",
            "already_cancelled",
            "visit_not_over",
            "visit_cancelled",
            "visit_missed",
            "no_visit_to_review",
        ),
        404: (
            "not_found",
            "location_not_found",
            "booking_form_not_found",
            "appointment_not_found",
            "staff_not_found",
            "client_not_found",
            "label_not_found",
            "comment_not_found",
            "custom_field_not_found",
            "blacklist_entry_not_found",
            "visit_not_found",
            "chain_not_found",
            "message_not_found",
            "link_over",
            "photo_not_found",
            "session_not_found",
            "staff_user_not_found",
            "partner_key_not_found",
            "account_not_found",
            "invitation_not_found",
            "calendar_not_found",
            "no_such_service",
            "category_not_found",
            "position_not_found",
            "link_not_found",
            "business_not_found",
            "review_not_found",
            "review_link_unknown",
            "resource_not_found",
        ),
        405: ("method_not_allowed",),
        409: (
            "command_in_progress",
            "version_outdated",
            "client_exists",
            "contact_of_an_account",
            "custom_field_code_taken",
            "last_owner",
            "already_reviewed",
            "resource_in_use",
            "login_taken",
            "partner_key_revoked",
            "second_factor_on",
            "default_form_needed",
            "second_factor_broken",
            "right_for_all_locations",
            "phone_of_another_account",
            "email_of_another_account",
            "category_not_empty",
            "appointments_to_come",
            "user_linked",
        ),
        413: ("body_too_large",),
        415: ("content_type_unsupported",),
        422: (
            "validation_failed",
            "field_invalid",
            "field_missing",
            "field_unknown",
            "time_malformed",
            "time_does_not_exist",
            "day_malformed",
            "schedule_malformed",
            "grid_malformed",
            "colour_malformed",
            "language_unknown",
            "steps_malformed",
            "origin_malformed",
            "custom_field_unknown",
            "custom_field_invalid",
            "custom_field_reserved",
            "client_filter_unavailable",
            "phone_or_client",
            "payments_unavailable",
            "duration_missing",
            "title_missing",
            "scopes_missing",
            "owner_of_a_location",
            "email_required",
            "tips_unavailable",
            "reason_missing",
            "comment_required",
            "consent_required",
            "idempotency_key_malformed",
            "idempotency_key_reused",
            "link_incorrect",
            "photo_unreadable",
            "photo_too_large",
            "price_range_inverted",
            "city_unknown",
            "terms_not_accepted",
            "old_password_incorrect",
            "password_too_short",
            "password_too_long",
            "password_too_simple",
        ),
        429: (
            "rate_limit_exceeded",
            "too_many_attempts",
            "code_sent_recently",
            "code_sends_used_up",
            "codes_used_up_here",
            "codes_paused",
        ),
        500: ("internal_error",),
        503: ("service_unreachable", "service_overloaded"),
        504: ("service_silent",),
    }.items()
    for code in codes
}

TABLE: Mapping[str, Row] = {
    **NUMBERED,
    **OWN,
    # A lock that was not to be had in time.
    "busy": Row(503, 503, "service_overloaded"),
}

# For codes that a service knows and this table does not.
BY_KIND: Mapping[str, Row] = {
    "Invalid": Row(422, 422, "validation_failed"),
    "NotFound": Row(404, 404, "not_found"),
    "Conflict": Row(409, 409, "version_outdated"),
    "Forbidden": Row(403, 403, "forbidden"),
    "Unauthenticated": Row(401, 401, "unauthenticated"),
    "TooManyAttempts": Row(429, 429, "too_many_attempts"),
}

BY_STATUS: Mapping[int, str] = {
    400: "json_malformed",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "content_type_unsupported",
}
