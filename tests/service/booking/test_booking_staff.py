"""The people of a location as they are administered: taken on, changed, let go."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.booking.models import StaffMember
from services.booking.use_cases import choice
from services.booking.use_cases.locks import lock_staff
from services.booking.use_cases.staff import let_go
from services.common.errors import Conflict
from services.common.rights import Permission
from tests.factories import (
    a_wish,
    create_hours_of_day,
    create_location,
    create_staff_member,
)
from tests.service.booking.conftest import TUESDAY, Refused, Salon
from tests.service.conftest import NOW, at_once, tally

WEDNESDAY, THURSDAY = "2030-06-05", "2030-06-06"


def do(salon: Salon, command: str, *, now: datetime = NOW, **request: Any) -> Any:
    """A command of the owner's at this location."""
    viewer = salon.staff()
    return salon.do(command, viewer=viewer, now=now, location_id=salon.location_id, **request)


def see(salon: Salon, query: str, **arguments: Any) -> Any:
    return salon.see(query, salon.staff(), location_id=salon.location_id, **arguments)


def dismiss(salon: Salon, staff_id: int | None = None, **wishes: Any) -> Any:
    return do(salon, "dismiss_staff_member", staff_id=staff_id or salon.olga, **wishes)


def announced(salon: Salon) -> list[dict[str, Any]]:
    return [event["data"] for event in salon.events() if event["type"] == "staff_member_changed"]


def test_somebody_is_taken_on_and_told_of(salon: Salon) -> None:
    position = do(salon, "create_position", title="Stylist")
    facts = {"name": "Tom", "position_id": position["id"], "weight": 9, "is_online": False}
    made = do(salon, "create_staff_member", **facts)
    assert (made["position"]["title"], made["weight"], made["is_online"]) == ("Stylist", 9, False)
    assert see(salon, "get_staff_member", staff_id=made["id"]) == made
    assert [one["name"] for one in see(salon, "list_staff")["staff"]] == ["Tom", "Olga"]
    [told] = announced(salon)
    assert told.items() <= made.items()


def test_a_change_leaves_what_it_does_not_name(salon: Salon) -> None:
    before = see(salon, "get_staff_member", staff_id=salon.olga)
    changed = do(salon, "update_staff_member", staff_id=salon.olga, rating_shown=False)
    assert changed == {**before, "rating_shown": False, "version": before["version"] + 1}
    assert changed["links"] == before["links"] != []


def test_who_does_not_want_to_be_chosen_at_random_is_not(salon: Salon, refused: Refused) -> None:
    do(salon, "update_staff_member", staff_id=salon.olga, random_choice_allowed=False)
    assert salon.slots(service_ids=[salon.haircut]) == []
    assert salon.slots(service_ids=[salon.haircut], staff_id=salon.olga) != []
    assert salon.at_location("list_bookable_services")["services"] != []
    with refused("service_unavailable", handle=1):
        salon.book(a_wish(staff_id=0))
    salon.book(a_wish(staff_id=salon.olga))


def test_what_is_of_another_place_is_not_found(salon: Salon, refused: Refused) -> None:
    with salon.write() as session:
        location = create_location(session)
        stranger = create_staff_member(session, location).id
        other = location.id, location.business_id
    owner = salon.staff(business_id=other[1])
    position = salon.do("create_position", viewer=owner, location_id=other[0], title="Chief")["id"]
    for unknown in (stranger, 999):
        with refused("staff_not_found", kind="NotFound"):
            see(salon, "get_staff_member", staff_id=unknown)
        with refused("staff_not_found"):
            do(salon, "update_staff_member", staff_id=unknown, name="Mine")
        with refused("staff_not_found"):
            dismiss(salon, unknown)
    for command in ("update_position", "delete_position"):
        with refused("position_not_found", kind="NotFound"):
            do(salon, command, position_id=position)
    with refused("position_not_found"):
        do(salon, "update_staff_member", staff_id=salon.olga, position_id=position)


