"""Reading JSON bodies: strictly, because services and databases cannot take everything."""

import json
import math
from typing import Any


class MalformedJson(ValueError):
    """The body is no JSON object or array that could be worked with."""


def read_json(raw: bytes) -> Any:
    """The body's value; an empty body is an empty object.

    MalformedJson for what is not UTF-8 or not JSON, for repeated keys, NaN and
    infinities, for strings that no database stores (NUL, lone surrogates), and
    for a value that is neither object nor array.
    """
    if not raw.strip():
        return {}
    try:
        value = json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_constant=_refuse,
            parse_float=_finite,
        )
        _check_strings(value)
    except (ValueError, RecursionError) as error:
        raise MalformedJson("malformed JSON") from error
    if not isinstance(value, dict | list):
        raise MalformedJson("neither an object nor an array")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise MalformedJson("a key is given twice")
    return value


def _finite(written: str) -> float:
    value = float(written)
    if not math.isfinite(value):
        raise MalformedJson("a number that is too large")
    return value


def _refuse(constant: str) -> None:
    raise MalformedJson(f"{constant} is not JSON")


def _check_strings(value: Any) -> None:
    if isinstance(value, str):
        value.encode()  # refuses lone surrogates
        if "\x00" in value:
            raise MalformedJson("NUL in a string")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_strings(key)
            _check_strings(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_strings(inner)
