"""The kinds of news for clients, and how the list of the app sorts and opens them."""

from dataclasses import dataclass

from services.notify.domain.media import Medium

DETAILS = "details"
"""The button that shows the appointment."""
WAITLIST = "waitlist"
"""The button that shows what somebody waits for, and what they are offered."""


@dataclass(frozen=True)
class Kind:
    """``category`` is the heading in the list, ``action`` the button beside it."""

    category: str
    action: str | None


ABOUT_APPOINTMENTS = {
    "appointment_created": Kind("appointment", DETAILS),
    "appointment_confirmed": Kind("appointment", DETAILS),
    "appointment_moved": Kind("appointment", DETAILS),
    "appointment_cancelled": Kind("cancelled_appointment", DETAILS),
}
ABOUT_WAITING = {"waitlist_offer_made": Kind("waitlist", WAITLIST)}
KINDS = ABOUT_APPOINTMENTS | ABOUT_WAITING
CODE = "code"
"""The kind of a message with a code. It stands in no list."""

CODE_TEMPLATES = {
    Medium.SMS: "code",
    Medium.CALL: "code_by_call",
    Medium.EMAIL: "code_by_email",
}


LETTERS = {
    purpose: f"letter_{purpose}"
    for purpose in (
        "prove_email",
        "account_exists",
        "reset_password",
        "change_email",
        "invite_staff",
        "reset_staff_password",
        "reset_staff_refused",
    )
}
"""The words of letters that are about more than a code, by what they are for."""

LINKS = {
    "prove_email": "account/confirm",
    "reset_password": "account/password",
    "invite_staff": "account/invitation",
    "reset_staff_password": "account/staff-password",
}
"""The pages that their links lead to."""


def template_for(kind: str, *, created_by: str | None) -> str:
    """The name of the words for this kind: who did not book themselves is told who did."""
    if kind == "appointment_created" and created_by in ("staff", "import"):
        return "appointment_created_by_staff"
    return kind
