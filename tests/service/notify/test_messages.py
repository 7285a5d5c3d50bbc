"""Queueing: which message an appointment gives rise to, in which words, and how many."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from services.common.config import Settings
from services.common.db import Database
from services.common.errors import Forbidden
from services.notify.models import Message
from services.notify.service import NotifyService
from services.notify.use_cases.messages import OUTDATED, count_due
from tests.factories import a_client, a_wish, an_appointment_event
from tests.service.booking.conftest import Salon
from tests.service.conftest import NewDatabase, a_worker, at_once
from tests.service.notify.conftest import ANN, Notify, a_code_request, an_event

WORDS = [
    ("appointment_created", "client", "en", "Hello Ann Clark! You are booked for Thursday 4 June"),
    ("appointment_created", "staff", "en", "Hello Ann Clark! Salon has booked an appointment for"),
    ("appointment_moved", "client", "en", "Hello Ann Clark! Your appointment at Salon has been c"),
    ("appointment_cancelled", "staff", "en", "Hello Ann Clark! Your appointment at Salon on Thu"),
    ("appointment_created", "client", "fr", "Bonjour Ann Clark\u00a0! Votre rendez-vous est réser"),
    ("appointment_created", "staff", "fr", "Bonjour Ann Clark\u00a0! Un rendez-vous a été réser"),
    ("appointment_moved", "client", "fr", "Bonjour Ann Clark\u00a0! Votre rendez-vous chez Salon"),
    ("appointment_cancelled", "client", "fr", "Bonjour Ann Clark\u00a0! Votre rendez-vous chez Sa"),
]


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    return new_database("notify")


def receive(database: Database, event: dict[str, Any]) -> None:
    a_worker(NotifyService, database).queue_confirmation(event)


def an_offer_event(**changes: Any) -> dict[str, Any]:
    offered = {
        "entry_id": 3,
        "offer_id": 5,
        "expires_at": "2099-06-03T06:15:00Z",
        "wall_expires": "2099-06-03T08:15:00",
    }
    told = {"type": "waitlist_offer_made", "subject": "waitlist_entry/3", "sequence": 2}
    return an_appointment_event(data=offered, **{**told, **changes})


def messages(database: Database) -> list[Message]:
    with database.read() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def text_of(message: Message) -> str:
    assert message.body is not None
    return message.body


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ": appointment with Olga"), ("de", ": Termin bei Olga"), ("ru", ": приём. Специалист")],
)
def test_what_has_no_services_is_an_appointment_all_the_same(
    database: Database, language: str, words: str
) -> None:
    receive(database, an_appointment_event(data={"services": [], "locale": language}))
    [message] = messages(database)
    assert words in text_of(message)


def test_a_client_hears_that_the_business_has_confirmed_not_that_they_have(
    database: Database,
) -> None:
    told = {"type": "appointment_confirmed"}
    for sequence, who in enumerate(("client", "staff"), start=2):
        event = an_appointment_event(**told, sequence=sequence, data={"changed_by": who})
        a_worker(NotifyService, database).queue_approval(event)
    [message] = messages(database)
    assert (message.kind, message.version) == ("appointment_confirmed", 3)
    assert text_of(message).startswith("Hello Ann Clark! Salon expects you on Thursday 4 June 2099")


def test_a_booking_is_confirmed_to_its_client(database: Database) -> None:
    receive(database, an_appointment_event())
    [message] = messages(database)
    assert message.recipient == "+33612345678"
    assert message.body == (
        "Hello Ann Clark! You are booked for Thursday 4 June 2099 at 10:00:"
        " Haircut with Olga at Salon. 12 rue des Archives"
    )
    assert (message.kind, message.channel, message.language) == (
        "appointment_created",
        "console",
        "en",
    )
    assert (message.subject, message.version) == ("appointment/17", 1)
    assert (message.business_id, message.client_id) == (1, 9)
    assert message.stale_at == datetime(2099, 6, 4, 8, tzinfo=UTC)
    assert (message.attempts, message.sent_at) == (0, None)
    assert message.next_attempt_at == message.created_at


@pytest.mark.parametrize(
    ("locale", "language", "beginning"),
    [
        ("fr", "en", "Bonjour Ann Clark"),
        ("fr-CA", "en", "Bonjour"),
        ("FR_ca", "en", "Bonjour"),
        ("pt", "fr", "Bonjour"),
        ("", "fr", "Bonjour"),
        ("en-US", "fr", "Hello"),
        ("pt", "pt", "Hello"),
    ],
)
def test_a_message_is_in_the_clients_language_or_the_places_or_english(
    database: Database, locale: str, language: str, beginning: str
) -> None:
    location = an_appointment_event()["data"]["location"] | {"language": language}
    receive(database, an_appointment_event(data={"locale": locale, "location": location}))
    [message] = messages(database)
    assert text_of(message).startswith(beginning)
    assert message.language == ("fr" if beginning.startswith("Bonjour") else "en")


def test_the_day_is_written_as_people_of_the_language_do(database: Database) -> None:
    receive(database, an_appointment_event(data={"locale": "fr"}))
    [message] = messages(database)
    assert "4 juin 2099 à 10:00" in text_of(message)


def test_several_services_are_named_one_after_the_other(database: Database) -> None:
    [line] = an_appointment_event()["data"]["services"]
    receive(database, an_appointment_event(data={"services": [line, line | {"title": "Bath"}]}))
    assert "Haircut, Bath with Olga" in text_of(messages(database)[0])


def test_what_a_client_types_is_no_template(database: Database) -> None:
    contact = {"name": "$staff ${place} $", "phone": "+33612345678", "email": None}
    receive(database, an_appointment_event(data={"contact": contact}))
    assert text_of(messages(database)[0]).startswith("Hello $staff ${place} $!")


def test_the_same_event_again_is_the_same_message(database: Database) -> None:
    event = an_appointment_event()
    for _ in range(3):
        receive(database, event)
    assert len(messages(database)) == 1


def test_another_event_about_the_same_version_is_the_same_message(database: Database) -> None:
    for _ in range(3):
        receive(database, an_appointment_event())
    assert len(messages(database)) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"sequence": 0},
        {"sequence": 2},
        {"subject": "appointment/18"},
        {"data": {"contact": {"name": "Bob", "phone": "+33612345679"}}},
    ],
)
def test_another_version_subject_or_recipient_is_another_message(
    database: Database, other: dict[str, Any]
) -> None:
    receive(database, an_appointment_event())
    receive(database, an_appointment_event(**other))
    assert len(messages(database)) == 2


def test_who_has_no_phone_finds_it_in_their_list_only(notify: Notify) -> None:
    contact = {"name": "Ann", "phone": None, "email": "ann@example.com"}
    notify.hear(an_event(data={"contact": contact}))
    assert notify.messages == []
    assert [one.title for one in notify.notices] == ["Appointment booked"]


@pytest.mark.parametrize(
    "data",
    [
        {"client_id": None},
        {"client_id": None, "contact": None},
        {"starts_at": "2030-06-03T05:59:59Z"},
    ],
    ids=["no client", "no contact either", "over when it happened"],
)
def test_where_there_is_nobody_to_tell_nothing_is_queued(
    notify: Notify, data: dict[str, Any]
) -> None:
    notify.hear(an_event(data=data))
    assert (notify.messages, notify.notices) == ([], [])


@pytest.mark.parametrize(("kind", "created_by", "language", "words"), WORDS)
def test_each_kind_has_its_words_in_each_language(
    notify: Notify, kind: str, created_by: str, language: str, words: str
) -> None:
    notify.hear(an_event(kind, data={"created_by": created_by, "locale": language}))
    notify.send_all()
    [out] = notify.sent
    assert out["text"].startswith(words)
    assert (out["kind"], out["to"], out["language"]) == (kind, ANN, language)


def test_an_installation_without_a_channel_says_so(notify: Notify) -> None:
    mute = notify.changed(notify_file="")
    mute.hear(an_event())
    mute.hear(a_code_request())
    assert [one.channel for one in mute.messages] == ["none"] * 2
    for message in mute.messages:
        assert message.failed_at is not None
        assert message.reason == "this installation has no channel"
    assert len(mute.notices) == 1


def test_a_developer_has_a_message_on_the_terminal_and_in_the_file(
    notify: Notify, capsys: pytest.CaptureFixture[str]
) -> None:
    dev = notify.changed(env="dev")
    dev.hear(an_event())
    dev.send_all()
    assert [one.channel for one in dev.messages] == ["console", "file"]
    [out] = dev.sent
    assert f"✉ to {ANN}: {out['text']}\n" in capsys.readouterr().out


def test_nobody_but_its_owner_reads_the_file(notify: Notify) -> None:
    notify.hear(an_event())
    notify.send_all()
    assert notify.file.stat().st_mode & 0o777 == 0o600


def test_how_many_are_due_is_known(notify: Notify) -> None:
    notify.hear(an_event(number=1))
    notify.hear(an_event(number=2))
    notify.send()
    with notify.database.read() as session:
        assert count_due(session) == 1


@pytest.mark.parametrize("state", ["sent_at", "skipped_at", "failed_at"])
def test_a_message_cannot_be_done_and_due_at_once(notify: Notify, state: str) -> None:
    notify.hear(an_event())
    with pytest.raises(IntegrityError, match="one_state"), notify.database.write() as session:
        session.execute(update(Message).values({state: datetime.now(UTC)}))


def test_what_booking_announces_is_understood(
    database: Database, new_database: NewDatabase
) -> None:
    salon = Salon(new_database("booking"))
    salon.book(a_wish(), client=a_client(name="Zoë"), call={"locale": "fr"})
    [event] = salon.events()
    receive(database, event)
    [message] = messages(database)
    assert text_of(message).startswith("Bonjour Zoë")
    assert "mardi 4 juin 2030 à 10:00" in text_of(message)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_deliveries_at_once_are_one_message(database: Database) -> None:
    event = an_appointment_event()
    tasks = [lambda: receive(database, event), lambda: receive(database, an_appointment_event())]
    assert at_once(tasks * 5) == [None] * 10
    assert len(messages(database)) == 1


def test_what_was_sent_is_listed_for_developers_the_newest_first(database: Database) -> None:
    phones = ["+33612345601", "+33612345602", "+33612345601"]
    for number, phone in enumerate(phones):
        contact = {"name": f"Ann {number}", "phone": phone}
        receive(
            database,
            an_appointment_event(subject=f"appointment/{number}", data={"contact": contact}),
        )
    worker = a_worker(NotifyService, database)
    assert worker.list_sent_messages() == {"messages": []}
    while worker.send_messages():
        pass

    def subjects(**arguments: Any) -> list[str]:
        return [one["subject"] for one in worker.list_sent_messages(**arguments)["messages"]]

    assert subjects() == ["appointment/2", "appointment/1", "appointment/0"]
    assert subjects(limit=1) == ["appointment/2"]
    assert subjects(to="33612345601") == ["appointment/2", "appointment/0"]
    assert subjects(to="+33612345602") == ["appointment/1"]
    [shown] = worker.list_sent_messages(to=phones[1])["messages"]
    assert (shown["recipient"], shown["language"], shown["kind"]) == (
        phones[1],
        "en",
        "appointment_created",
    )
    assert datetime.fromisoformat(shown["sent_at"]).tzinfo is not None


def test_outside_of_development_nobody_reads_messages(database: Database) -> None:
    worker = a_worker(NotifyService, database)
    worker.settings = Settings(env="production", amqp_uri="memory://")
    with pytest.raises(Forbidden) as refusal:
        worker.list_sent_messages()
    assert refusal.value.code == "dev_only"


def test_of_what_is_silent_nobody_is_told_but_older_news_are_outdated(notify: Notify) -> None:
    """Such as an import: it says nothing, and what was to be said before is not true any more."""
    notify.hear(an_event())
    notify.hear(an_event("appointment_moved", 2, data={"is_silent": True}))
    notify.hear(an_event(number=18, data={"is_silent": True, "created_by": "import"}))

    assert (notify.message.subject, notify.message.reason) == ("appointment/17", OUTDATED)
    assert [notice.version for notice in notify.notices] == [1]


def test_who_waits_is_told_of_a_time_while_it_is_kept(notify: Notify) -> None:
    event = an_offer_event()
    for _ in range(2):
        notify.hear(event)
    [message] = messages(notify.database)
    assert text_of(message).startswith("Hello Ann Clark! A time is free at Salon: Thursday 4 June")
    assert "if you accept it by 08:15" in text_of(message)
    assert (message.kind, message.subject) == ("waitlist_offer_made", "waitlist_entry/3")
    assert message.stale_at == datetime(2099, 6, 3, 6, 15, tzinfo=UTC)
    [notice] = notify.notices
    assert (notice.category, notice.action, notice.appointment_id) == ("waitlist", "waitlist", None)


def test_nobody_is_told_of_an_offer_that_is_over(notify: Notify) -> None:
    notify.hear(an_offer_event(time="2099-06-03T06:15:00Z"))
    assert messages(notify.database) == []
