"""The main job as one client and one owner live it: a visit from its booking to its cashback."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.containers.trial.api import Api
from deploy.containers.trial.waiting import expect, wait_for

PHONE = "+33611223344"
TOLD = {"appointment_created", "appointment_moved", "appointment_cancelled"}


def do_main_job(api: Api, demo: dict[str, Any], visit: dict[str, Any]) -> None:
    """Sign in, find the visit that was booked before, move it, cancel it; then earn cashback.

    `visit` was booked with PHONE. `Failed` says what went wrong.
    """
    where, number = api.location_id, visit["record_id"]
    token = _sign_in(api)
    mine = [one["id"] for one in api.get("user/records", token=token)]
    expect(mine == [number], f"a client who has booked {number} sees {mine}")

    to = api.free_times(visit["services"][0], visit["staff_id"], days=14)[-1]
    api.data("PUT", f"book_record/{where}/{number}", {"datetime": to}, token=token)
    api.data("DELETE", f"user/records/{number}", token=token)
    wait_for(lambda: {one["kind"] for one in api.messages(PHONE)} >= TOLD, "three messages")

    _earn_cashback(api, demo, visit, token)


def _sign_in(api: Api) -> str:
    """Ask for a code, and read it in the message that brings it."""
    api.ask("POST", f"book_code/{api.location_id}", {"phone": PHONE})
    [message] = wait_for(
        lambda: [one for one in api.messages(PHONE) if one["kind"] == "code"], "a code"
    )
    [code] = re.findall(r"\b\d{6}\b", message["body"])
    return str(api.data("POST", "user/auth", {"phone": PHONE, "code": code})["user_token"])


def _earn_cashback(api: Api, demo: dict[str, Any], visit: dict[str, Any], token: str) -> None:
    """The owner enters yesterday's visit and marks it as come; then takes the mark back."""
    owner = api.data("POST", "auth", demo["owner"])["user_token"]
    yesterday = datetime.now(UTC) - timedelta(days=1)
    record = {
        "staff_id": visit["staff_id"],
        "services": [{"id": visit["services"][0]}],
        "client": {"name": "Ann Clark", "phone": PHONE, "email": ""},
        "datetime": yesterday.strftime("%Y-%m-%dT12:05:00"),
        "save_if_busy": True,
    }
    made = api.data("POST", f"records/{api.location_id}", record, token=owner)

    def balance() -> float:
        cards = api.get(f"user/loyalty_cards/{demo['group_id']}", token=token)
        return float(sum(card["balance"] for card in cards))

    expect(balance() == 0, "there is cashback before any visit")
    path = f"record/{api.location_id}/{made['id']}"
    api.data("PUT", path, {"attendance": 1}, token=owner)
    wait_for(lambda: balance() > 0, "cashback")
    api.data("PUT", path, {"attendance": 0}, token=owner)
    wait_for(lambda: balance() == 0, "the cashback to be taken back")
