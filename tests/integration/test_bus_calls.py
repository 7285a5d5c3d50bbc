"""Calls as nobody should send them: the service lives on and answers the next good one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.local.postgres import LocalPostgres
from deploy.local.rabbitmq import LocalRabbitMQ
from services.common.errors import Invalid, NotFound
from services.common.rpc.client import OutcomeUnknown, ServiceDefect
from tests.integration.kitchens import Kitchen, Stranger, a_kitchen, eventually

GOOD = {"args": [], "kwargs": {"drink": "tea"}}
BODIES: dict[str, Any] = {
    "no JSON": "{not json",
    "nothing": "",
    "bytes": b"\xff\xfe\x00",
    "a list": [],
    "a number": "5",
    "null": "null",
    "an empty object": {},
    "no kwargs": {"args": []},
    "null kwargs": {"args": [], "kwargs": None},
    "kwargs that are a list": {"args": [], "kwargs": ["drink"]},
    "args that are a number": {"args": 5, "kwargs": {}},
    "too many args": {"args": [1, 2, 3], "kwargs": {}},
    "a missing argument": {"args": [], "kwargs": {}},
    "an unknown argument": {"args": [], "kwargs": {"drink": "tea", "sugar": 2}},
    "an argument of the wrong type": {"args": [], "kwargs": {"drink": {"a": 1}}},
    "a deep one": "[" * 100_000,
}
PROPERTIES: dict[str, dict[str, Any]] = {
    "no reply_to": {"reply_to": None},
    "a reply_to that leads nowhere": {"reply_to": "nobody"},
    "no correlation_id": {"correlation_id": None},
    "no content type": {"content_type": None, "content_encoding": None},
    "a content type nobody knows": {"content_type": "application/x-pickled-herring"},
    "pickle": {"content_type": "application/x-python-serialize", "content_encoding": "binary"},
    "an encoding nobody knows": {"content_encoding": "klingon"},
    "a compression that is none": {"headers": {"compression": "application/x-gzip"}},
    "an unknown method": {"method": "brew"},
    "the name of an attribute": {"method": "database"},
    "the name of a handler": {"method": "fill_cup"},
    "a method with a dot": {"method": "look.twice"},
}
HEADERS: dict[str, Any] = {
    "request_id": [[], {"a": 1}, 5, "\x00", "x" * 5000],
    "command_id": [[], {"a": 1}, 5, "\x00"],
    "deadline": ["soon", "nan", "inf", "-inf", "1e300", [], {}],
    "viewer": ["{", "[]", "5", 5, "[" * 100_000, {"partner_id": 1}],
    "locale": [[], 5, "\x00"],
    "call_id_stack": [5, "text", [5], {"a": 1}, [None], [["a"]]],
    "language": [5, {}],
}


@pytest.fixture(scope="module")
def kitchen(
    rabbitmq_server: LocalRabbitMQ,
    postgres_server: LocalPostgres,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Kitchen]:
    folder: Path = tmp_path_factory.mktemp("calls")
    url = postgres_server.create_database("calls")
    with a_kitchen(folder, rabbitmq_server.url, url) as kitchen:
        kitchen.start()
        yield kitchen


@pytest.fixture
def stranger(kitchen: Kitchen) -> Iterator[Stranger]:
    with Stranger(kitchen.env["AMQP_URI"], kitchen.name) as stranger:
        yield stranger


def test_a_good_call_is_answered(stranger: Stranger) -> None:
    stranger.send(GOOD)

    answer = stranger.reply()
    assert answer == {"result": {"drink": "tea", "viewer": {}, "locale": "en"}, "error": None}


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_no_body_ends_the_service(kitchen: Kitchen, stranger: Stranger, body: Any) -> None:
    stranger.send(body)

    assert kitchen.lives()


@pytest.mark.parametrize("properties", PROPERTIES.values(), ids=list(PROPERTIES))
def test_no_properties_end_the_service(
    kitchen: Kitchen, stranger: Stranger, properties: dict[str, Any]
) -> None:
    stranger.send(GOOD, **properties)

    assert kitchen.lives()


@pytest.mark.parametrize(
    ("name", "garbage"),
    [(name, value) for name, values in HEADERS.items() for value in values],
    ids=lambda value: repr(value)[:20],
)
def test_garbage_in_a_header_counts_as_nothing(
    kitchen: Kitchen, stranger: Stranger, name: str, garbage: Any
) -> None:
    stranger.send(GOOD, headers={f"nameko.{name}": garbage})

    answer = stranger.reply()
    assert answer["error"] is None
    assert answer["result"]["drink"] == "tea"
    assert kitchen.lives()


@pytest.mark.parametrize(
    "body",
    [
        BODIES["a missing argument"],
        BODIES["an unknown argument"],
        BODIES["an argument of the wrong type"],
    ],
)
def test_a_wrong_argument_is_refused_by_name(stranger: Stranger, body: Any) -> None:
    stranger.send(body)

    refusal = stranger.reply()["error"]["refusal"]
    assert (refusal["kind"], refusal["code"]) == ("Invalid", "validation_failed")
    assert set(refusal["fields"]) <= {"drink", "sugar"}


def test_a_caller_is_told_that_there_is_no_such_method(stranger: Stranger) -> None:
    stranger.send(GOOD, method="brew")

    error = stranger.reply()["error"]
    assert error["exc_type"] == "MethodNotFound"
    assert "refusal" not in error


def test_what_cannot_be_read_is_logged_without_its_content(
    kitchen: Kitchen, stranger: Stranger
) -> None:
    stranger.send("{secret", method="unreadable")

    def entry() -> Any:
        return [
            each
            for each in kitchen.logged("message_undecodable")
            if each["routing_key"] == f"{kitchen.name}.unreadable"
        ]

    [logged] = eventually(entry)
    assert logged["bytes"] == 7
    assert "secret" not in kitchen.log


def test_a_refusal_arrives_as_what_it_was(kitchen: Kitchen) -> None:
    with pytest.raises(NotFound, match="drink_not_found") as refused:
        kitchen.call("look", drink="petrol")
    assert refused.value.fields == {"drink": "petrol"}

    with pytest.raises(Invalid, match="validation_failed"):
        kitchen.call("look")


def test_a_defect_is_told_by_its_kind_and_logged_without_the_phone(kitchen: Kitchen) -> None:
    with pytest.raises(ServiceDefect, match="ZeroDivisionError"):
        kitchen.call("look", drink="lava")

    log = eventually(lambda: "ZeroDivisionError" in (text := kitchen.log) and text)
    assert "+33612345678" not in log
    assert kitchen.lives()


def test_an_answer_that_json_cannot_say_is_a_defect(kitchen: Kitchen) -> None:
    with pytest.raises(ServiceDefect, match="TypeError"):
        kitchen.call("look_oddly", drink="tea")


def test_a_call_past_its_deadline_is_not_executed(kitchen: Kitchen, stranger: Stranger) -> None:
    before = kitchen.count("kettles")
    stranger.send(
        {"args": [], "kwargs": {"request": {"drink": "tea"}}},
        method="boil",
        headers={"nameko.deadline": "1.0"},
    )

    assert stranger.reply()["error"]["exc_type"] == "DeadlinePassed"
    assert kitchen.count("kettles") == before


def test_a_call_that_waited_in_the_queue_too_long_is_not_executed(kitchen: Kitchen) -> None:
    """All workers are busy; when one is free again, the caller has gone."""
    before = kitchen.count("kettles")
    with Stranger(kitchen.env["AMQP_URI"], kitchen.name) as crowd:
        for _ in range(10):
            crowd.send({"args": [], "kwargs": {"seconds": 2}}, method="dawdle", reply_to=None)
        eventually(lambda: len(kitchen.logged("dawdling")) >= 10)
        with pytest.raises(OutcomeUnknown):
            kitchen.call("boil", timeout=0.5, request={"drink": "tea"})

    assert kitchen.lives()
    assert kitchen.count("kettles") == before


def test_the_same_command_twice_has_one_effect(kitchen: Kitchen) -> None:
    before = kitchen.count("kettles")
    answers = [
        kitchen.call("boil", command_id="key:1:mine", request={"drink": "tea"}) for _ in range(3)
    ]

    assert answers == [{"boiled": True}] * 3
    assert kitchen.count("kettles") == before + 1