def test_who_has_appointments_does_not_just_go(salon: Salon, refused: Refused) -> None:
    [booked] = salon.book(a_wish())
    with refused("appointments_to_come", kind="Conflict"):
        dismiss(salon)
    gone = dismiss(salon, future_appointments="keep", reason="Moved away")
    assert (gone["is_fired"], gone["last_day"]) == (True, "2030-06-03")
    assert gone["dismissal_reason"] == "Moved away"
    assert not salon.read(booked)["is_cancelled"]
    assert dismiss(salon) == gone, "twice is once"
    assert "dismissal_reason" not in announced(salon)[0]


def test_their_appointments_are_cancelled_where_that_is_wished(
    salon: Salon, refused: Refused
) -> None:
    today, later = salon.book(a_wish(handle=1, starts_at="2030-06-03T10:00:00"), a_wish(handle=2))
    editor = salon.staff(role="staff", permissions=[Permission.STAFF_EDIT.value])
    request = {
        "location_id": salon.location_id,
        "staff_id": salon.olga,
        "last_day": "2030-06-03",
        "future_appointments": "cancel",
    }
    with refused("permission_missing"):
        salon.do("dismiss_staff_member", viewer=editor, **request)
    after_the_first = datetime(2030, 6, 3, 9, tzinfo=UTC)
    salon.do("dismiss_staff_member", viewer=salon.staff(), now=after_the_first, **request)
    assert [salon.read(one)["is_cancelled"] for one in (today, later)] == [False, True]
    kinds = [event["type"] for event in salon.events()]
    assert kinds.count("appointment_cancelled") == 1


def test_who_leaves_later_can_be_booked_until_then(salon: Salon, refused: Refused) -> None:
    salon.book(a_wish())
    leaving = dismiss(salon, last_day=TUESDAY)
    assert (leaving["is_fired"], leaving["last_day"]) == (False, TUESDAY)
    assert salon.slots(TUESDAY, service_ids=[salon.haircut]) != []
    assert salon.slots(WEDNESDAY, service_ids=[salon.haircut]) == []
    with refused("slot_outside_hours", handle=1):
        salon.book(a_wish(starts_at=f"{WEDNESDAY}T10:00:00"))
    with refused("staff_not_found", kind="NotFound"):
        do(
            salon,
            "create_appointment",
            staff_id=salon.olga,
            services=[{"id": salon.haircut}],
            client=None,
            starts_at=f"{WEDNESDAY}T10:00:00",
            save_if_busy=True,
        )


def test_who_leaves_is_seen_off_when_the_last_day_is_over(salon: Salon) -> None:
    dismiss(salon, last_day=TUESDAY)
    midnight = datetime(2030, 6, 4, 22, tzinfo=UTC)
    for now, is_over in ((midnight - timedelta(seconds=1), False), (midnight, True)):
        with salon.write() as session:
            let_go(session, now=now)
        found = see(salon, "get_staff_member", staff_id=salon.olga)
        assert found["is_fired"] is is_over
    told = [(one["is_fired"], one["version"]) for one in announced(salon)]
    assert told == [(False, 2), (True, 3)]
    assert see(salon, "list_staff")["staff"] == []
    assert len(see(salon, "list_staff", with_fired=True)["staff"]) == 1


def test_a_dismissal_can_be_taken_back(salon: Salon) -> None:
    dismiss(salon)
    assert salon.slots(service_ids=[salon.haircut], staff_id=0) == []
    back = do(salon, "update_staff_member", staff_id=salon.olga, rehired=True)
    assert (back["is_fired"], back["last_day"], back["dismissal_reason"]) == (False, None, "")
    assert salon.slots(service_ids=[salon.haircut]) != []


