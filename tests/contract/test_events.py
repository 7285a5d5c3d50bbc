"""What is really announced, against what is promised and what is understood."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from deploy import asyncapi
from deploy.services import SERVICES
from services.common.db import Database
from services.common.events import unseal
from services.common.migrate import migrate
from tests.contract.lives import CONTACT, SECRETS, Envelope, live
from tests.service.conftest import a_worker

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = Path(__file__).parent / "events"
WITHOUT_CONTACT = (
    "loyalty.",
    "auth.user_",
    "booking.proof_used",
    "booking.location_",
    "booking.service_",
    "booking.staff_",
    "booking.timetable_",
)


@pytest.fixture(scope="module")
def announced(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Envelope]:
    return live(tmp_path_factory.mktemp("life"))


def promised() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "asyncapi.yaml").read_text())
    return document


def names() -> list[str]:
    return [
        f"{service}.{event.type}" for service, told in asyncapi.events().items() for event in told
    ]


def example(name: str) -> Envelope:
    envelope: Envelope = json.loads((EXAMPLES / f"{name}.json").read_text())
    return envelope


def handlers() -> list[tuple[str, str, str]]:
    """(service, handler, event) of every subscription."""
    return [
        (service.name, handler, f"{source}.{event}")
        for service in SERVICES.values()
        for handler, (_, source, event) in service.subscriptions.items()
    ]


def timeless(envelope: Envelope) -> Envelope:
    """The envelope without what is new each time: its id and time, and that of a challenge."""
    plain = envelope | {"id": "", "time": ""}
    if envelope["source"] == "auth":
        data = {name: value for name, value in envelope["data"].items() if name != "challenge_id"}
        return plain | {"subject": envelope["subject"].split("/")[0], "data": data}
    return plain


def test_the_committed_document_is_the_one_that_is_made() -> None:
    assert (ROOT / "docs" / "asyncapi.yaml").read_text() == asyncapi.as_yaml(), (
        "run: python -m deploy.asyncapi > docs/asyncapi.yaml"
    )


def test_every_reference_in_the_document_leads_somewhere() -> None:
    document = promised()

    def look(part: Any) -> None:
        if isinstance(part, dict):
            if "$ref" in part:
                found = document
                for step in part["$ref"].removeprefix("#/").split("/"):
                    found = found[step]
            for inner in part.values():
                look(inner)
        elif isinstance(part, list):
            for inner in part:
                look(inner)

    look(document)


def test_every_event_is_in_the_document_with_its_way() -> None:
    document = promised()

    assert set(document["channels"]) == set(document["operations"]) == set(names())
    for name, channel in document["channels"].items():
        service, event = name.split(".")
        assert channel["address"] == event
        assert channel["bindings"]["amqp"]["exchange"]["name"] == f"{service}.events"


def test_every_event_is_announced_here_and_has_its_example(announced: dict[str, Envelope]) -> None:
    assert set(announced) == set(names())
    assert {path.stem for path in EXAMPLES.glob("*.json")} == set(names())


def test_every_event_is_explained_in_the_docs() -> None:
    text = (ROOT / "docs" / "events.md").read_text()

    assert [name for name in names() if f"`{name}`" not in text] == []


def test_every_field_is_explained_in_the_docs() -> None:
    text = (ROOT / "docs" / "events.md").read_text()
    schemas = promised()["components"]["schemas"].values()
    fields = {field for schema in schemas for field in schema["properties"]}

    assert {field for field in fields if f"`{field}`" not in text} == set()


def test_every_listener_is_named_in_the_docs() -> None:
    text = (ROOT / "docs" / "events.md").read_text()

    assert [each for each in handlers() if f"{each[0]} (`{each[1]}`)" not in text] == []


@pytest.mark.parametrize("name", names())
def test_what_is_announced_is_what_was_promised(name: str, announced: dict[str, Envelope]) -> None:
    document = promised()
    payload = document["components"]["messages"][name]["payload"]
    validator = jsonschema.Draft202012Validator(
        payload | {"components": document["components"]},
        format_checker=jsonschema.FormatChecker(["date-time"]),
    )

    validator.validate(announced[name])
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(announced[name] | {"data": {}})


@pytest.mark.parametrize("name", names())
def test_nothing_is_announced_that_was_not_promised(
    name: str, announced: dict[str, Envelope]
) -> None:
    service, event_type = name.split(".")
    [event] = [one for one in asyncapi.events()[service] if one.type == event_type]

    assert event.data_schema().validate(announced[name]["data"]) == {}


@pytest.mark.parametrize("name", names())
def test_the_example_is_still_what_is_announced(name: str, announced: dict[str, Envelope]) -> None:
    assert timeless(announced[name]) == timeless(example(name))


@pytest.mark.parametrize("name", names())
def test_personal_data_stand_in_contact_alone_and_secrets_nowhere(
    name: str, announced: dict[str, Envelope]
) -> None:
    envelope = announced[name]
    contact = envelope["data"].get("contact", {})
    told = {field: value for field, value in contact.items() if value is not None}
    assert told.items() <= CONTACT.items()
    assert name.startswith(WITHOUT_CONTACT) or contact

    rest = {**envelope, "data": {**envelope["data"], "contact": None}}
    text = json.dumps(rest, ensure_ascii=False)
    assert [value for value in CONTACT.values() if value in text] == []
    assert [value for value in SECRETS.values() if value in json.dumps(envelope)] == []


@pytest.mark.parametrize(("service", "handler", "event"), handlers())
def test_every_handler_accepts_what_is_announced(
    service: str, handler: str, event: str, announced: dict[str, Envelope], tmp_path: Path
) -> None:
    assert event in names(), f"{service}.{handler} waits for an event that nobody sends"
    for envelope in (announced[event], example(event)):
        handle_once(service, handler, envelope, tmp_path)


@pytest.mark.parametrize(("service", "handler", "event"), handlers())
def test_every_handler_passes_over_fields_that_are_added_later(
    service: str, handler: str, event: str, tmp_path: Path
) -> None:
    def with_more(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: with_more(value) for key, value in part.items()} | {"later": 1}
        return [with_more(each) for each in part] if isinstance(part, list) else part

    handle_once(service, handler, with_more(example(event)), tmp_path)


def handle_once(service: str, handler: str, envelope: Envelope, folder: Path) -> None:
    """Let the handler have its effect on a database of its own; what it raises fails the test."""
    url = f"sqlite:///{folder}/{service}.db"
    migrate(service, url)
    database = Database(url, service=service)
    handle, _source, _type = SERVICES[service].subscriptions[handler]
    with database.write() as session:
        handle(a_worker(SERVICES[service], database), session, unseal(envelope))
    database.dispose()
