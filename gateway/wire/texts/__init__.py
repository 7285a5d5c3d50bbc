"""Texts for people, one for each error code and language; written in the json files here."""

import json
from functools import cache
from importlib import resources
from typing import Any

from services.common.languages import DEFAULT


class _Gaps(dict[str, Any]):
    """A text is better with an unfilled gap than not at all."""

    def __missing__(self, name: str) -> str:
        return "…"


@cache
def texts(locale: str) -> dict[str, str]:
    source = resources.files(__package__).joinpath(f"{locale}.json")
    loaded: dict[str, str] = json.loads(source.read_text(encoding="utf-8"))
    return loaded


def text(code: str, locale: str, params: dict[str, Any] | None = None) -> str | None:
    """The text of a code with its gaps filled; None when nobody wrote one."""
    written = texts(locale).get(code) or texts(DEFAULT).get(code)
    return written.format_map(_Gaps(params or {})) if written else None
