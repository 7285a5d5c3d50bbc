"""Letters, handed to a mail server: whole, once, and to nobody else."""

import smtplib
import ssl
from dataclasses import replace

import pytest

from services.common.mail import SmtpServer
from services.notify.channels import smtp
from services.notify.channels.failures import Undeliverable
from services.notify.domain.media import Medium
from services.notify.domain.outgoing import Outgoing
from tests.service.notify.mailserver import CERTIFICATE, encrypting, knows, mail_server, slowly

SENDER = "Maison Lumière <no-reply@salon.example>"
LETTER = Outgoing(
    message_id=17,
    reference="ab12",
    kind="code",
    medium=Medium.EMAIL,
    recipient="ann@example.com",
    language="fr",
    title="Votre code pour entrer",
    text="Votre code\u00a0: 042137\n\nÀ bientôt.\n. \n..\nFrom here\n",
)


def test_a_letter_arrives_as_it_was_written() -> None:
    with mail_server() as server:
        smtp.send(server.address, SENDER, LETTER)

    [letter] = server.letters
    assert server.envelopes == [("no-reply@salon.example", ["ann@example.com"])]
    assert (letter["From"], letter["To"]) == (SENDER, "ann@example.com")
    assert letter["Subject"] == LETTER.title
    assert letter["Message-ID"] == "<17.ab12@salon.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime is not None
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().replace("\r\n", "\n") == LETTER.text


def test_each_attempt_carries_the_same_message_id() -> None:
    first, again = (smtp.letter_of(LETTER, SENDER)["Message-ID"] for _ in range(2))
    other = smtp.letter_of(replace(LETTER, reference="cd34"), SENDER)["Message-ID"]
    assert first == again != other


@pytest.mark.parametrize(
    "title", ["Hello\r\nBcc: eve@example.com", "Hello\nX: y", "a\x0bb", "\u2028é" * 300, ""]
)
def test_a_title_adds_no_header(title: str) -> None:
    with mail_server() as server:
        smtp.send(server.address, SENDER, replace(LETTER, title=title))

    [letter] = server.letters
    assert letter.keys() == smtp.letter_of(LETTER, SENDER).keys()
    assert server.envelopes[0][1] == ["ann@example.com"]


@pytest.mark.parametrize(
    "recipient",
    [
        "ann@example.com\r\nBcc: eve@example.com",
        "ann@example.com, eve@example.com",
        "ann@example.com>\r\nRCPT TO:<eve@example.com",
        "ann",
        "",
        "@example.com",
        "\x00@example.com",
        "ànn@example.com",
    ],
)
def test_what_is_no_one_address_gets_no_letter(recipient: str) -> None:
    with mail_server() as server, pytest.raises(Undeliverable):
        smtp.send(server.address, SENDER, replace(LETTER, recipient=recipient))
    assert server.letters == []


@pytest.mark.parametrize("answer", ["550 no such user", "552 mailbox full for ever"])
def test_a_recipient_who_is_refused_for_good_is_not_tried_again(answer: str) -> None:
    with mail_server() as server:
        server.recipient = lambda: answer
        with pytest.raises(Undeliverable):
            smtp.send(server.address, SENDER, LETTER)


def test_a_letter_that_is_refused_for_good_is_not_tried_again() -> None:
    with mail_server() as server:
        server.content = lambda: "554 no"
        with pytest.raises(Undeliverable):
            smtp.send(server.address, SENDER, LETTER)


@pytest.mark.parametrize("place", ["recipient", "content"])
def test_what_is_refused_for_now_may_be_tried_again(place: str) -> None:
    with mail_server() as server:
        setattr(server, place, lambda: "451 later")
        with pytest.raises((smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)):
            smtp.send(server.address, SENDER, LETTER)


def test_a_server_that_is_not_there_may_come_back() -> None:
    with mail_server() as server:
        gone = server.address
    with pytest.raises(ConnectionRefusedError):
        smtp.send(gone, SENDER, LETTER)


def test_a_server_that_takes_too_long_is_not_waited_for(monkeypatch) -> None:
    monkeypatch.setattr(smtp, "PATIENCE_SECONDS", 0.5)
    with mail_server() as server:
        server.content = slowly
        with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
            smtp.send(server.address, SENDER, LETTER)


def test_a_letter_that_was_accepted_is_sent_however_the_goodbye_goes(monkeypatch) -> None:
    def rude(_: smtplib.SMTP) -> None:
        raise smtplib.SMTPResponseException(421, b"go away")

    monkeypatch.setattr(smtplib.SMTP, "quit", rude)
    with mail_server() as server:
        smtp.send(server.address, SENDER, LETTER)
    assert len(server.letters) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_who_needs_a_password_signs_in() -> None:
    who = {"authenticator": knows(b"salon", b"p@ss"), "auth_require_tls": False}
    with mail_server(auth_required=True, **who) as server:
        known = replace(server.address, user="salon", password="p@ss")
        smtp.send(known, SENDER, LETTER)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.send(replace(known, password="wrong"), SENDER, LETTER)
    assert len(server.letters) == 1


@pytest.mark.parametrize("encryption", ["tls", "starttls"])
def test_an_encrypted_letter_arrives_where_the_certificate_is_trusted(
    encryption: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with encrypting(encryption) as server:
        smtp.send(replace(server.address, encryption=encryption), SENDER, LETTER)

    assert len(server.letters) == 1


@pytest.mark.parametrize("encryption", ["tls", "starttls"])
def test_nothing_is_sent_to_a_server_that_nobody_vouches_for(encryption: str) -> None:
    with encrypting(encryption) as server, pytest.raises(ssl.SSLCertVerificationError):
        smtp.send(replace(server.address, encryption=encryption), SENDER, LETTER)

    assert server.letters == []


def test_nothing_is_sent_unencrypted_where_encryption_was_asked_for() -> None:
    with mail_server() as server:
        for encryption in ("starttls", "tls"):
            with pytest.raises((smtplib.SMTPException, OSError)):
                smtp.send(replace(server.address, encryption=encryption), SENDER, LETTER)
    assert server.letters == []


def test_the_password_is_not_printed() -> None:
    assert "p@ss" not in repr(SmtpServer("host", 465, "tls", "salon", "p@ss"))
