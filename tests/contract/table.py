"""The table of calls: what it says of each, and the names in braces that it uses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

CALLS = Path(__file__).parent / "calls"
PARTS = ("booking", "refusals", "cabinet", "administration")
NAME = re.compile(r"\{([^{}]+)\}")


class Once(yaml.SafeLoader):
    """Refuses a name that is given twice, of which YAML would keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [name.value for name, _ in node.value if name.value != "<<"]
        assert len(names) == len(set(names)), f"{node.start_mark}: a name is given twice"
        return super().construct_mapping(node, deep)


@dataclass(frozen=True)
class Row:
    """A call, and what is to come of it."""

    call: str
    also: list[str] = field(default_factory=list)
    caller: str = "partner"
    asks: dict[str, Any] = field(default_factory=dict)
    says: Any = None
    status: int = 200
    refuses: dict[str, int] = field(default_factory=dict)
    answer: Any = None
    holds: Any = "any"
    meta: str = ""
    v1: str = ""
    bare: bool = False
    keep: dict[str, str] = field(default_factory=dict)

    def ways(self) -> Iterator[tuple[str, str]]:
        """Method and path of every spelling."""
        for written in (self.call, *self.also):
            method, _, path = written.partition(" ")
            yield method, path if path.startswith("/api/") else f"/api/v1{path}"


def _row(told: dict[str, Any]) -> Row:
    return Row(**{{"as": "caller"}.get(name, name): value for name, value in told.items()})


def _read(name: str) -> Any:
    return yaml.load((CALLS / f"{name}.yaml").read_text(), Loader=Once)


SHAPES: dict[str, dict[str, Any]] = _read("shapes")
ROWS = [_row(told) for part in PARTS for told in _read(part)]
LEFT_OUT: list[dict[str, Any]] = _read("left_out")


def filled_in(told: Any, known: dict[str, Any]) -> Any:
    """The same with what the names in braces stand for; KeyError for one that is not known."""
    if isinstance(told, dict):
        return {name: filled_in(value, known) for name, value in told.items()}
    if isinstance(told, list):
        return [filled_in(value, known) for value in told]
    if not isinstance(told, str):
        return told
    if whole := NAME.fullmatch(told):
        return known[whole[1]]
    return NAME.sub(lambda name: str(known[name[1]]), told)


def at(path: str, value: Any) -> Any:
    """What stands there: «0.record_id»."""
    for step in path.split("."):
        value = value[int(step) if isinstance(value, list) else step]
    return value
