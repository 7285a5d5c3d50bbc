"""Calling every route there is, with a body that it can make sense of."""

from functools import lru_cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.contract.owners import ARGUMENTS


@lru_cache(maxsize=1)
def calls(app: Flask) -> dict[str, list[tuple[str, str]]]:
    """Method and address of every way to each endpoint; thousands of tests ask for them."""
    found: dict[str, list[tuple[str, str]]] = {}
    for rule in app.url_map.iter_rules():
        arguments = {name: ARGUMENTS.get(name, 1) for name in rule.arguments}
        _, address = rule.build(arguments) or ("", rule.rule)
        for method in (rule.methods or set()) - {"HEAD"}:
            found.setdefault(rule.endpoint, []).append((method, address))
    return found


VISIT = {"id": 1, "services": [1], "staff_id": 0, "datetime": "2026-11-20T10:00:00"}
BODY: dict[str, Any] = {
    "appointments": [VISIT],
    "phone": "+33612345678",
    "code": "123456",
    "login": "owner",
    "password": "secret",
    "staff_id": 3,
    "services": [{"id": 1}],
    "client": None,
    "new_password": "another secret",
    "terms": True,
    "datetime": "2026-11-20T10:00:00",
    "title": "Widget",
    "name": "Inès",
    "category_id": 2,
    "company_ids": [1],
    "email": "new@example.com",
    "channel": "sms",
    "uuid": "0" * 36,
    "type": "text",
    "clients": [{"name": "Camille", "phone": "+33612345678"}],
    "client_id": 5,
    "token": "t",
    "rating": 5,
    "mark": 5,
    "text": "Lovely",
    "reason": "Insults",
    "hours": 24,
    "service_ids": [1],
    "date_from": "2026-11-20",
}
BODIES: dict[str, Any] = {
    "services.set_links": {"services_links": [{"master_id": 3, "service_id": 11}]},
    "activity_desk.create_activity": {
        "service_id": 1,
        "staff_id": 3,
        "date": "2026-11-20 18:00",
        "capacity": 9,
    },
    "activity_desk.change_activity": {"capacity": 12},
    "activity_desk.duplicate_activity": {"dates": ["2026-11-27 18:00"]},
    "activity_desk.create_strategy": {"title": "Weekly", "repeat_mode_id": 5},
    "activity_desk.change_strategy": {"title": "Weekly", "repeat_mode_id": 5},
    "booking.book_activity": {"fullname": "Camille", "phone": "+33612345678"},
    "booking.book_record": {"appointments": [VISIT], "phone": "+33612345678"},
    "client_notes.block_client": {"phone": "+33612345678"},
    "schedules.set_schedule": [{"date": "2026-11-20", "is_working": False}],
    "schedules.set_schedule_of_dates": [{"date": "2026-11-20", "is_working": False}],
    "schedules.set_staff_schedules": {
        "schedules_to_delete": [{"team_member_id": 3, "dates": ["2026-11-20"]}]
    },
}
SEARCHES = ("search_services", "search_staff", "search_dates", "search_timeslots")
SEARCH = {"context": {"location_id": 1}, "filter": {"date": "2026-11-20"}}
BODIES |= {f"searches.{name}": SEARCH for name in SEARCHES}
QUERIES: dict[str, Any] = {
    "schedules.staff_schedules": {"start_date": "2026-11-20", "end_date": "2026-11-21"},
}


def call(client: FlaskClient, endpoint: str, method: str, address: str, header: str | None) -> Any:
    headers = {"Accept": "application/vnd.api.v2+json"}
    if header is not None:
        headers["Authorization"] = header
    body = BODIES.get(endpoint, BODY) if method in ("POST", "PUT", "PATCH") else None
    query = QUERIES.get(endpoint)
    response = client.open(address, method=method, headers=headers, json=body, query_string=query)
    response.close()
    return response
