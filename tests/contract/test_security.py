"""``docs/security.md``: every test that it leans on is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = [
    line
    for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and line.count("|") == 4
]
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"(?m)^ *def (test_\w+)\(", path.read_text(encoding="utf-8"))
}
HOLDS = CLAIMS[CLAIMS.index("| claim | how | held by |") + 2 :]


def held_by(claim: str) -> list[str]:
    return re.findall(r"`(test_\w+)`", claim.split("|")[3])


def test_there_are_claims() -> None:
    assert len(HOLDS) > 30


@pytest.mark.parametrize("claim", [one for one in HOLDS if not one.startswith("| **")])
def test_every_claim_is_held_by_tests_that_there_are(claim: str) -> None:
    assert held_by(claim)
    assert set(held_by(claim)) <= TESTS
