"""A message about an older version of its subject is untrue: it is not sent, in whatever order
events arrive. Every version has a row that says what became of it."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from services.common.inbox import inbox
from tests.service.conftest import at_once
from tests.service.notify.conftest import Notify, an_event

LIFE = ["appointment_created", "appointment_moved", "appointment_moved", "appointment_cancelled"]
OUTDATED = "a newer version was announced before it was sent"
SILENT = {"name": "Ann", "phone": None, "email": None}
STATES = ("next_attempt_at", "sent_at", "skipped_at", "failed_at")


def states(notify: Notify) -> list[tuple[int, str]]:
    """(version, what became of it) of every message."""
    return [
        (one.version, next(name for name in STATES if getattr(one, name) is not None))
        for one in sorted(notify.messages, key=lambda one: one.version)
    ]


def events_of_a_life(number: int = 17) -> list[dict[str, Any]]:
    booked = datetime(2030, 6, 3, 6, tzinfo=UTC)
    return [
        an_event(type, version, number=number, time=(booked + timedelta(hours=version)).isoformat())
        for version, type in enumerate(LIFE, start=1)
    ]


def test_every_version_is_told_when_there_is_time_between(notify: Notify) -> None:
    for event in events_of_a_life():
        notify.hear(event)
        notify.send_all()

    assert [out["kind"] for out in notify.sent] == LIFE
    assert states(notify) == [(version, "sent_at") for version in (1, 2, 3, 4)]


def test_what_was_not_sent_before_a_newer_version_is_never_sent(notify: Notify) -> None:
    for event in events_of_a_life():
        notify.hear(event)
    notify.send_all()

    assert [out["kind"] for out in notify.sent] == ["appointment_cancelled"]
    assert states(notify) == [*((one, "skipped_at") for one in (1, 2, 3)), (4, "sent_at")]
    assert {one.reason for one in notify.messages[:3]} == {OUTDATED}


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_order_of_arrival_nothing_untrue_is_sent(notify: Notify, seed: int) -> None:
    events = events_of_a_life()
    random.Random(seed).shuffle(events)
    newest_so_far, expected = 0, []
    for event in events:
        if event["sequence"] > newest_so_far:
            newest_so_far = event["sequence"]
            expected.append(event["type"])
        notify.hear(event)
        notify.send_all()

    assert [out["kind"] for out in notify.sent] == expected
    assert len(notify.messages) == len(LIFE)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_order_of_arrival_the_list_is_in_the_order_of_the_facts(
    notify: Notify, seed: int
) -> None:
    events = events_of_a_life()
    random.Random(seed).shuffle(events)
    for event in events:
        notify.hear(event)

    shown = notify.worker().list_inbox(client_ids=[9])["items"]
    assert [one["kind"] for one in shown] == LIFE[::-1]


def test_an_older_version_that_comes_late_is_queued_as_skipped(notify: Notify) -> None:
    notify.hear(an_event("appointment_moved", 2))
    notify.hear(an_event("appointment_created", 1))

    assert states(notify) == [(1, "skipped_at"), (2, "next_attempt_at")]
    assert notify.messages[1].reason == OUTDATED


def test_another_appointment_is_another_matter(notify: Notify) -> None:
    notify.hear(an_event("appointment_moved", 2, number=17))
    notify.hear(an_event("appointment_created", 1, number=18))
    notify.send_all()

    assert len(notify.sent) == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_version_of_which_nobody_is_told_makes_older_ones_untrue_all_the_same(
    notify: Notify, order: tuple[int, int]
) -> None:
    events = [an_event(), an_event("appointment_moved", 2, data={"contact": SILENT})]
    for which in order:
        notify.hear(events[which])
    notify.send_all()

    assert notify.sent == []
    assert states(notify) == [(1, "skipped_at")]


def test_versions_that_arrive_at_the_same_moment_leave_only_the_newest_due(
    notify: Notify,
) -> None:
    """On PostgreSQL the handlers really run side by side; on SQLite they queue."""
    rounds = 12
    for number in range(1, rounds + 1):
        events = events_of_a_life(number)
        assert at_once([lambda event=event: notify.hear(event) for event in events]) == [None] * 4  # type: ignore[misc]

    due = [one.version for one in notify.messages if one.next_attempt_at is not None]
    assert due == [len(LIFE)] * rounds
    assert len(notify.messages) == rounds * len(LIFE)
    with notify.database.read() as session:
        unhandled = select(func.count()).where(inbox.c.handled_at.is_(None))
        assert session.scalar(unhandled) == 0
