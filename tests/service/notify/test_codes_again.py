"""Codes that are asked for more than once."""

from typing import Any

from tests.service.notify.conftest import Notify, a_code_request, a_code_text, auth, send_code


def test_each_time_it_was_asked_for_a_code_is_sent_once(notify: Notify) -> None:
    with auth():
        for sending in (1, 1, 2, 2, 2):
            notify.hear(a_code_request(sending))
            notify.send_all()

    assert [one.version for one in notify.messages] == [1, 2]
    assert len(notify.sent) == 2


def test_a_code_that_is_asked_for_again_before_it_was_sent_is_sent_once(notify: Notify) -> None:
    notify.hear(a_code_request(1))
    send_code(notify)
    notify.hear(a_code_request(2))
    notify.clock.advance(5)
    with auth():
        notify.send_all()

    first, second = notify.messages
    assert len(notify.sent) == 1
    assert first.skipped_at is not None and second.sent_at is not None


def test_a_code_that_is_asked_for_again_while_it_is_being_sent_is_sent_once(
    notify: Notify,
) -> None:
    def asked_again(challenge_id: str, medium: str) -> dict[str, Any]:
        notify.hear(a_code_request(2))
        return a_code_text()

    with auth(asked_again):
        notify.hear(a_code_request(1))
        notify.send_all()

    assert [out["id"] for out in notify.sent] == [notify.messages[1].id]
    assert notify.messages[0].skipped_at is not None
