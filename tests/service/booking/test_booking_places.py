"""Locations and the forms that lead to them: filters, pages, distance."""

from typing import Any

import pytest

from services.booking.models import Business, Location
from tests.factories import a_wish, create_business, create_form, create_location
from tests.service.booking.conftest import Refused, Salon
from tests.service.conftest import NOW

LOUVRE = {"latitude": 48.8606, "longitude": 2.3376}


@pytest.fixture
def chain(salon: Salon) -> Salon:
    """Beside the salon (1, no coordinates) a chain: Marais (2), Lyon (3), New York (4)."""
    places: dict[str, dict[str, Any]] = {
        "Marais": {"latitude": 48.857, "longitude": 2.358, "weight": 2},
        "Lyon": {"latitude": 45.764, "longitude": 4.8357},
        "New York": {"latitude": 40.7128, "longitude": -74.006, "timezone": "America/New_York"},
    }
    with salon.write() as session:
        business = create_business(session, title="Chain", is_chain=True)
        for title, facts in places.items():
            country = "US" if title == "New York" else "FR"
            create_location(session, business=business, title=title, country_code=country, **facts)
    return salon


def titles(salon: Salon, **arguments: Any) -> list[str]:
    return [place["title"] for place in salon.ask("list_locations", **arguments)["items"]]


def test_all_places_are_listed_the_heaviest_first(chain: Salon) -> None:
    assert titles(chain) == ["Marais", "Salon", "Lyon", "New York"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"business_id": 2}, ["Marais", "Lyon", "New York"]),
        ({"city_id": 3}, ["Lyon"]),
        ({"location_ids": [4, 1, 77]}, ["Salon", "New York"]),
        ({"location_ids": []}, []),
        ({"title": "LYO"}, ["Lyon"]),
        ({"title": "%"}, []),
        ({"title": "_"}, []),
        ({"business_id": 2, "title": "o"}, ["Lyon", "New York"]),
        ({"business_id": 999}, []),
    ],
)
def test_every_filter_leaves_what_fits_it(
    chain: Salon, wanted: dict[str, Any], expected: list[str]
) -> None:
    assert titles(chain, **wanted) == expected


def test_closed_places_are_nowhere(chain: Salon, refused: Refused) -> None:
    chain.change(Location, 3, closed_at=NOW)
    assert titles(chain, business_id=2) == ["Marais", "New York"]
    with refused("location_not_found", kind="NotFound"):
        chain.ask("get_location", location_id=3)


def test_pages_hold_every_place_once_and_tell_how_many_there_are(chain: Salon) -> None:
    pages = [chain.ask("list_locations", page=page, page_size=3) for page in (1, 2, 3)]
    assert [page["total"] for page in pages] == [4, 4, 4]
    ids = [[place["id"] for place in page["items"]] for page in pages]
    assert ids == [[2, 1, 3], [4], []]


def test_the_nearest_place_comes_first(chain: Salon) -> None:
    assert titles(chain, near=LOUVRE) == ["Marais", "Lyon", "New York"]
    assert titles(chain, near=LOUVRE, page_size=1, page=2) == ["Lyon"]


@pytest.mark.parametrize(
    ("max_km", "expected"),
    [(1, []), (2, ["Marais"]), (391, ["Marais"]), (393, ["Marais", "Lyon"])],
)
def test_places_out_of_reach_are_left_out(chain: Salon, max_km: float, expected: list[str]) -> None:
    """From the Louvre 1.5 km to Marais, 392 km to Lyon."""
    assert titles(chain, near=LOUVRE | {"max_km": max_km}) == expected


def test_a_place_at_the_other_end_of_the_world_can_be_measured(chain: Salon) -> None:
    chain.change(Location, 1, latitude=-48.8606, longitude=-177.6624)
    assert titles(chain, near=LOUVRE | {"max_km": 20_016})[-1] == "Salon"
    assert titles(chain, near=LOUVRE | {"max_km": 20_014})[-1] == "New York"


@pytest.mark.parametrize(
    "wrong",
    [
        {"near": {"latitude": 91, "longitude": 0}},
        {"near": {"latitude": "NaN", "longitude": 0}},
        {"near": {"latitude": 1}},
        {"page": 0},
        {"page_size": 301},
        {"title": "t" * 256},
        {"location_ids": [0]},
        {"business_id": -1},
    ],
)
def test_filters_of_a_wrong_shape_are_refused(
    chain: Salon, refused: Refused, wrong: dict[str, Any]
) -> None:
    with refused("validation_failed", kind="Invalid"):
        chain.ask("list_locations", **wrong)


