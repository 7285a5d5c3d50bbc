"""Names of parameters: the many spellings that clients use for one thing.

Arrays come as ``service_ids[]=1``, ``service_ids[0]=1``, ``service_ids=1,2``;
a location is ``location_id``, ``company_id`` or ``salon_id``; names come in the
singular and the plural, in snake_case and in camelCase.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

FAMILIES = (
    ("location_id", "company_id", "salon_id"),
    ("group_id", "chain_id", "company_group_id", "salon_group_id"),
    ("staff_id", "team_member_id", "master_id"),
    ("record_id", "appointment_id"),
    ("good_id", "product_id"),
    ("seance_length", "session_length"),
    ("fullname", "fulname", "full_name"),
)
HEAD_OF = {name: family[0] for family in FAMILIES for name in family}
BRACKETS = re.compile(r"\[[^\]]*\]$")
CAPITAL = re.compile(r"(?<=[a-z0-9])[A-Z]")


def read_query(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """All values of each parameter, whatever brackets its name carries.

    A parameter without a value counts as not given, as clients mean it.
    """
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if value.strip():
            values.setdefault(BRACKETS.sub("", name), []).append(value)
    return values


def named(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What was given, under the names that are asked for.

    A name that was given itself keeps its value; otherwise the first alias counts.
    """
    by_meaning: dict[str, Any] = {}
    for name, value in given.items():
        by_meaning.setdefault(meaning(name), value)
    found = {}
    for name in names:
        if name in given:
            found[name] = given[name]
        elif meaning(name) in by_meaning:
            found[name] = by_meaning[meaning(name)]
    return found


def meaning(name: str) -> str:
    """The same word for every spelling of one parameter."""
    snake = CAPITAL.sub(lambda capital: f"_{capital[0].lower()}", name)
    if snake.endswith("_ids"):
        snake = snake[:-1]
    return HEAD_OF.get(snake, snake)
