"""What a command counts though it refuses, and what is no part of what it was asked for."""

from typing import Any, ClassVar

import pytest
from marshmallow import Schema, fields
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.common.bus import Service, command
from services.common.db import Database
from services.common.errors import Forbidden, Invalid, Refusal
from tests.service.conftest import NOW, NewDatabase, a_worker


class KnockSchema(Schema):
    word = fields.Str(required=True)
    street = fields.Str(load_default="")


def note(_service: Any, session: Session, request: dict[str, Any], refusal: Refusal) -> None:
    told = {"what": f"{refusal.code} {request['word']}"}
    session.execute(text("INSERT INTO knocks VALUES (:what)"), told)


class DoorService(Service):
    """Opens to who knows the word, from whatever street they come."""

    name: ClassVar[str] = "auth"

    @command(KnockSchema, beside=("street",), after_refusal=note)
    def knock(self, session: Session, request: dict[str, Any]) -> dict[str, Any]:
        session.execute(text("INSERT INTO knocks VALUES ('heard')"))
        if request["word"] != "sesame":
            raise Forbidden("word_incorrect")
        return {"opened": True}


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    database = new_database("auth")
    with database.write() as session:
        session.execute(text("CREATE TABLE knocks (what VARCHAR(40) NOT NULL)"))
    return database


def knock(database: Database, word: str, *, street: str = "", **call: Any) -> Any:
    worker = a_worker(DoorService, database, now=NOW, **call)
    return worker.knock(request={"word": word, "street": street})


def knocks(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(text("SELECT what FROM knocks")))


def test_a_refusal_undoes_the_command_and_is_counted(database: Database) -> None:
    with pytest.raises(Forbidden):
        knock(database, "barley")

    assert knocks(database) == ["word_incorrect barley"]


def test_a_success_is_no_refusal(database: Database) -> None:
    knock(database, "sesame")

    assert knocks(database) == ["heard"]


def test_what_cannot_be_read_is_not_counted(database: Database) -> None:
    with pytest.raises(Invalid):
        a_worker(DoorService, database, now=NOW).knock(request={"street": "Rue Haute"})

    assert knocks(database) == []


def test_a_refused_key_may_be_tried_again_and_each_refusal_counts(database: Database) -> None:
    for _ in range(2):
        with pytest.raises(Forbidden):
            knock(database, "barley", command_id="key:1")
    with pytest.raises(Forbidden):
        knock(database, "wheat", command_id="key:1")

    assert len(knocks(database)) == 3


def test_who_repeats_a_command_may_do_so_from_elsewhere(database: Database) -> None:
    first = knock(database, "sesame", street="Rue Haute", command_id="key:1")
    assert knock(database, "sesame", street="Rue Basse", command_id="key:1") == first

    assert knocks(database) == ["heard"]
