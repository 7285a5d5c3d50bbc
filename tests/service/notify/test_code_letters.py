"""Codes in letters: handed to a mail server, which holds nobody else up."""

from tests.service.notify.conftest import CODE, Notify, auth, send_code
from tests.service.notify.mailserver import mail_server
from tests.service.notify.test_failover import EMAIL, asked, knows_both


def test_a_code_by_e_mail_is_a_letter(notify: Notify) -> None:
    with mail_server() as server, auth(knows_both):
        away = notify.changed(
            notify_file="", smtp_server=server.address, mail_from="Salon <no-reply@salon.example>"
        )
        away.hear(asked("sms"))
        while send_code(away):
            pass

    [letter] = server.letters
    assert letter["To"] == EMAIL
    assert CODE in letter.get_content()
    assert CODE not in letter["Subject"]
    assert away.message.body is None


def test_a_message_does_not_wait_for_letters(notify: Notify) -> None:
    """However many there are: a mail server may take its time."""
    for number in range(5):
        notify.hear(asked("email", challenge=f"letter-{number}"))
    notify.hear(asked("sms", challenge="message"))
    with auth(knows_both):
        assert notify.sender().send_next(is_urgent=True)
        assert not notify.sender().send_next(is_urgent=True)
        assert [out["medium"] for out in notify.sent] == ["sms"]
        worker = notify.worker()
        while worker.send_letters():
            pass

    assert [out["medium"] for out in notify.sent] == ["sms"] + ["email"] * 5
