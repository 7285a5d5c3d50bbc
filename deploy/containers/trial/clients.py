"""Clients who book visits, several at once, each at a time that nobody else wants."""

import itertools
from http import HTTPStatus
from threading import Lock
from typing import Any

from deploy.containers.trial.api import Api
from deploy.containers.trial.waiting import Failed

DAYS = 14


class Clients:
    """Books with a new phone for every visit, and remembers what was answered with success."""

    def __init__(self, api: Api) -> None:
        self.booked: list[dict[str, Any]] = []
        self._api = api
        self._wishes = iter(self._all_wishes())
        self._numbers = itertools.count(1)
        self._lock = Lock()

    def book(self, count: int, *, phone: str = "") -> list[dict[str, Any]]:
        """Book this many visits; a time that is gone costs nothing. For several threads."""
        done: list[dict[str, Any]] = []
        while len(done) < count:
            with self._lock:
                wish, another = next(self._wishes, None), f"+3362{next(self._numbers):07d}"
            if wish is None:
                raise Failed("the demo has too few free times")
            if (visit := self._book_one(wish, phone or another)) is not None:
                done.append(visit)
                self.booked.append(visit)
        return done

    def is_there(self, visit: dict[str, Any]) -> bool:
        """Can the visit be read with what its booking was answered with?"""
        path = f"{self._api.location_id}/{visit['record_id']}/{visit['record_hash']}"
        return bool(self._api.get(f"book_record/{path}")["id"] == visit["record_id"])

    def _book_one(self, wish: dict[str, Any], phone: str) -> dict[str, Any] | None:
        record = {"phone": phone, "fullname": "Ann Clark", "appointments": [{"id": 1, **wish}]}
        status, answer = self._api.ask("POST", f"book_record/{self._api.location_id}", record)
        if status == HTTPStatus.UNPROCESSABLE_ENTITY:
            return None
        if status != HTTPStatus.CREATED:
            raise Failed(f"booking: {status} {answer}")
        return {**answer["data"][0], **wish, "phone": phone}

    def _all_wishes(self) -> list[dict[str, Any]]:
        """Every time on offer with everybody, for the shortest service that they give."""
        where, wishes = self._api.location_id, []
        for staff in self._api.get(f"book_staff/{where}", without_seances=1):
            offered = self._api.get(f"book_services/{where}", staff_id=staff["id"])
            service = min(offered["services"], key=lambda one: one["seance_length"])["id"]
            wishes += [
                {"services": [service], "staff_id": staff["id"], "datetime": when}
                for when in self._api.free_times(service, staff["id"], days=DAYS)
            ]
        return wishes
