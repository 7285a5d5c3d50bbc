"""A client package that was written for the closed platform, with its hosts rewritten."""

import re
from typing import Any

import httpx
import pytest
from yclients import YClientsAPI

from tests.installations import Installation, a_phone

ITS_HOSTS = re.compile(r"https://(?:n\d+|api)\.yclients\.com")


@pytest.fixture
def client(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> YClientsAPI:
    """The package as it comes from PyPI; only where its requests go is ours."""

    def redirected(function: Any, place: int) -> Any:
        def send(*arguments: Any, **options: Any) -> Any:
            sent = list(arguments)
            sent[place] = ITS_HOSTS.sub(installation.base_url, sent[place])
            return function(*sent, trust_env=False, timeout=30, **options)

        return send

    for name, place in (("get", 0), ("post", 0), ("request", 1)):
        monkeypatch.setattr(httpx, name, redirected(getattr(httpx, name), place))
    return YClientsAPI(
        token=installation.key,
        company_id=installation.location_id,
        form_id=installation.demo["bookform_id"],
        language="en-US",
    )


def test_an_existing_client_finds_a_time_and_books_it(
    client: YClientsAPI, installation: Installation
) -> None:
    person = next(one for one in client.get_staff()["data"] if one["bookable"])
    service = client.get_services(staff_id=person["id"])["data"]["services"][0]
    days = client.get_available_days(person["id"], service["id"])["data"]["booking_dates"]
    times = client.get_available_times(person["id"], service["id"], days[2])["data"]
    when, phone = times[0]["datetime"], a_phone()

    wanted = {"service_id": service["id"], "staff_id": person["id"], "date_time": when}
    booked = client.book(1, "Ann Clark", phone, "ann@example.com", comment="", **wanted)
    again = client.book(1, "Ben Clark", a_phone(), "ben@example.com", comment="", **wanted)

    assert YClientsAPI.datetime_parser(when).minute % 15 == 0
    assert booked == (True, "")
    assert again[0] is False and "time" in again[1].lower()
    left = client.get_available_times(person["id"], service["id"], days[2])["data"]
    assert when not in [slot["datetime"] for slot in left]


def test_the_client_is_told_433_in_the_place_where_it_looks(
    client: YClientsAPI, installation: Installation
) -> None:
    service, staff = installation.bookable()
    when = installation.slots(service, staff)[0]
    wanted = {"service_id": service, "staff_id": staff, "date_time": when, "comment": ""}
    assert client.book(7, "Ann Clark", a_phone(), "ann@example.com", **wanted) == (True, "")

    visit = {"id": 7, "services": [service], "staff_id": staff, "datetime": when}
    refused = httpx.post(
        f"https://n1.yclients.com/api/v1/book_record/{installation.location_id}/",
        json={"phone": a_phone(), "fullname": "Ben", "appointments": [visit]},
        headers=client.headers,
    )

    assert refused.status_code == 422
    assert refused.json()["errors"]["code"] == 433
    assert refused.json()["errors"]["id"] == 7
