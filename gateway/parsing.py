"""Reading requests: what reaches a schema, and how its complaints get out."""

from typing import Any, NoReturn

from flask import Request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge

from gateway.wire.bodies import MalformedJson, read_json
from gateway.wire.parameters import read_query
from services.common.errors import Invalid

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class ContractParser(FlaskParser):
    """Queries and JSON bodies as the contract's clients write them; credentials in any way."""

    __location_map__ = {**FlaskParser.__location_map__, "credentials": "load_credentials"}

    def load_querystring(self, req: Request, schema: Schema) -> dict[str, list[str]]:
        if b"%00" in req.query_string or b"\x00" in req.query_string:
            raise Invalid("field_invalid", fields={"query": "field_invalid"})
        return read_query(req.args.items(multi=True))

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body; refused when it is said to be something else than JSON."""
        raw = _raw_body(req)
        # Of no body nothing is said, and some servers fill that in.
        if raw and req.mimetype and not (req.mimetype == "application/json" or req.is_json):
            raise Invalid("content_type_unsupported")
        try:
            return read_json(raw)
        except MalformedJson as error:
            raise Invalid("json_malformed", fields={"body": str(error)}) from error

    def load_credentials(self, req: Request, schema: Schema) -> Any:
        """A JSON body or a form; what is not in it may stand in the query."""
        query = self.load_querystring(req, schema)
        named = {name: values[-1] for name, values in query.items()}
        if req.mimetype in FORMS:
            return named | _form(req)
        body = self.load_json(req, schema)
        return named | body if isinstance(body, dict) else body

    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Any,
    ) -> NoReturn:
        """Without the location, under which webargs puts the messages."""
        [messages] = error.normalized_messages().values()
        raise ValidationError(messages) from error


def _form(req: Request) -> dict[str, str]:
    form = {name: values[-1] for name, values in req.form.lists()}
    if any("\x00" in text for pair in form.items() for text in pair):
        raise Invalid("field_invalid", fields={"body": "field_invalid"})
    return form


def _raw_body(req: Request) -> bytes:
    """The bytes of the body. One sent in chunks has no length that could be checked first."""
    if req.content_length is not None:
        return req.get_data(cache=False)
    # Not every server says that such a body ends by itself.
    req.environ["wsgi.input_terminated"] = "chunked" in req.headers.get("Transfer-Encoding", "")
    raw = req.get_data(cache=False)
    # It is cut off there.
    if len(raw) >= (req.max_content_length or 0):
        raise RequestEntityTooLarge
    return raw
