"""Idempotent commands: one effect and one answer for each command id."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from marshmallow import Schema, fields
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from services.common import commands
from services.common.bus import Service, command, query
from services.common.commands import claim, fingerprint_of, forget, forget_expired, store_answer
from services.common.db import Database
from services.common.errors import Conflict, DeadlinePassed, Invalid, NotFound
from tests.service.conftest import NOW, a_worker

NewDatabase = Callable[[str], Database]

TEA = {"drink": "tea"}
PRINT = fingerprint_of("pour", TEA)


class PourSchema(Schema):
    drink = fields.Str(required=True)
    seconds = fields.Float(load_default=0.0)


class KitchenService(Service):
    """Pours drinks, and is out of everything but tea and coffee."""

    name: ClassVar[str] = "auth"

    @command(PourSchema)
    def pour(self, session: Session, request: dict[str, Any]) -> dict[str, Any]:
        session.execute(text("INSERT INTO cups VALUES (:drink)"), request | {"seconds": None})
        time.sleep(request["seconds"])
        if request["drink"] not in ("tea", "coffee"):
            raise NotFound("drink_not_found")
        return {"cups": session.scalar(text("SELECT count(*) FROM cups"))}

    @command(PourSchema, same_as=lambda call, request: f"{call.viewer}{request['drink']}")
    def pour_unless_just_poured(self, session: Session, request: dict[str, Any]) -> dict[str, Any]:
        session.execute(text("INSERT INTO cups VALUES (:drink)"), request)
        return {"cups": session.scalar(text("SELECT count(*) FROM cups"))}

    @command(PourSchema)
    def tell_patience(self, session: Session, request: dict[str, Any]) -> dict[str, Any]:
        return {"patience": session.scalar(text("SHOW lock_timeout"))}

    @query(PourSchema)
    def look(self, session: Session, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"cups": session.scalar(text("SELECT count(*) FROM cups")), **arguments}


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    database = new_database("auth")
    with database.write() as session:
        session.execute(text("CREATE TABLE cups (drink VARCHAR(20) NOT NULL)"))
    return database


def kitchen(database: Database, **call: Any) -> Any:
    return a_worker(KitchenService, database, **call)


def cups(database: Database) -> int:
    with database.read() as session:
        return session.scalar(text("SELECT count(*) FROM cups")) or 0


def stored(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(commands.commands)) or 0


def test_the_first_claim_is_new_and_the_second_gets_the_answer(database: Database) -> None:
    with database.write() as session:
        assert claim(session, "id", PRINT, now=NOW) is None
        store_answer(session, "id", {"cups": 1})
    with database.write() as session:
        assert claim(session, "id", PRINT, now=NOW) == {"result": {"cups": 1}}


@pytest.mark.parametrize("answer", [None, [], {}, 0, "text", {"a": None}])
def test_every_answer_comes_back_as_it_was(database: Database, answer: Any) -> None:
    with database.write() as session:
        claim(session, "id", PRINT, now=NOW)
        store_answer(session, "id", answer)
    with database.write() as session:
        assert claim(session, "id", PRINT, now=NOW) == {"result": answer}


def test_a_claim_that_is_rolled_back_never_was(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        claim(session, "id", PRINT, now=NOW)
        raise ZeroDivisionError

    with database.write() as session:
        assert claim(session, "id", PRINT, now=NOW) is None


def test_an_id_with_another_request_is_refused(database: Database) -> None:
    with database.write() as session:
        claim(session, "id", PRINT, now=NOW)
    with pytest.raises(Invalid, match="idempotency_key_reused"), database.write() as session:
        claim(session, "id", fingerprint_of("pour", {"drink": "coffee"}), now=NOW)


def test_the_fingerprint_knows_the_command_but_no_key_order() -> None:
    assert fingerprint_of("pour", {"a": 1, "b": 2}) == fingerprint_of("pour", {"b": 2, "a": 1})
    assert fingerprint_of("pour", {"a": 1}) != fingerprint_of("drink", {"a": 1})
    assert fingerprint_of("pour", {"a": 1}) != fingerprint_of("pour", {"a": "1"})


def test_an_id_is_free_again_after_a_day(database: Database) -> None:
    with database.write() as session:
        claim(session, "id", PRINT, now=NOW)
        store_answer(session, "id", "old")
    with database.write() as session:
        last_moment = NOW + timedelta(hours=24, seconds=-1)
        assert claim(session, "id", PRINT, now=last_moment) == {"result": "old"}
    with database.write() as session:
        other = fingerprint_of("pour", {"drink": "coffee"})
        assert claim(session, "id", other, now=NOW + timedelta(hours=24)) is None
    with database.read() as session:
        assert session.scalar(select(commands.commands.c.answer)) is None


def test_an_id_whose_effect_was_undone_is_free_again(database: Database) -> None:
    with database.write() as session:
        claim(session, "id", PRINT, now=NOW)
        forget(session, "id")
        assert claim(session, "id", PRINT, now=NOW) is None


def test_only_what_has_expired_is_forgotten(database: Database) -> None:
    with database.write() as session:
        claim(session, "short", PRINT, now=NOW, kept_for=timedelta(seconds=60))
        claim(session, "long", PRINT, now=NOW)
        forget_expired(session, now=NOW + timedelta(minutes=2))

    assert stored(database) == 1


def test_a_repeated_command_has_one_effect_and_one_answer(database: Database) -> None:
    answers = [kitchen(database, command_id="id").pour(dict(TEA)) for _ in range(3)]

    assert answers == [{"cups": 1}] * 3
    assert cups(database) == 1


def test_without_an_id_every_command_is_a_new_one(database: Database) -> None:
    answers = [kitchen(database).pour(dict(TEA)) for _ in range(2)]

    assert answers == [{"cups": 1}, {"cups": 2}]
    assert stored(database) == 0


def test_a_refusal_changes_nothing_and_is_not_stored(database: Database) -> None:
    for _ in range(2):
        with pytest.raises(NotFound, match="drink_not_found"):
            kitchen(database, command_id="id").pour({"drink": "petrol"})

    assert (cups(database), stored(database)) == (0, 0)
    assert kitchen(database, command_id="id").pour(dict(TEA)) == {"cups": 1}


def test_a_malformed_request_is_refused_with_its_fields(database: Database) -> None:
    requests: list[Any] = [{}, {"drink": 5}, {"drink": "tea", "sugar": 1}, [], None]
    for request in requests:
        with pytest.raises(Invalid, match="validation_failed") as refused:
            kitchen(database, command_id="id").pour(request)
        assert refused.value.fields

    assert (cups(database), stored(database)) == (0, 0)


def test_a_second_click_within_a_minute_is_the_same_command(database: Database) -> None:
    def click(seconds: int = 0, **call: Any) -> int:
        now = NOW + timedelta(seconds=seconds)
        worker = kitchen(database, **{"now": now, "viewer": {"partner_id": 1}, **call})
        answer: dict[str, int] = worker.pour_unless_just_poured(dict(TEA))
        return answer["cups"]

    assert [click(), click(1), click(59)] == [1, 1, 1]
    assert click(0, viewer={"partner_id": 2}) == 2
    assert click(60) == 3
    assert click(61, command_id="key:mine") == 4
    assert click(62, command_id="key:mine") == 4


@pytest.mark.parametrize("method", ["pour", "look"])
def test_nothing_is_done_for_a_caller_who_has_stopped_waiting(
    database: Database, method: str
) -> None:
    worker = kitchen(database, deadline=time.time() - 0.1)

    with pytest.raises(DeadlinePassed):
        worker.pour(dict(TEA)) if method == "pour" else worker.look(**TEA)
    assert cups(database) == 0


def test_a_query_is_checked_and_completed_by_its_schema(database: Database) -> None:
    assert kitchen(database).look(**TEA) == {"cups": 0, "drink": "tea", "seconds": 0.0}
    with pytest.raises(Invalid, match="validation_failed") as refused:
        kitchen(database).look(cup="big")
    assert set(refused.value.fields) == {"drink", "cup"}


def test_twins_at_the_same_moment_get_one_effect_and_one_answer(database: Database) -> None:
    answers: list[Any] = []
    start = threading.Barrier(5)

    def pour() -> None:
        worker = kitchen(database, command_id="id", deadline=time.time() + 10)
        start.wait()
        answers.append(worker.pour(TEA | {"seconds": 0.1}))

    twins = [threading.Thread(target=pour) for _ in range(5)]
    for twin in twins:
        twin.start()
    for twin in twins:
        twin.join(20)

    assert answers == [{"cups": 1}] * 5
    assert cups(database) == 1


class TestOnPostgres:
    @pytest.fixture
    def backend(self) -> str:
        return "postgresql"

    def test_a_twin_that_takes_too_long_is_said_to_be_in_progress(self, database: Database) -> None:
        with database.write() as session:
            claim(session, "id", PRINT, now=NOW)
            deadline = time.time() + 0.5
            with pytest.raises(Conflict, match="command_in_progress"):
                kitchen(database, command_id="id", deadline=deadline).pour(dict(TEA))
            assert time.time() < deadline, "the caller must be told while it still waits"

        assert cups(database) == 0

    def test_the_twin_of_one_that_is_refused_runs_itself(self, database: Database) -> None:
        answers: list[Any] = []
        with pytest.raises(ZeroDivisionError), database.write() as session:
            claim(session, "id", PRINT, now=NOW)
            worker = kitchen(database, command_id="id", deadline=time.time() + 10)
            twin = threading.Thread(target=lambda: answers.append(worker.pour(dict(TEA))))
            twin.start()
            twin.join(0.2)
            assert twin.is_alive()
            raise ZeroDivisionError
        twin.join(10)

        assert answers == [{"cups": 1}]

    def test_a_twin_is_waited_for_longer_than_any_other_lock(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("services.common.bus.service.LOCK_SECONDS", 0.1)
        answers: list[Any] = []
        with database.write() as session:
            claim(session, "id", PRINT, now=NOW)
            worker = kitchen(database, command_id="id", deadline=time.time() + 10)
            twin = threading.Thread(target=lambda: answers.append(worker.pour(dict(TEA))))
            twin.start()
            twin.join(0.5)
            assert twin.is_alive()
            store_answer(session, "id", {"cups": 5})
        twin.join(10)

        assert answers == [{"cups": 5}]

    @pytest.mark.parametrize("command_id", ["", "id"])
    def test_other_locks_get_only_their_usual_patience(
        self, database: Database, command_id: str
    ) -> None:
        worker = kitchen(database, command_id=command_id, deadline=time.time() + 30)

        assert worker.tell_patience(dict(TEA)) == {"patience": "2s"}