def test_who_is_let_go_by_a_change_has_no_appointments_to_come(
    salon: Salon, refused: Refused
) -> None:
    [booked] = salon.book(a_wish())
    with refused("appointments_to_come", kind="Conflict"):
        do(salon, "update_staff_member", staff_id=salon.olga, name="Ex", dismissed=True)
    found = see(salon, "get_staff_member", staff_id=salon.olga)
    assert (found["name"], found["is_fired"], found["version"]) == ("Olga", False, 1)
    salon.cancel(booked)
    changed = do(
        salon, "update_staff_member", staff_id=salon.olga, dismissed=True, reason="moved away"
    )
    assert (changed["is_fired"], changed["dismissal_reason"]) == (True, "moved away")
    assert changed["version"] == 2
    assert salon.slots(service_ids=[salon.haircut], staff_id=0) == []
    again = do(salon, "update_staff_member", staff_id=salon.olga, dismissed=True, weight=3)
    assert again == {**changed, "weight": 3, "version": 3}


def test_who_is_to_leave_leaves_although_they_are_sent_back_as_they_were(salon: Salon) -> None:
    told = {"staff_id": salon.olga, "rehired": True, "last_day": THURSDAY}
    changed = do(salon, "update_staff_member", **told)
    assert (changed["is_fired"], changed["last_day"]) == (False, THURSDAY)
    again = do(salon, "update_staff_member", **told, weight=3)
    assert (again["is_fired"], again["last_day"]) == (False, THURSDAY)
    dismiss(salon)
    back = do(salon, "update_staff_member", **told | {"last_day": "2030-06-01"})
    assert (back["is_fired"], back["last_day"]) == (False, None)


def test_a_position_taken_away_is_nobodys(salon: Salon, refused: Refused) -> None:
    position = do(salon, "create_position", title="Stylist", description="Cuts")
    do(salon, "update_staff_member", staff_id=salon.olga, position_id=position["id"])
    changed = do(salon, "update_position", position_id=position["id"], title="Chief")
    assert changed == {"id": position["id"], "title": "Chief", "description": "Cuts"}
    for _ in range(2):
        do(salon, "delete_position", position_id=position["id"])
    assert see(salon, "list_positions")["positions"] == []
    assert see(salon, "get_staff_member", staff_id=salon.olga)["position"] is None
    titles = [one["position"] and one["position"]["title"] for one in announced(salon)]
    assert titles == ["Stylist", "Chief", None]
    with refused("position_not_found"):
        see(salon, "get_position", position_id=position["id"])


def test_a_user_stands_for_one_person_at_a_location(salon: Salon, refused: Refused) -> None:
    tom = salon.add_staff()
    linked = do(salon, "update_staff_member", staff_id=salon.olga, user_id=70)
    assert linked["user_id"] == 70
    with refused("user_linked", kind="Conflict"):
        do(salon, "update_staff_member", staff_id=tom, user_id=70)
    editor = salon.staff(role="staff", permissions=[Permission.STAFF_EDIT.value])
    here = {"location_id": salon.location_id}
    with refused("permission_missing"):
        salon.do("update_staff_member", viewer=editor, **here, staff_id=tom, user_id=71)
    same = salon.do("update_staff_member", viewer=editor, **here, staff_id=salon.olga, user_id=70)
    assert same["user_id"] == 70, "what is said again is no change"
    assert do(salon, "update_staff_member", staff_id=salon.olga, user_id=None)["user_id"] is None


def test_the_last_day_of_work_is_told(salon: Salon) -> None:
    tom = salon.add_staff(hours=None)
    with salon.write() as session:
        for day in (date(2030, 6, 4), date(2030, 6, 20)):
            create_hours_of_day(session, tom, day, 600, 900)

    def told() -> dict[int, str | None]:
        people = salon.at_location("list_bookable_staff")["staff"]
        assert {one["id"]: one["schedule_until"] for one in see(salon, "list_staff")["staff"]} == {
            one["id"]: one["schedule_until"] for one in people
        }
        return {one["id"]: one["schedule_until"] for one in people}

    assert told() == {salon.olga: None, tom: "2030-06-20"}
    for somebody in (salon.olga, tom):
        dismiss(salon, somebody, last_day="2030-06-10")
    assert told() == {salon.olga: "2030-06-10", tom: "2030-06-10"}


