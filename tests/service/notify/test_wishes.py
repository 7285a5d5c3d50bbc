"""Who has switched messages off gets none that they did not ask for, and finds all in the list."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from uuid_utils import uuid7

from tests.service.notify.conftest import (
    Notify,
    a_code_request,
    an_event,
    auth,
    send_code,
)

ME, OTHER, THIRD = 5, 6, 7
UNWANTED = "its recipient wants no messages"
NOON = datetime(2030, 6, 3, 12, tzinfo=UTC)


def from_auth(type: str, user_id: int, version: int, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": str(uuid7()),
        "source": "auth",
        "type": type,
        "time": NOON.isoformat(),
        "subject": f"user/{user_id}",
        "sequence": version,
        "datacontenttype": "application/json",
        "data": {"user_id": user_id, **data},
    }


def wants(enabled: bool, *, user_id: int = ME, version: int = 2) -> dict[str, Any]:
    return from_auth("user_changed", user_id, version, notifications_enabled=enabled)


def merged(user_id: int, into: int, *, version: int = 2) -> dict[str, Any]:
    return from_auth("user_merged", user_id, version, into_user_id=into)


Told = Callable[..., bool]
_numbers = itertools.count(100)


@pytest.fixture
def told(notify: Notify) -> Told:
    """Whether somebody gets a message about a visit that is booked now."""

    def is_told(user_id: int | None = ME) -> bool:
        before = len(notify.sent)
        notify.hear(an_event(number=next(_numbers), data={"user_id": user_id}))
        notify.send_all()
        return len(notify.sent) > before

    return is_told


def test_who_has_chosen_nothing_gets_messages(told: Told) -> None:
    assert told()
    assert told(None)


def test_who_has_switched_them_off_finds_it_in_the_list_alone(notify: Notify) -> None:
    notify.hear(wants(False))
    for version, kind in enumerate(("created", "moved", "cancelled"), start=1):
        notify.hear(an_event(f"appointment_{kind}", version, data={"user_id": ME}))
        notify.send_all()

    assert notify.sent == []
    assert [one.reason for one in notify.messages] == [UNWANTED] * 3
    assert [one.kind for one in notify.notices] == [
        "appointment_created",
        "appointment_moved",
        "appointment_cancelled",
    ]


def test_nobody_else_misses_anything(told: Told, notify: Notify) -> None:
    notify.hear(wants(False))
    assert told(OTHER)
    assert told(None)


def test_what_is_switched_off_meanwhile_is_not_sent(notify: Notify) -> None:
    notify.hear(an_event(data={"user_id": ME}))
    notify.hear(wants(False))
    notify.send_all()

    assert notify.sent == []
    assert (notify.message.reason, notify.message.next_attempt_at) == (UNWANTED, None)
    assert notify.message.skipped_at is not None


def test_so_it_is_with_what_has_failed_and_would_be_tried_again(notify: Notify) -> None:
    away = notify.changed(notify_file="/nowhere/at/all")
    away.hear(an_event(data={"user_id": ME}))
    away.send_all()
    assert notify.message.attempts == 1
    notify.hear(wants(False))
    notify.clock.advance(3600)
    notify.send_all()

    assert notify.sent == []
    assert notify.message.reason == UNWANTED


def test_switched_on_again_they_get_the_next_one(told: Told, notify: Notify) -> None:
    notify.hear(wants(False))
    assert not told()
    notify.hear(wants(True, version=3))
    assert told()


@pytest.mark.parametrize("twice", [False, True])
def test_the_newest_choice_counts_in_whatever_order_they_arrive(
    told: Told, notify: Notify, twice: bool
) -> None:
    events = [wants(True, version=2), wants(False, version=4), wants(True, version=3)]
    for event in events * (1 + twice):
        notify.hear(event)
    assert not told()


def test_codes_are_sent_whatever_is_switched_off(notify: Notify) -> None:
    notify.hear(wants(False))
    notify.hear(a_code_request())
    with auth():
        assert send_code(notify)
    assert [out["kind"] for out in notify.sent] == ["code"]


FACTS = (
    merged(ME, OTHER, version=3),
    merged(OTHER, THIRD, version=5),
    wants(True, user_id=ME, version=2),
    wants(False, user_id=THIRD, version=2),
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::3])
def test_what_was_one_accounts_is_as_the_account_wants_that_is_left(
    told: Told, notify: Notify, order: tuple[int, ...]
) -> None:
    """In whatever order it is heard of; and what comes late of the old one changes nothing."""
    for number in order:
        notify.hear(FACTS[number])
    assert [told(one) for one in (ME, OTHER, THIRD)] == [False] * 3

    notify.hear(wants(False, user_id=ME, version=9))
    notify.hear(wants(True, user_id=THIRD, version=3))
    assert [told(one) for one in (ME, OTHER, THIRD)] == [True] * 3
