"""Whom a message went to and what it said is forgotten in time; what became of it is not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from services.common.db import PERSONAL
from services.notify.models import Message, Subject
from services.notify.use_cases import forgetting
from tests.service.conftest import at_once
from tests.service.notify.conftest import (
    ANN,
    Notify,
    a_code_request,
    an_event,
    auth,
    send_code,
)

HALF_A_DAY = timedelta(hours=12)
DAYS = timedelta(days=90)


def later(by: timedelta) -> datetime:
    return datetime.now(UTC) + by


def forget_codes(notify: Notify, *, after: timedelta) -> bool:
    with notify.database.write() as session:
        return forgetting.forget_codes(session, now=later(after))


def forget_recipients(notify: Notify, *, after: timedelta) -> bool:
    with notify.database.write() as session:
        return forgetting.forget_recipients(session, kept_for=DAYS, now=later(after))


def count(notify: Notify, table: type[Any] = Message) -> int:
    with notify.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def personal(message: Message) -> list[Any]:
    columns = Message.__table__.columns
    return [getattr(message, one.name) for one in columns if one.info == PERSONAL]


def send_a_code(notify: Notify, *requests: dict[str, Any]) -> None:
    with auth():
        for request in requests or (a_code_request(),):
            notify.hear(request)
            assert send_code(notify)


def test_a_code_that_was_sent_is_forgotten_half_a_day_later(notify: Notify) -> None:
    send_a_code(notify)
    notify.hear(an_event())

    forget_codes(notify, after=HALF_A_DAY - timedelta(minutes=1))
    assert (count(notify), count(notify, Subject)) == (2, 2)
    assert forget_codes(notify, after=HALF_A_DAY) is False
    assert [one.kind for one in notify.messages] == ["appointment_created"]
    assert count(notify, Subject) == 1


def test_so_is_one_that_could_not_be_sent_but_none_that_is_still_to_be(notify: Notify) -> None:
    notify.changed(notify_file="").hear(a_code_request(challenge="none"))
    notify.hear(a_code_request(challenge="outdated"))
    notify.hear(a_code_request(2, challenge="outdated"))

    forget_codes(notify, after=HALF_A_DAY)
    [due] = notify.messages
    assert (due.subject, due.version, due.recipient) == ("challenge/outdated", 2, ANN)
    assert count(notify, Subject) == 1


def test_a_code_that_is_asked_for_again_afterwards_is_sent(notify: Notify) -> None:
    send_a_code(notify)
    forget_codes(notify, after=HALF_A_DAY)
    send_a_code(notify, a_code_request(2))

    assert [out["kind"] for out in notify.sent] == ["code", "code"]


def test_what_comes_late_of_a_forgotten_code_is_not_sent_and_is_forgotten_again(
    notify: Notify,
) -> None:
    request = a_code_request(good_for=-3600)
    notify.hear(request)
    assert send_code(notify)
    forget_codes(notify, after=HALF_A_DAY)
    notify.hear(request)
    assert count(notify) == 0

    notify.hear(a_code_request(good_for=-3600))
    assert send_code(notify)
    assert notify.sent == []
    forget_codes(notify, after=HALF_A_DAY)
    assert (count(notify), count(notify, Subject)) == (0, 0)


def test_other_messages_lose_their_recipient_and_text_and_keep_what_became_of_them(
    notify: Notify,
) -> None:
    notify.hear(an_event())
    notify.send_all()
    notify.hear(an_event(number=18))
    sent, _due = notify.messages

    forget_recipients(notify, after=DAYS - timedelta(minutes=1))
    assert [one.recipient for one in notify.messages] == [ANN, ANN]
    assert forget_recipients(notify, after=DAYS) is False
    forgotten, due = notify.messages
    assert personal(forgotten) == [None, None, []]
    assert forgotten.title == ""
    assert (forgotten.kind, forgotten.sent_at) == (sent.kind, sent.sent_at)
    assert (due.recipient, bool(due.body)) == (ANN, True)
    assert all(one.body for one in notify.notices)


def test_what_is_heard_of_it_later_is_as_if_nothing_were_forgotten(notify: Notify) -> None:
    created = an_event()
    notify.hear(created)
    notify.send_all()
    forget_recipients(notify, after=DAYS)
    notify.hear(created)
    notify.hear(an_event("appointment_moved", 2))
    notify.hear(an_event())
    notify.send_all()

    assert [out["kind"] for out in notify.sent] == ["appointment_created", "appointment_moved"]


def test_nobody_waits_long_for_the_forgetting(
    notify: Notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 2)
    send_a_code(notify, *(a_code_request(challenge=str(one)) for one in range(3)))
    for number in range(3):
        notify.hear(an_event(number=number + 1))
    notify.send_all()

    assert [forget_codes(notify, after=HALF_A_DAY) for _ in range(2)] == [True, False]
    assert [forget_recipients(notify, after=DAYS) for _ in range(2)] == [True, False]
    assert [one.recipient for one in notify.messages] == [None] * 3


@pytest.mark.parametrize("backend", ["postgresql"])
def test_several_processes_forget_together(notify: Notify) -> None:
    send_a_code(notify, *(a_code_request(challenge=str(one)) for one in range(6)))
    notify.hear(an_event())
    notify.send_all()
    tasks = [lambda: forget_codes(notify, after=HALF_A_DAY)] * 3
    tasks += [lambda: forget_recipients(notify, after=DAYS)] * 3

    assert at_once(tasks) == [False] * 6
    assert [one.recipient for one in notify.messages] == [None]


def test_the_service_forgets_by_itself(notify: Notify) -> None:
    send_a_code(notify)
    assert notify.worker().forget_codes() is False
    assert notify.worker().forget_recipients() is False
    assert count(notify) == 1


def test_what_is_deleted_from_the_list_says_nothing_any_more(notify: Notify) -> None:
    event = an_event()
    notify.hear(event)
    [notice] = notify.notices
    notify.worker().delete_message({"client_ids": [notice.client_id], "message_id": notice.id})

    [notice] = notify.notices
    assert (notice.title, notice.body) == ("", "")
