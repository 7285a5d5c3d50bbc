"""An attempt remembers what it has committed, even when it is refused."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, ClassVar

import pytest
from marshmallow import Schema, fields
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from services.common import commands
from services.common.bus import Service, attempt
from services.common.db import Database
from services.common.errors import DeadlinePassed, Forbidden, Invalid
from tests.service.conftest import NOW, NewDatabase, a_worker


class KnockSchema(Schema):
    word = fields.Str(required=True)
    seconds = fields.Float(load_default=0.0)


class DoorService(Service):
    """Opens to who knows the word, and counts who knocks."""

    name: ClassVar[str] = "auth"

    @attempt(KnockSchema)
    def knock(
        self, write: Callable[[], AbstractContextManager[Session]], request: dict[str, Any]
    ) -> dict[str, Any]:
        with write() as session:
            session.execute(text("INSERT INTO knocks VALUES ('counted')"))
        time.sleep(request["seconds"])
        with write() as session:
            session.execute(text("INSERT INTO knocks VALUES ('let in')"))
            if request["word"] != "sesame":
                raise Forbidden("word_incorrect")
        return {"opened": True}


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    database = new_database("auth")
    with database.write() as session:
        session.execute(text("CREATE TABLE knocks (what VARCHAR(20) NOT NULL)"))
    return database


def knock(database: Database, word: str, *, seconds: float = 0, **call: Any) -> Any:
    worker = a_worker(DoorService, database, now=NOW, **call)
    return worker.knock(request={"word": word, "seconds": seconds})


def knocks(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(text("SELECT what FROM knocks")))


def test_both_steps_of_a_success_stay(database: Database) -> None:
    assert knock(database, "sesame") == {"opened": True}
    assert knocks(database) == ["counted", "let in"]


def test_of_a_refusal_the_first_step_stays(database: Database) -> None:
    with pytest.raises(Forbidden, match="word_incorrect"):
        knock(database, "barley")
    assert knocks(database) == ["counted"]


def test_it_is_not_begun_when_nobody_waits_any_more(database: Database) -> None:
    with pytest.raises(DeadlinePassed):
        knock(database, "sesame", deadline=time.time() - 1)
    assert knocks(database) == []


def test_nor_gone_on_with_when_the_caller_leaves_meanwhile(database: Database) -> None:
    with pytest.raises(DeadlinePassed):
        knock(database, "sesame", seconds=0.6, deadline=time.time() + 0.5)
    assert knocks(database) == ["counted"]


def test_a_request_of_a_wrong_shape_is_no_attempt(database: Database) -> None:
    with pytest.raises(Invalid, match="validation_failed"):
        a_worker(DoorService, database).knock(request={"wort": "sesame"})
    assert knocks(database) == []


def test_its_answer_is_not_stored(database: Database) -> None:
    for _ in range(2):
        knock(database, "sesame", command_id="key:1")

    assert knocks(database) == ["counted", "let in"] * 2
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(commands.commands)) == 0