def test_a_place_is_shown_with_its_rules_and_its_staff_counted(chain: Salon) -> None:
    chain.add_staff()
    chain.add_staff(is_online=False)
    chain.add_staff(fired_at=NOW)
    chain.change_location(cancel_notice_seconds=7200, paused_at=NOW, public_title="Chez Olga")
    shown = chain.at_location("get_location")
    facts = {
        "title": "Salon",
        "public_title": "Chez Olga",
        "business": {"id": 1, "title": "Salon", "is_chain": False, "client_accounts": True},
        "city": "Paris",
        "country_code": "FR",
        "timezone": "Europe/Paris",
        "currency": "EUR",
        "is_active": True,
        "is_paused": True,
        "cancel_allowed": True,
        "cancel_notice_seconds": 7200,
        "active_staff_count": 2,
        "next_slot_at": None,
        "forms": None,
    }
    assert {name: shown[name] for name in facts} == facts
    counts = {one["id"]: one["active_staff_count"] for one in chain.ask("list_locations")["items"]}
    assert counts == {1: 2, 2: 0, 3: 0, 4: 0}


def test_the_next_slot_is_the_soonest_of_anybody(chain: Salon) -> None:
    chain.add_staff(hours=(8, 9))
    listed = chain.ask("list_locations", with_next_slot=True)["items"]
    assert {one["id"]: one["next_slot_at"] for one in listed} == {
        1: "2030-06-03T06:00:00Z",
        2: None,
        3: None,
        4: None,
    }
    chain.book(a_wish(staff_id=2, starts_at="2030-06-03T08:00:00"))
    shown = chain.at_location("get_location", with_next_slot=True)
    assert shown["next_slot_at"] == "2030-06-03T07:00:00Z"


def test_a_place_knows_the_forms_that_lead_to_it(chain: Salon) -> None:
    with chain.write() as session:
        create_form(session, 2, title="Lyon only", location_id=3)
        create_form(session, 2, title="All", is_default=True)
        create_form(session, 1, title="Salon's")
    listed = chain.ask("list_locations", with_forms=True)["items"]
    forms = {one["title"]: [form["title"] for form in one["forms"]] for one in listed}
    assert forms == {
        "Marais": ["All"],
        "Salon": ["Salon's"],
        "Lyon": ["All", "Lyon only"],
        "New York": ["All"],
    }
    assert titles(chain, form_id=1) == ["Lyon"]
    assert titles(chain, form_id=2) == ["Marais", "Lyon", "New York"]
    assert titles(chain, form_id=99) == []


def test_a_form_tells_a_widget_how_to_begin(chain: Salon) -> None:
    chain.change(Location, 2, phone_confirmation_required=True, booking_notice="Be on time")
    with chain.write() as session:
        steps = {"staff": {"hidden": True, "title": "Who?", "default": 7}}
        form = create_form(
            session,
            2,
            language="fr",
            languages=["fr", "en"],
            style={"main_color": "teal"},
            steps=steps,
        )
    shown = chain.ask("get_booking_form", form_id=form.id)
    assert shown["business"] == {
        "id": 2,
        "title": "Chain",
        "is_chain": True,
        "client_accounts": True,
    }
    assert (shown["location_id"], shown["main_location_id"]) == (None, 2)
    assert (shown["language"], shown["languages"]) == ("fr", ["fr", "en"])
    assert (shown["phone_confirmation_required"], shown["booking_notice"]) == (True, "Be on time")
    assert [step["step"] for step in shown["steps"]] == [
        "city",
        "location",
        "service",
        "staff",
        "time",
        "contact",
        "confirm",
    ]
    assert shown["steps"][3] == {"step": "staff", "title": "Who?", "hidden": True, "default": 7}
    assert not any(step["hidden"] for step in shown["steps"] if step["step"] != "staff")


def test_a_form_of_one_place_does_not_ask_for_the_place(chain: Salon) -> None:
    with chain.write() as session:
        form = create_form(session, 2, location_id=3)
    shown = chain.ask("get_booking_form", form_id=form.id)
    assert shown["main_location_id"] == 3
    hidden = [step["step"] for step in shown["steps"] if step["hidden"]]
    assert hidden == ["city", "location"]


def test_a_form_is_paused_with_its_place_or_alone(chain: Salon) -> None:
    with chain.write() as session:
        form, paused = create_form(session, 1), create_form(session, 1, paused_at=NOW)
    assert chain.ask("get_booking_form", form_id=form.id)["is_paused"] is False
    assert chain.ask("get_booking_form", form_id=paused.id)["is_paused"] is True
    chain.change_location(paused_at=NOW)
    assert chain.ask("get_booking_form", form_id=form.id)["is_paused"] is True


def test_a_form_that_leads_nowhere_is_not_found(salon: Salon, refused: Refused) -> None:
    with salon.write() as session:
        empty = Business(title="Without places", created_at=NOW)
        session.add(empty)
        session.flush()
        form = create_form(session, empty.id)
    for form_id in (form.id, 999):
        with refused("booking_form_not_found", kind="NotFound"):
            salon.ask("get_booking_form", form_id=form_id)
