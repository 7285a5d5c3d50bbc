"""What the pages behind a letter's link say; written in the json files of page_texts."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

PURPOSES = {
    "confirm": "prove_email",
    "password": "reset_password",
    "invitation": "invite_staff",
    "staff-password": "reset_staff_password",
}
"""The last step of each page's path, and what its link is for."""


@dataclass(frozen=True)
class Words:
    """``text`` names the address with ``{email}``; ``label`` stands at the password's field."""

    title: str
    text: str
    label: str
    button: str
    done: str


@dataclass(frozen=True)
class Common:
    """What all of them say."""

    name: str
    refused: str


def words_of(kind: str, language: str) -> Words:
    return Words(**_texts(language)[kind])


def common_words(language: str) -> Common:
    return Common(**_texts(language)["common"])


@cache
def _texts(language: str) -> dict[str, Any]:
    source = resources.files(__package__).joinpath("page_texts", f"{language}.json")
    loaded: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return loaded
