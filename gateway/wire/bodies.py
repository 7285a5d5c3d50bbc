"""Reading JSON bodies: strictly, because services and databases cannot take everything."""

import json
import math
from typing import Any

DEEPEST = 20
MOST_VALUES = 10_000
LONGEST_NUMBER = 30


class MalformedJson(ValueError):
    """The body is no JSON object or array that could be worked with."""


def read_json(raw: bytes) -> Any:
    """The body's value; an empty body is an empty object.

    MalformedJson for what is not UTF-8 or not JSON, for repeated keys, NaN and
    infinities, for strings that no database stores (NUL, lone surrogates), for a
    value that is neither object nor array, and for what would only keep us busy:
    deep nesting, numbers of many digits, very many values.
    """
    if not raw.strip():
        return {}
    try:
        value = json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_constant=_refuse,
            parse_float=_finite,
            parse_int=_short,
        )
        _check(value)
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


def _short(written: str) -> int:
    if len(written) > LONGEST_NUMBER:
        raise MalformedJson("a number of too many digits")
    return int(written)


def _check(value: Any) -> None:
    """Level by level, so that depth and number are known before they matter."""
    level, values = [value], 0
    for _ in range(DEEPEST):
        values += len(level)
        if values > MOST_VALUES:
            raise MalformedJson("too many values")
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise MalformedJson("nested too deeply")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, str):
        value.encode()  # refuses lone surrogates
        if "\x00" in value:
            raise MalformedJson("NUL in a string")
    elif isinstance(value, dict):
        return [*value.keys(), *value.values()]
    elif isinstance(value, list):
        return value
    return []
