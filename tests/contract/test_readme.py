"""What the documents say for people to type and to look up."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"\s#\s")
DOCUMENTS = [ROOT / name for name in ("README.md", "docs/events.md")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_is_to_be_typed_has_no_comments_behind_it(document: Path) -> None:
    """A shell that is typed into may take them for arguments, as zsh does."""
    lines = "".join(BLOCK.findall(document.read_text())).splitlines()

    assert lines
    assert [line for line in lines if COMMENT.search(line)] == []


def test_the_readme_leads_to_every_page() -> None:
    readme = (ROOT / "README.md").read_text()
    pages = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}

    assert {page for page in pages if f"({page})" not in readme} == set()


def test_the_glossary_says_each_word_once() -> None:
    words = Counter[str]()
    for line in (ROOT / "docs/glossary.md").read_text().splitlines():
        cells = line.split("|")
        if line.startswith("|") and not cells[1].strip().startswith(("---", "ours")):
            words.update(word.strip() for word in cells[1].partition(":")[0].split(","))

    assert [word for word, times in words.items() if times > 1] == []
