"""Classes that are repeated: on which days, at which time, with whom."""

from typing import Any

import pytest

from services.booking.models import Appointment, GroupClass
from services.common.errors import Conflict
from tests.factories import a_wish
from tests.service.booking.classes.group_classes import Yoga
from tests.service.booking.conftest import Refused, Salon
from tests.service.booking.rooms import Rooms
from tests.service.booking.test_booking_statements import counted

pytestmark = pytest.mark.parametrize("backend", ["postgresql"])
WEEKLY = {"repeat": "weekly"}


@pytest.fixture
def yoga(salon: Salon) -> Yoga:
    return Yoga(salon, comment="Bring water", capacity=3, length_seconds=5400)


def starts(made: list[dict[str, Any]]) -> list[str]:
    return [one["starts_at"] for one in made]


def test_a_class_is_repeated_at_listed_times(yoga: Yoga) -> None:
    made = yoga.repeat(starts=["2030-06-12T18:00:00", "2030-06-11T10:00:00+02:00"])
    assert starts(made) == ["2030-06-11T08:00:00Z", "2030-06-12T16:00:00Z"]
    told = ("capacity", "length_seconds", "comment")
    assert {tuple(one[name] for name in told) for one in made} == {(3, 5400, "Bring water")}
    assert {one["series_id"] for one in made} == {yoga.id} == {yoga.see()["series_id"]}
    assert len(yoga.reserved()) == 3


def test_the_time_on_the_wall_survives_the_change_of_the_clock(yoga: Yoga) -> None:
    autumn = yoga.open("2030-10-22T18:00:00")
    made = yoga.do("repeat_class", class_id=autumn["id"], plan=WEEKLY, count=2)["classes"]
    assert autumn["starts_at"] == "2030-10-22T16:00:00Z"
    assert starts(made) == ["2030-10-29T17:00:00Z", "2030-11-05T17:00:00Z"]


def test_a_time_that_the_clock_leaves_out_is_refused(yoga: Yoga, refused: Refused) -> None:
    night = yoga.open("2031-03-23T02:30:00")
    with refused("time_does_not_exist"):
        yoga.do("repeat_class", class_id=night["id"], plan=WEEKLY, count=1)


def test_a_plan_ends_on_a_day_or_after_some_times(yoga: Yoga) -> None:
    plan = {"repeat": "weekly", "weekdays": [1, 3]}
    made = yoga.repeat(plan=plan, last_day="2030-06-13")
    assert starts(made) == [
        "2030-06-06T08:00:00Z",
        "2030-06-11T08:00:00Z",
        "2030-06-13T08:00:00Z",
    ]
    assert len(yoga.repeat(plan={"repeat": "monthly"}, count=2)) == 2


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"plan": WEEKLY}, "series_endless"),
        ({}, "series_malformed"),
        ({"plan": WEEKLY, "starts": ["2030-06-11T10:00:00"]}, "series_malformed"),
        ({"plan": WEEKLY, "last_day": "2030-06-05"}, "series_empty"),
        ({"plan": {"repeat": "daily"}, "last_day": "2050-01-01"}, "series_too_long"),
        ({"plan": {"repeat": "hourly"}, "count": 1}, "validation_failed"),
        ({"plan": {"repeat": "weekly", "weekdays": [7]}, "count": 1}, "validation_failed"),
        ({"plan": {"repeat": "weekly", "pause": -1}, "count": 1}, "validation_failed"),
        ({"plan": WEEKLY, "count": 367}, "validation_failed"),
        ({"starts": []}, "validation_failed"),
        ({"starts": ["soon"]}, "time_malformed"),
        ({"plan_id": 9, "count": 1}, "series_plan_not_found"),
    ],
)
def test_what_is_no_series_is_refused(
    yoga: Yoga, refused: Refused, asked: dict[str, Any], code: str
) -> None:
    with refused(code):
        yoga.repeat(**asked)


def test_all_of_a_series_or_none_of_it(yoga: Yoga, refused: Refused) -> None:
    yoga.salon.book(a_wish(starts_at="2030-06-18T11:00:00"))
    with refused("slot_taken"):
        yoga.repeat(plan=WEEKLY, count=3)
    made = yoga.repeat(plan=WEEKLY, count=3, save_if_busy=True)
    assert [one["saved_over_busy"] for one in made] == [False, True, False]
    assert yoga.salon.overlapping() == 0


def test_the_refusal_names_the_day(yoga: Yoga) -> None:
    yoga.salon.book(a_wish(starts_at="2030-06-18T11:00:00"))
    with pytest.raises(Conflict) as refusal:
        yoga.repeat(plan=WEEKLY, count=3)
    assert refusal.value.fields == {"starts_at": "2030-06-18T10:00:00 is not free"}


def test_a_series_does_not_meet_itself(yoga: Yoga, refused: Refused) -> None:
    with refused("slot_taken"):
        yoga.repeat(starts=["2030-06-11T10:00:00", "2030-06-11T11:00:00"])
    assert len(yoga.repeat(starts=["2030-06-11T10:00:00"] * 2)) == 1


def test_a_series_sent_twice_meets_the_first(yoga: Yoga, refused: Refused) -> None:
    yoga.repeat(plan=WEEKLY, count=2)
    with refused("slot_taken"):
        yoga.repeat(plan=WEEKLY, count=2)


