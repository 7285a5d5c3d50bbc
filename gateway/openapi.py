"""The OpenAPI document: made of the schemas that validate, and of the access table."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import Schema
from werkzeug.routing import IntegerConverter, Map, Rule

from gateway.callers import Access, Caller, Table
from gateway.context import METHODS_WITH_KEYS
from gateway.parsing import ContractParser
from gateway.wire import documents as doc
from gateway.wire import shapes
from gateway.wire.fields import MAX_ID
from gateway.wire.staff_users import SLUGS
from services.common.config import Settings

PATH_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
DESCRIPTION = """\
The public HTTP API for the clients of a business and for its desk (appointments, hours): it speaks
the Altegio-compatible contract. To try a call here, press *Authorize* and enter a partner key, such
as the one that `make run` prints.

**Two bodies.** With `Accept: application/vnd.api.v2+json` (or `application/vnd.yclients.v2+json`)
an answer is `{success, data, meta}`; without it, it is the bare v1 body. Both are described as
alternatives of each answer. The content type is `application/json` either way.

**Errors** carry the contract's number (`code`), a text in the language of `Accept-Language`, our
own stable code (`reason`), and `id`, your handle of the visit, where one is to blame.

**Who calls.** `Authorization: Bearer <partner key>`, and for what belongs to a person
`Bearer <partner key>, User <user_token>`. Clients sign in with a code sent to their phone
(`book_code`, then `user/auth`), staff with a password (`auth`). An appointment is also opened by
its hash, without signing in.

**Versions.** An answer that is one appointment carries its version as `ETag`; a change with
`If-Match` is refused with 409 when somebody else was faster.

**Names.** A location is `company_id`, `location_id` or `salon_id`; arrays may be written
`service_ids[]=1`, `service_ids[0]=1` or `service_ids=1,2`; paths may end with a slash.
"""


class ErrorEntrySchema(Schema):
    """What went wrong."""

    code = doc.whole("The contract's number, else the HTTP status", example=433)
    message = doc.text("For people", example="This time has just been taken.")
    reason = doc.text("Stable code", example="slot_taken")
    id = doc.whole("Your handle of the visit it is about")
    fields = doc.mapping("{field: [texts]}")  # type: ignore[assignment]  # marshmallow allows it
    request_id = doc.text("With defects: quote it when you report one")

    def on_bind_field(self, field_name: str, field_obj: Any) -> None:
        field_obj.required = field_name in ("code", "message", "reason")


class FailureMetaSchema(doc.Answer):
    message = doc.text()
    errors = doc.many(ErrorEntrySchema)


class V1ErrorSchema(doc.Answer):
    """A failure without the envelope."""

    errors = doc.one(ErrorEntrySchema)


class V2ErrorSchema(V1ErrorSchema):
    """A failure in the envelope; the entry stands in both places."""

    success = doc.flag()
    data = doc.either({"type": "null"})
    meta = doc.one(FailureMetaSchema)


class IdConverter(IntegerConverter):
    """A positive id that fits into a database."""

    def __init__(self, map: Map, min: int = 1) -> None:
        super().__init__(map, min=min, max=MAX_ID)


class Routes(Blueprint):
    """Routes of the contract: tolerant parsing, both bodies documented."""

    ARGUMENTS_PARSER = ContractParser()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING = {
        **Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING,
        "credentials": "application/json",
    }

    def arguments(self, schema: type[Schema] | Schema, **told: Any) -> Callable[[Any], Any]:
        """Read and document what a request says; the schema is made once, not for each request."""
        made = schema if isinstance(schema, Schema) else schema()
        reading: Callable[[Any], Any] = super().arguments(made, **told)
        return reading

    def answers(
        self,
        schema: type[Schema],
        *,
        status: int = 200,
        many: bool = False,
        meta: dict[str, Any] = doc.EMPTY_ARRAY,
        headers: dict[str, Any] | None = None,
    ) -> Callable[[Any], Any]:
        """Document both bodies of a success; the function itself returns a finished response."""
        body: Any = {"type": "array", "items": schema} if many else schema
        both = {"oneOf": [shapes.envelope(body, meta), body]}
        return self.answers_bare(both, status=status, headers=headers)

    def answers_page(self, schema: type[Schema], kind: shapes.Page) -> Callable[[Any], Any]:
        """Document both bodies of a page; in v1 the numbers stand beside the data."""
        data = {"type": "array", "items": schema}
        bare = {
            "type": "object",
            "required": [*kind.bare, "data"],
            "properties": {**kind.bare, "data": data},
        }
        return self.answers_bare({"oneOf": [shapes.envelope(data, kind.meta), bare]})

    def answers_nothing(
        self, *, status: int, meta: dict[str, Any] = doc.EMPTY_ARRAY
    ) -> Callable[[Any], Any]:
        """Document a success without data; its v1 body is empty, and a 204 has none."""
        if status == 204:
            documented: Callable[[Any], Any] = self.response(status, description="Done")
            return documented
        return self.answers_bare(shapes.envelope({"type": "null"}, meta), status=status)

    def answers_bare(
        self, body: dict[str, Any], *, status: int = 200, headers: dict[str, Any] | None = None
    ) -> Callable[[Any], Any]:
        """Document an answer that knows no envelope."""
        documented: Callable[[Any], Any] = self.response(status, body, headers=headers)
        return documented

    def takes_version(self, function: Any) -> Any:
        """Document that the route refuses to change what is not at the version named."""
        return self.doc(parameters=[shapes.IF_MATCH])(function)


class ContractApi(Api):
    """flask-smorest without its own error bodies."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Ours are registered elsewhere."""


