"""What is not stored under its command's id must not be sent twice by the gateway."""

import ast
from collections.abc import Iterator
from pathlib import Path

from gateway.context import ONCE

SERVICES = Path(__file__).parents[2] / "services"
# The same code gives the same proof again; a wrong one counts twice at worst.
SAFE = {"prove_phone"}


def unstored() -> Iterator[str]:
    """Every way into a service whose answer is not kept."""
    for path in SERVICES.glob("*/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(map(is_unstored, node.decorator_list)):
                yield node.name


def is_unstored(decorator: ast.expr) -> bool:
    mark = ast.unparse(decorator)
    return mark.startswith("attempt(") or "is_stored=False" in mark


def test_the_gateway_sends_once_what_would_be_done_again() -> None:
    found = set(unstored())
    assert "staff_sign_in" in found
    assert found - SAFE == ONCE