def test_a_copy_of_a_copy_is_of_the_same_series(yoga: Yoga) -> None:
    [copy] = yoga.repeat(plan=WEEKLY, count=1)
    again = yoga.do("repeat_class", class_id=copy["id"], plan=WEEKLY, count=1)["classes"]
    assert again[0]["series_id"] == yoga.id


def test_nobody_comes_to_a_copy_unless_it_is_said(yoga: Yoga) -> None:
    yoga.book(1)
    told = len(yoga.told())
    [copy] = yoga.repeat(plan=WEEKLY, count=1)
    assert (copy["seats_taken"], len(yoga.told())) == (0, told)


def test_everybody_comes_again_if_it_is_said(yoga: Yoga) -> None:
    yoga.book(1, seats=2, comment="A mat, please")
    yoga.write(None)
    told = len(yoga.told())
    plan = {"repeat": "weekly", "content": "appointments"}
    made = yoga.repeat(plan=plan, count=2)
    assert [one["seats_taken"] for one in made] == [3, 3]
    events = yoga.told()[told:]
    assert [event["type"] for event in events] == ["appointment_created"] * 4
    first = events[0]["data"]
    assert (first["class_id"], first["seats"], first["is_online"]) == (made[0]["id"], 2, False)
    assert first["starts_at"] == "2030-06-11T08:00:00Z"
    assert first["services"][0]["amount"] == 2
    assert len({event["data"]["visit_id"] for event in events}) == 4
    read = yoga.do("update_appointment", appointment_id=first["appointment_id"], comment="None")
    assert read["client"]["name"] == "Ann Clark 1"


def test_who_comes_again_is_told_in_their_own_language(yoga: Yoga) -> None:
    booked = yoga.book()
    with yoga.salon.database.write() as session:
        session.get_one(Appointment, booked["appointment_id"]).locale = "fr"
    yoga.repeat(plan={"repeat": "weekly", "content": "appointments"}, count=1)
    assert yoga.told()[-1]["data"]["locale"] == "fr"


def test_who_has_cancelled_does_not_come_again(yoga: Yoga) -> None:
    yoga.salon.cancel(yoga.book(1))
    [copy] = yoga.repeat(starts=["2030-06-11T10:00:00"], content="appointments")
    assert copy["seats_taken"] == 0


def test_so_many_appointments_are_not_written_at_once(yoga: Yoga, refused: Refused) -> None:
    yoga.book(1)
    yoga.book(2)
    plan = {"repeat": "daily", "content": "appointments"}
    with refused("series_too_long"):
        yoga.repeat(plan=plan, count=251)


def test_the_longest_series_takes_no_more_statements_than_a_short_one(yoga: Yoga) -> None:
    with counted(yoga.salon.database) as short:
        yoga.repeat(plan={"repeat": "daily"}, count=2)
    with counted(yoga.salon.database) as long:
        made = yoga.do(
            "repeat_class",
            class_id=yoga.open("2032-01-01T10:00:00")["id"],
            plan={"repeat": "daily"},
            count=366,
        )["classes"]
    assert len(made) == 366
    assert yoga.salon.count(GroupClass) == 370
    assert len(long) < len(short) + 40


def test_a_series_is_in_the_room_of_its_class(salon: Salon, refused: Refused) -> None:
    rooms = Rooms(salon)
    yoga = Yoga(salon, resource_instance_ids=rooms.rooms[1:])
    [copy] = yoga.repeat(plan=WEEKLY, count=1)
    assert [one["id"] for one in copy["resource_instances"]] == rooms.rooms[1:]
    assert len(rooms.taken()) == 2
    other = yoga.open("2030-06-04T10:00:00", staff_id=rooms.staff[1])
    yoga.change(other["id"], resource_instance_ids=rooms.rooms[:1])
    yoga.change(copy["id"], resource_instance_ids=rooms.rooms[:1])
    with refused("no_resource_free"):
        yoga.do("repeat_class", class_id=other["id"], plan=WEEKLY, count=1)


def test_plans_are_kept_under_a_name(yoga: Yoga, refused: Refused) -> None:
    told = {"title": "Twice a week", "repeat": "weekly", "weekdays": [1, 3], "pause": 0}
    plan = yoga.do("create_series_plan", **told)
    expected = {
        "id": plan["id"],
        "location_id": yoga.salon.location_id,
        "content": "class",
        **told,
    }
    assert plan == expected
    here = {"location_id": yoga.salon.location_id}
    assert yoga.salon.see("list_series_plans", yoga.desk, **here) == {"plans": [expected]}
    made = yoga.repeat(plan_id=plan["id"], count=2)
    assert starts(made) == ["2030-06-06T08:00:00Z", "2030-06-11T08:00:00Z"]
    other = {"title": "Monthly", "repeat": "monthly", "content": "appointments"}
    changed = yoga.do("update_series_plan", plan_id=plan["id"], **other)
    assert (changed["repeat"], changed["weekdays"], changed["content"]) == (
        "monthly",
        [],
        "appointments",
    )
    yoga.do("delete_series_plan", plan_id=plan["id"])
    with refused("series_plan_not_found"):
        yoga.do("delete_series_plan", plan_id=plan["id"])
    with refused("series_plan_not_found"):
        yoga.repeat(plan_id=plan["id"], count=1)
