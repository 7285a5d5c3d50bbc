"""A front end as small as can be: looks for free times, books them, and reads what it booked.

With nothing but Python, for the trial runs where Kabinet's packages are not.
"""

import itertools
import json
import time
import uuid
from http import HTTPStatus
from http.client import HTTPException
from threading import Lock
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

UNCLEAR = {HTTPStatus.CONFLICT, 500, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
MOST_TRIES = 20


class FrontEnd:
    """Speaks to the gateway like an integration. Several threads may book with it."""

    def __init__(self, demo: dict[str, Any]) -> None:
        self.booked: list[dict[str, Any]] = []
        self.repeated = 0
        self._base_url, self._key = demo["base_url"], demo["partner_token"]
        self._location = demo["location_ids"][0]
        self._wishes = iter(self._free_times())
        self._numbers = itertools.count(1)
        self._lock = Lock()

    def book(self, count: int) -> list[dict[str, Any]]:
        """Book this many visits, each at a time of its own; a time that is gone costs nothing."""
        done: list[dict[str, Any]] = []
        while len(done) < count:
            with self._lock:
                wish, number = next(self._wishes), next(self._numbers)
            if (visit := self._book_one(wish, f"+3362{number:07d}")) is not None:
                done.append(visit)
                self.booked.append(visit)
        return done

    def is_there(self, visit: dict[str, Any]) -> bool:
        path = f"book_record/{self._location}/{visit['record_id']}/{visit['record_hash']}"
        status, answer = self._ask("GET", path)
        return status == HTTPStatus.OK and answer["data"]["id"] == visit["record_id"]

    def messages(self, phone: str) -> list[dict[str, Any]]:
        """What the client was told so far."""
        url = f"{self._base_url}/dev/messages?{urlencode({'to': phone})}"
        with urlopen(url, timeout=30) as answer:  # noqa: S310  (our own address)
            sent: list[dict[str, Any]] = json.load(answer)
        return sent

    def _book_one(self, wish: dict[str, Any], phone: str) -> dict[str, Any] | None:
        """Ask until the answer is clear, with the same key, as a careful client does."""
        record = {"phone": phone, "fullname": "Ann Clark", "appointments": [{"id": 1, **wish}]}
        key = str(uuid.uuid4())
        for _ in range(MOST_TRIES):
            status, answer = self._ask("POST", f"book_record/{self._location}", record, key)
            if status == HTTPStatus.CREATED:
                return {**answer["data"][0], **wish, "phone": phone}
            if status not in UNCLEAR:
                return None
            with self._lock:
                self.repeated += 1
            time.sleep(0.3)
        raise RuntimeError(f"no clear answer: {status} {answer}")

    def _free_times(self) -> list[dict[str, Any]]:
        """Times of the coming days that do not get into each other's way."""
        where, wishes = self._location, []
        for staff in self._data(f"book_staff/{where}", {"without_seances": 1}):
            offered = self._data(f"book_services/{where}", {"staff_id": staff["id"]})["services"]
            service = min(offered, key=lambda one: one["seance_length"])["id"]
            asked = {"service_ids[]": service}
            dates = self._data(f"book_dates/{where}", {**asked, "staff_id": staff["id"]})
            for day in dates["booking_dates"][1:15]:
                times = self._data(f"book_times/{where}/{staff['id']}/{day}", asked)
                wishes += [
                    {"services": [service], "staff_id": staff["id"], "datetime": one["datetime"]}
                    for one in times
                ]
        return wishes

    def _data(self, path: str, asked: dict[str, Any]) -> Any:
        status, answer = self._ask("GET", f"{path}?{urlencode(asked)}")
        if status != HTTPStatus.OK:
            raise RuntimeError(f"{path}: {status} {answer}")
        return answer["data"]

    def _ask(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        """Status and answer; 503 when there was no answer at all."""
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Accept": "application/vnd.api.v2+json",
            "Content-Type": "application/json",
        }
        if key:
            headers["Idempotency-Key"] = key
        request = Request(  # noqa: S310  (our own address)
            f"{self._base_url}/api/v1/{path}",
            method=method,
            headers=headers,
            data=None if body is None else json.dumps(body).encode(),
        )
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except HTTPError as refused:
            return refused.code, refused.read().decode()
        except (OSError, HTTPException) as failure:
            return HTTPStatus.SERVICE_UNAVAILABLE, str(failure)
