"""What somebody in a crowd may want: each throws its dice now, and acts when its task is run."""

from collections.abc import Callable
from typing import Any

from services.booking.models import Appointment
from tests.factories import a_booking
from tests.service.booking.crowds import TIMES, Crowd, Task, a_day
from tests.service.booking.lives.place import HOURS, wall


def book(crowd: Crowd) -> Task:
    wish = crowd.a_wish()
    return crowd.do("book_appointments", **a_request(crowd, wish))


def book_anybody(crowd: Crowd) -> Task:
    return crowd.do("book_appointments", **a_request(crowd, crowd.a_wish(who=0)))


def book_several(crowd: Crowd) -> Task:
    """In any order of the people: who is locked first must not depend on it."""
    wishes = [crowd.a_wish(handle) for handle in range(crowd.dice.randint(2, 3))]
    return crowd.do("book_appointments", **a_request(crowd, *wishes))


def move(crowd: Crowd) -> Task:
    one = crowd.one_of_them()
    to = {"starts_at": wall(crowd.dice.choice(TIMES))}
    if crowd.dice.random() < 0.5:
        to["staff_id"] = crowd.dice.choice(crowd.place.staff)
    return crowd.do("move_appointment", **_named(one), **to)


def cancel(crowd: Crowd) -> Task:
    return crowd.do("cancel_appointment", **_named(crowd.one_of_them()))


def confirm(crowd: Crowd) -> Task:
    return crowd.do("confirm_appointment", **_named(crowd.one_of_them()))


def write(crowd: Crowd) -> Task:
    """At the desk: for somebody or as a block, over a busy time or not."""
    wish, dice = crowd.a_wish(who=crowd.dice.randint(1, 3)), crowd.dice
    return crowd.staff_does(
        "create_appointment",
        staff_id=wish["staff_id"],
        services=[{"id": one} for one in wish["service_ids"]],
        client=dice.choice([crowd.a_client(), None]),
        starts_at=wish["starts_at"],
        save_if_busy=dice.random() < 0.3,
    )


def rewrite(crowd: Crowd) -> Task:
    """Another length, person or time; often two decide on the same version."""
    one, dice = crowd.one_of_them(), crowd.dice
    changes = [
        {"duration_seconds": dice.choice([1200, 5400])},
        {"staff_id": dice.choice(crowd.place.staff)},
        {"starts_at": wall(dice.choice(TIMES)), "save_if_busy": dice.random() < 0.5},
        {"attendance": dice.choice(["came", "no_show", "waiting"])},
    ]
    return crowd.staff_does(
        "update_appointment",
        appointment_id=one.id,
        version=dice.choice([None, one.version]),
        **dice.choice(changes),
    )


def delete(crowd: Crowd) -> Task:
    return crowd.staff_does("delete_appointment", appointment_id=crowd.one_of_them().id)


def set_hours(crowd: Crowd) -> Task:
    hours = crowd.dice.choice([HOURS, HOURS, (), ((10 * 60, 12 * 60),)])
    staff = crowd.dice.choice(crowd.place.staff)
    return crowd.staff_does("set_schedule", staff_id=staff, days=[a_day(hours)])


def dismiss_or_rehire(crowd: Crowd) -> Task:
    staff, future = crowd.place.staff[1], crowd.dice.choice(["keep", "cancel", None, None])
    if future is None:
        return crowd.staff_does("update_staff_member", staff_id=staff, rehired=True)
    return crowd.staff_does("dismiss_staff_member", staff_id=staff, future_appointments=future)


def set_rooms(crowd: Crowd) -> Task:
    """One more, or all but the first fewer: which goes only while nobody has it."""
    place = crowd.place
    rooms = [{"id": min(place.diary.rooms), "title": "a room"}]
    if crowd.dice.random() < 0.5:
        rooms.append({"title": "another"})
    return crowd.staff_does("save_resource", resource_id=place.resource_id, instances=rooms)


def hold(crowd: Crowd) -> Task:
    """Some book what they hold, or something else; some let it go, or forget about it."""
    wish, other = crowd.a_wish(), crowd.a_wish()
    request, then = a_request(crowd, wish), crowd.dice.choice(["book", "change", "let go", ""])
    held = crowd.do("hold_time", **_pick(request, "location_id", "appointments"))

    def call() -> Any:
        token = held()["token"]
        if then == "let go":
            release = {"location_id": request["location_id"], "token": token}
            return crowd.do("release_hold", **release)()
        if then:
            wished = {"appointments": [wish if then == "book" else other], "hold": token}
            return crowd.do("book_appointments", **request | wished)()
        return None

    return call


ACTS: tuple[Callable[[Crowd], Task], ...] = (
    *(book, book, book, book_anybody, book_several, book_several),
    *(move, move, move, cancel, confirm),
    *(write, write, rewrite, rewrite, delete),
    *(hold, hold, hold),
    *(set_hours, dismiss_or_rehire, set_rooms),
)
"""What somebody may do, as often as it stands here."""


def a_request(crowd: Crowd, *wishes: dict[str, Any]) -> dict[str, Any]:
    where = {"location_id": crowd.place.salon.location_id, "client": crowd.a_client()}
    return a_booking(*wishes, **where)


def _pick(request: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: request[name] for name in names}


def _named(one: Appointment) -> dict[str, Any]:
    return {"appointment_id": one.id, "hash": one.hash}