def create_api(app: Flask, settings: Settings) -> Api:
    app.config.update(
        API_TITLE="Kabinet", API_VERSION="v1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None
    )
    app.url_map.converters["id"] = IdConverter
    return ContractApi(
        app,
        spec_kwargs={
            "info": {"description": DESCRIPTION, "license": {"name": "Apache-2.0"}},
            "servers": [{"url": settings.public_url or "/"}],
        },
    )


SECURITY_SCHEMES = {
    "partner": {
        "type": "http",
        "scheme": "bearer",
        "description": "The partner key: `Authorization: Bearer <key>`",
    },
    "user": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "With a user's token, whole: `Bearer <key>, User <user_token>`",
    },
}
HEADERS: dict[str, dict[str, Any]] = {
    "Accept-Language": {"description": "Language of texts", "schema": {"type": "string"}},
    "Idempotency-Key": {
        "description": "The same key and body within 24 h get the same answer, once carried out",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    },
}
FAILURES = {
    "401": "No partner key or user token, or an unknown one",
    "403": "Not allowed",
    "404": "No such thing",
    "422": "Refused: see `code` and `reason`",
    "429": "Too often: try again after `Retry-After` seconds",
    "503": "Not carried out, nothing changed: try again",
    "504": "No answer in time: unknown whether it happened",
}
OLD_VERSION = "The version is an old one"
FAILURES_OF_BODIES = {
    "400": "Malformed JSON",
    "409": f"The same Idempotency-Key is being worked on. {OLD_VERSION}",
    "413": "Larger than 1 MiB",
    "415": "Not JSON",
}
TAKEN = {
    "code": 433,
    "message": "This time has just been taken. Please choose another.",
    "id": 1,
    "reason": "slot_taken",
}
FAILURE: dict[str, Any] = {
    "description": "A failure, in the envelope or bare.",
    "oneOf": [{"$ref": "#/components/schemas/V2Error"}, {"$ref": "#/components/schemas/V1Error"}],
    "examples": [
        {
            "success": False,
            "data": None,
            "meta": {"message": TAKEN["message"], "errors": [TAKEN]},
            "errors": TAKEN,
        },
        {"errors": TAKEN},
    ],
}


def document(api: Api, app: Flask, table: Table) -> dict[str, Any]:
    """The whole document, with who may call what and the failures that any call can meet."""
    api.spec.components.schema("V1Error", schema=V1ErrorSchema)
    api.spec.components.schema("V2Error", schema=V2ErrorSchema)
    api.spec.components.schema("Failure", FAILURE)
    told: dict[str, Any] = deepcopy(api.spec.to_dict())
    told["components"]["securitySchemes"] = SECURITY_SCHEMES
    told["components"].pop("responses", None)
    for rule in app.url_map.iter_rules():
        path = told["paths"].get(PATH_ARGUMENT.sub(r"{\1}", rule.rule), {})
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}:
            if operation := path.get(method.lower()):
                _complete(operation, method, rule, table)
    return told


def security(access: Access) -> list[dict[str, Any]]:
    """The schemes that open a route to its callers."""
    schemes = []
    if Caller.PARTNER in access.callers:
        schemes.append("partner")
    if access.takes_users:
        schemes.append("user")
    return [{scheme: []} for scheme in schemes]


def _complete(operation: dict[str, Any], method: str, rule: Rule, table: Table) -> None:
    operation["operationId"] = rule.endpoint.replace(".", "_")
    # Another tool's idea of a 422.
    operation["responses"].pop("422", None)
    access = table[rule.endpoint]
    if Caller.NONE in access.callers:
        operation["security"] = []
        met = ["422"] if operation.get("parameters") else []
        met += ["404"] if rule.arguments else []
        operation["responses"] |= {status: _failure(FAILURES[status]) for status in met}
        return
    operation["security"] = security(access)
    operation["x-scopes"] = sorted(access.scopes)
    if access.permission is not None:
        operation["x-permission"] = SLUGS[access.permission]
    takes_body = method in METHODS_WITH_KEYS
    takes_key = takes_body and access.callers != {Caller.PARTNER}
    failures = FAILURES | (FAILURES_OF_BODIES if takes_body else {})
    if method == "DELETE":
        failures = {"409": "Not as things stand"} | failures
    if shapes.IF_MATCH in operation.get("parameters", []) and not takes_body:
        failures = failures | {"409": OLD_VERSION}
    names = ["Accept-Language", *(["Idempotency-Key"] if takes_key else [])]
    operation.setdefault("parameters", []).extend(
        {"name": name, "in": "header", **HEADERS[name]} for name in names
    )
    operation["responses"] |= {status: _failure(about) for status, about in failures.items()}


def _failure(about: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}}
    return {"description": about, "content": content}