def test_an_old_version_is_refused(salon: Salon, refused: Refused) -> None:
    change = {"staff_id": salon.olga, "version": 1}
    assert do(salon, "update_staff_member", **change, name="Olga P.")["version"] == 2
    with refused("version_outdated", kind="Conflict"):
        do(salon, "update_staff_member", **change, name="Olga")
    with refused("version_outdated"):
        dismiss(salon, version=1)


@pytest.mark.parametrize("wrong", [{"name": ""}, {"weight": 10**9}, {"information": "x" * 20_001}])
def test_what_makes_no_sense_is_refused(
    salon: Salon, refused: Refused, wrong: dict[str, Any]
) -> None:
    with refused("validation_failed"):
        do(salon, "update_staff_member", staff_id=salon.olga, **wrong)


class TestAtOnce:
    """What a lock decides, and how it goes without one."""

    @pytest.fixture
    def backend(self) -> str:
        """SQLite has one writer at a time."""
        return "postgresql"

    def test_who_books_while_somebody_goes_is_told_to_try_again(self, salon: Salon) -> None:
        assert self._book_while_she_goes(salon) == "busy"

    def test_without_a_look_at_who_was_locked_she_would_be_booked(
        self, salon: Salon, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lock_blindly(session: Any, staff: Any) -> None:
            lock_staff(session, [member.id for member in staff])

        monkeypatch.setattr(choice, "lock_chosen", lock_blindly)
        assert self._book_while_she_goes(salon) == "booked"

    def _book_while_she_goes(self, salon: Salon) -> str:
        """What becomes of a booking that has chosen her when her dismissal is committed."""
        seen: list[str] = []

        def book() -> None:
            try:
                salon.book(a_wish())
                seen.append("booked")
            except Conflict as refusal:
                seen.append(refusal.code)

        with salon.write() as session:
            lock_staff(session, [salon.olga])
            booking = threading.Thread(target=book)
            booking.start()
            booking.join(0.3)
            assert booking.is_alive(), "it waits for her time"
            session.get_one(StaffMember, salon.olga).fired_at = NOW
        booking.join(5)
        return seen[0]

    def test_of_bookings_and_a_dismissal_at_once_none_is_overlooked(self, salon: Salon) -> None:
        hours = [f"{TUESDAY}T{hour:02}:00:00" for hour in range(9, 17)]
        tasks = [
            lambda hour=hour: salon.book(a_wish(starts_at=hour), client=_client(hour))
            for hour in hours
        ]
        answers = at_once([*tasks, lambda: dismiss(salon)])
        outcome = tally(answers[:-1])
        assert outcome.keys() <= {"done", "busy", "staff_not_found"}
        has_gone = not isinstance(answers[-1], Exception)
        assert not (has_gone and outcome["done"]), "appointments with somebody who has gone"

    def test_of_bookings_and_a_closing_at_once_none_is_overlooked(self, salon: Salon) -> None:
        hours = [f"{TUESDAY}T{hour:02}:00:00" for hour in range(9, 17)]
        tasks = [
            lambda hour=hour: salon.book(a_wish(starts_at=hour), client=_client(hour))
            for hour in hours
        ]
        answers = at_once([*tasks, lambda: do(salon, "close_location")])
        outcome = tally(answers[:-1])
        assert outcome.keys() <= {"done", "busy", "staff_not_found", "location_not_found"}
        is_closed = not isinstance(answers[-1], Exception)
        assert not (is_closed and outcome["done"]), "appointments at a place that is closed"


def _client(hour: str) -> dict[str, Any]:
    return {"name": "Ann", "phone": f"+3361234{hour[11:13]}00", "email": None}
