"""An owner writes catalogue and people; a client books them a moment later."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.e2e.test_staff import Ask, asking, reason
from tests.e2e.waiting import wait_for
from tests.installations import Installation, a_record


@pytest.fixture
def owner(installation: Installation) -> Ask:
    return asking(installation, installation.staff_token())


def written(owner: Ask, path: str, body: Any) -> dict[str, Any]:
    answer = owner("POST", path, json=body)
    assert answer.status_code == 201, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def test_what_an_owner_writes_a_client_books(installation: Installation, owner: Ask) -> None:
    here = installation.location_id
    category = written(owner, f"service_categories/{here}", {"title": "Brows"})
    nadia = written(owner, f"staff/{here}", {"name": "Nadia"})
    giver = {"id": nadia["id"], "seance_length": 2700, "price": 30}
    wanted = {"title": "Shaping", "category_id": category["id"], "price_min": 25, "staff": [giver]}
    service = written(owner, f"services/{here}", wanted)
    days = "2026-01-01/2030-01-01"
    week = [
        {"date": day, "slots": [{"from": "08:00", "to": "20:00"}]}
        for day in installation.data(f"book_dates/{here}")["booking_dates"][:7]
    ]
    assert owner("PUT", f"schedule/{here}/{nadia['id']}/{days}", json=week).status_code == 201

    drawn = BytesIO()
    Image.new("RGB", (900, 600), "teal").save(drawn, "PNG")
    file = {"file": ("brows.png", drawn.getvalue())}
    picture = owner("POST", f"images/services/{here}/{service['id']}", files=file)
    assert picture.status_code == 201, picture.text
    address = picture.json()["data"]["image"].partition("/images/")[2]
    served = installation.session.get(f"{installation.base_url}/images/{address}")
    assert (served.status_code, served.headers["Content-Type"]) == (200, "image/jpeg")

    offered = wait_for(
        lambda: [
            one
            for one in installation.data(f"book_services/{here}?staff_id={nadia['id']}")["services"]
            if one["image"].endswith(address)
        ]
    )
    assert (offered[0]["price_min"], offered[0]["seance_length"]) == (30, 2700)

    when = installation.slots(service["id"], nadia["id"])[0]
    booked = installation.ask(
        "POST", f"book_record/{here}", json=a_record(service["id"], nadia["id"], when)
    )
    assert booked.status_code == 201, booked.text

    person = f"staff/{here}/{nadia['id']}"
    assert reason(owner("DELETE", person)) == (409, "appointments_to_come")
    assert owner("DELETE", f"{person}?future_appointments=cancel").status_code == 204
    [record] = booked.json()["data"]
    shown = installation.data(f"book_record/{here}/{record['record_id']}/{record['record_hash']}")
    assert shown["deleted"] is True
    assert owner("DELETE", f"services/{here}/{service['id']}").status_code == 204
    assert reason(owner("GET", f"services/{here}/{service['id']}")) == (404, "no_such_service")


def test_a_place_is_opened_and_closed(installation: Installation, owner: Ask) -> None:
    place = written(owner, "companies", {"title": "Pop-up", "address": "1 rue Nouvelle"})
    mine = owner("GET", "companies?my=1").json()["data"]
    assert place["id"] in [one["id"] for one in mine]
    assert all(one["access"]["settings_edit"] for one in mine)
    changed = owner("PUT", f"company/{place['id']}", json={"title": "Pop-up 2"})
    assert changed.json()["data"]["title"] == "Pop-up 2"
    assert owner("DELETE", f"company/{place['id']}").status_code == 204
    assert reason(installation.ask("GET", f"company/{place['id']}")) == (404, "location_not_found")
