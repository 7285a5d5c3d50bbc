"""Reading requests: what reaches a schema, and how its complaints get out."""

from typing import Any, NoReturn

from flask import Request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge

from gateway.wire.bodies import MalformedJson, read_json
from gateway.wire.parameters import read_query
from services.common.errors import Invalid


class ContractParser(FlaskParser):
    """Queries and JSON bodies as the contract's clients write them."""

    def load_querystring(self, req: Request, schema: Schema) -> dict[str, list[str]]:
        if b"%00" in req.query_string or b"\x00" in req.query_string:
            raise Invalid("field_invalid", fields={"query": "field_invalid"})
        return read_query(req.args.items(multi=True))

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body; refused when it is said to be something else than JSON."""
        if req.mimetype and not (req.mimetype == "application/json" or req.is_json):
            raise Invalid("content_type_unsupported")
        try:
            return read_json(_raw_body(req))
        except MalformedJson as error:
            raise Invalid("json_malformed", fields={"body": str(error)}) from error

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
