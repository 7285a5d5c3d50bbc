"""The gateway's HTTP interface, as a front end sees it. With nothing but Python's own library."""

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

from deploy.containers.trial.waiting import Failed

UNCLEAR = {
    HTTPStatus.CONFLICT,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
MOST_TRIES = 40


class Api:
    """The interface under the demo's partner key. Several threads may use it."""

    def __init__(self, demo: dict[str, Any]) -> None:
        self.location_id = demo["location_ids"][0]
        self.repeated = 0
        self._base_url, self._key = demo["base_url"], demo["partner_token"]
        self._lock = Lock()

    def ask(self, method: str, path: str, body: Any = None, *, token: str = "") -> tuple[int, Any]:
        """Status and answer. Asks until it is clear, with the same key, as a careful client does.

        `token` is that of somebody who has signed in.
        """
        key = str(uuid.uuid4())
        for _ in range(MOST_TRIES):
            status, answer = self._ask_once(method, path, body, token, key)
            if status not in UNCLEAR:
                return status, answer
            with self._lock:
                self.repeated += 1
            time.sleep(0.3)
        raise Failed(f"{method} {path}: no clear answer, at last {status} {answer}")

    def get(self, path: str, *, token: str = "", **asked: Any) -> Any:
        """The data that a GET answers with; `asked` goes into its query."""
        return self.data("GET", f"{path}?{urlencode(asked)}", token=token)

    def data(self, method: str, path: str, body: Any = None, *, token: str = "") -> Any:
        """The data of an answer; `Failed` when it is not a success."""
        status, answer = self.ask(method, path, body, token=token)
        if status >= HTTPStatus.BAD_REQUEST:
            raise Failed(f"{method} {path}: {status} {answer}")
        return answer["data"] if answer else None

    def free_times(self, service: int, staff: int, *, days: int) -> list[str]:
        """When the staff member can be booked in the coming days, as the interface writes it."""
        where, asked = self.location_id, {"service_ids[]": str(service)}
        dates = self.get(f"book_dates/{where}", staff_id=staff, **asked)["booking_dates"]
        return [
            one["datetime"]
            for day in dates[1 : days + 1]
            for one in self.get(f"book_times/{where}/{staff}/{day}", **asked)
        ]

    def messages(self, phone: str) -> list[dict[str, Any]]:
        """What was sent to this phone so far."""
        url = f"{self._base_url}/dev/messages?{urlencode({'to': phone})}"
        with urlopen(url, timeout=30) as answer:  # noqa: S310  (our own address)
            sent: list[dict[str, Any]] = json.load(answer)
        return sent

    def _ask_once(self, method: str, path: str, body: Any, token: str, key: str) -> tuple[int, Any]:
        """503 when there was no answer at all."""
        request = Request(  # noqa: S310  (our own address)
            f"{self._base_url}/api/v1/{path}",
            method=method,
            headers={
                "Authorization": f"Bearer {self._key}" + (f", User {token}" if token else ""),
                "Accept": "application/vnd.api.v2+json",
                "Content-Type": "application/json",
                **({"Idempotency-Key": key} if body is not None else {}),
            },
            data=None if body is None else json.dumps(body).encode(),
        )
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310
                told = answer.read()
                return answer.status, json.loads(told) if told else None
        except HTTPError as refused:
            return refused.code, refused.read().decode()
        except (OSError, HTTPException) as failure:
            return HTTPStatus.SERVICE_UNAVAILABLE, str(failure)
