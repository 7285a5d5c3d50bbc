"""The AsyncAPI document of the events: ``python -m deploy.asyncapi > docs/asyncapi.yaml``.

Made of the event classes and their schemas, so it says what is really sent.
"""

import importlib
import inspect
from typing import Any

import yaml
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from marshmallow import Schema

from services.common.config import SERVICES
from services.common.events import EnvelopeSchema, Event

ENVELOPE = "Envelope"
DESCRIPTION = """\
What the services tell each other, and whoever else wants to know.

Every event is the whole state of its subject after a change, with a version (`sequence`): write
it if it is newer than what you have. An event is delivered at least once, and nothing is promised
about order. Fields may be added; a change that would break a reader gets a new name, and both are
sent for a while. Personal data stand in `data.contact` and nowhere else.

`docs/events.md` says how to subscribe.
"""

Document = dict[str, Any]


def events() -> dict[str, tuple[type[Event], ...]]:
    """The events of every service that has any."""
    told = {
        service: importlib.import_module(f"services.{service}.events").EVENTS
        for service in SERVICES
    }
    return {service: classes for service, classes in told.items() if classes}


def document() -> Document:
    """The AsyncAPI 3.0 document."""
    channels: Document = {}
    operations: Document = {}
    messages: Document = {}
    for service, classes in events().items():
        for event in classes:
            name = f"{service}.{event.type}"
            channels[name] = _channel(service, event)
            operations[name] = _operation(name)
            messages[name] = _message(service, event)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Kabinet events",
            "version": "1.0.0",
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "broker": {
                "host": "localhost:5672",
                "protocol": "amqp",
                "protocolVersion": "0.9.1",
                "description": "RabbitMQ",
            }
        },
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": _schemas()},
    }


def _channel(service: str, event: type[Event]) -> Document:
    name = f"{service}.{event.type}"
    exchange = {"name": f"{service}.events", "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": event.type,
        "title": name,
        "description": _first_line(event),
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": {
            "amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"},
        },
    }


def _operation(name: str) -> Document:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        "bindings": {"amqp": {"deliveryMode": 2, "bindingVersion": "0.3.0"}},
    }


def _message(service: str, event: type[Event]) -> Document:
    special = {
        "source": {"const": service},
        "type": {"const": event.type},
        "data": {"$ref": f"#/components/schemas/{_name(event.data_schema)}"},
    }
    return {
        "name": event.type,
        "title": f"{service}.{event.type}",
        "summary": _first_line(event),
        "contentType": "application/json",
        "payload": {
            "allOf": [
                {"$ref": f"#/components/schemas/{ENVELOPE}"},
                {"type": "object", "properties": special},
            ]
        },
    }


def _schemas() -> Document:
    """Every schema that an event is made of, as JSON Schema."""
    spec = APISpec("", "", "3.1.0", plugins=[MarshmallowPlugin(schema_name_resolver=_name)])
    spec.components.schema(ENVELOPE, schema=EnvelopeSchema)
    for classes in events().values():
        for schema in dict.fromkeys(event.data_schema for event in classes):
            if _name(schema) not in spec.components.schemas:
                spec.components.schema(_name(schema), schema=schema)
                spec.components.schemas[_name(schema)]["description"] = _first_line(schema)
    schemas: Document = spec.to_dict()["components"]["schemas"]
    for schema in schemas.values():
        # A reader must be ready for fields that are added later.
        schema.pop("additionalProperties", None)
    return schemas


def _name(schema: Schema | type[Schema] | str) -> str:
    """Such as booking.Contact: each service may have a schema of that name."""
    if schema in (EnvelopeSchema, ENVELOPE):
        return ENVELOPE
    cls = resolve_schema_cls(schema)
    assert isinstance(cls, type), "a name that several schemas share"
    service = cls.__module__.split(".")[1]
    return f"{service}.{cls.__name__.removesuffix('Schema')}"


def _first_line(described: type) -> str:
    return inspect.cleandoc(described.__doc__ or "").splitlines()[0]


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks, and no references inside the file but those of AsyncAPI."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def as_yaml() -> str:
    """The document as it is committed."""
    head = "# Made by `python -m deploy.asyncapi > docs/asyncapi.yaml`; do not edit.\n"
    body: str = yaml.dump(
        document(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    return head + body


if __name__ == "__main__":
    print(as_yaml(), end="")
