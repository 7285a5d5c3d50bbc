"""What those in a crowd want who come to classes, and the staff who keep them."""

from tests.service.booking.crowds import SEATS, TIMES, Crowd, Task
from tests.service.booking.lives.place import wall


def take_seats(crowd: Crowd) -> Task:
    """There are never enough for all."""
    group, seats = crowd.dice.choice(crowd.classes[-2:]), crowd.dice.randint(1, 2)
    asked = {"class_id": group.id, "client": crowd.a_client(), "seats": seats}
    if crowd.dice.random() < 0.3:
        return crowd.staff_does("write_into_class", **asked)
    return crowd.do("book_class", location_id=crowd.place.salon.location_id, **asked)


def open_class(crowd: Crowd) -> Task:
    """In the hours in which others want to be alone with somebody."""
    dice, place = crowd.dice, crowd.place
    return crowd.staff_does(
        "create_class",
        service_id=dice.choice(place.services),
        staff_id=dice.choice(place.staff),
        starts_at=wall(dice.choice(TIMES)),
        capacity=SEATS,
        save_if_busy=dice.random() < 0.3,
    )


def change_class(crowd: Crowd) -> Task:
    """To another time or person, with all who have seats; or with fewer or more of them."""
    group, dice = crowd.dice.choice(crowd.classes[-3:]), crowd.dice
    changes = [
        {"starts_at": wall(dice.choice(TIMES))},
        {"staff_id": dice.choice(crowd.place.staff)},
        {"capacity": dice.randint(1, SEATS + 1)},
    ]
    return crowd.staff_does("update_class", class_id=group.id, **dice.choice(changes))


def call_off(crowd: Crowd) -> Task:
    return crowd.staff_does("delete_class", class_id=crowd.dice.choice(crowd.classes).id)


GUESTS = (*(take_seats,) * 8, open_class, open_class, change_class, change_class, call_off)
