"""Reading CSV files as people's programs write them."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator

from services.common.imports import Remark, Report, Row, TableRefused

DELIMITERS = ",;\t"
BYTE_ORDER_MARK = "\ufeff"


def read_table(
    content: bytes,
    report: Report,
    *,
    columns: Collection[str],
    required: Collection[str],
    encoding: str,
) -> list[Row]:
    """The rows below the heading; TableRefused when they cannot be told apart.

    The heading says which columns there are, in any order; it also tells commas from
    semicolons. Rows that are empty are passed over, as are empty columns at the end.
    """
    text = _decoded(content, encoding)
    if not text.strip():
        raise _refused("the file is empty")
    lines = _records(text, _delimiter(text, columns))
    heading = next((cells for _, cells in lines if any(cells)), None)
    if heading is None:
        raise _refused("the file is empty")
    names = [_name(cell) for cell in _without_empty_end(heading)]
    if problems := list(_problems_of(names, columns, required)):
        raise TableRefused(problems)
    rows = []
    for number, row in lines:
        cells = _without_empty_end(row, least=len(names))
        if len(cells) == len(names):
            told = {name: cell for name, cell in zip(names, cells, strict=True) if cell}
            rows.append(Row(number, told))
        elif any(cells):
            reason = f"{len(cells)} cells, where the heading has {len(names)}"
            report.refuse(number, "", f"{reason}; a separator within a cell needs quotes")
    rows = [row for row in rows if row.cells]
    if not rows and not report.problems:
        raise _refused("the file has a heading and no rows")
    return rows


def _decoded(content: bytes, encoding: str) -> str:
    is_utf8 = codecs.lookup(encoding).name == "utf-8"
    if is_utf8 and content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _refused("the file is in UTF-16; say --encoding utf-16, or save it as UTF-8")
    try:
        text = content.decode(encoding).removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refused(
            f"line {line} is not in {encoding}; say which --encoding the file has, "
            "such as cp1252 (Western Europe) or cp1251 (Cyrillic), or save it as UTF-8"
        ) from None
    if "\0" in text:
        raise _refused("the file has NUL characters: it is no text, or in another encoding")
    return text


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row's number in a spreadsheet, and its cells without spaces around them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        reason = f"the quotes are not in order ({error})"
        raise TableRefused([Remark(number + 1, "", reason)]) from None


def _without_empty_end(cells: list[str], least: int = 0) -> list[str]:
    """Without the empty cells behind the last that says something, but so many at least."""
    last = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
    return cells[: max(last, least)]


def _delimiter(text: str, columns: Collection[str]) -> str:
    """The one with which the heading has the most of our columns."""
    heading = text.lstrip().splitlines()[0]

    def known(delimiter: str) -> int:
        return sum(_name(cell.strip('" ')) in columns for cell in heading.split(delimiter))

    return max(DELIMITERS, key=known)


def _name(cell: str) -> str:
    return cell.strip().lower().replace(" ", "_")


def _problems_of(
    names: list[str], columns: Collection[str], required: Collection[str]
) -> Iterator[Remark]:
    for name, times in Counter(names).items():
        if name not in columns:
            known = ", ".join(columns)
            yield Remark(1, name or "(no name)", f"there is no such column; there are: {known}")
        elif times > 1:
            yield Remark(1, name, f"the column is there {times} times")
    for name in required:
        if name not in names:
            yield Remark(1, name, "the column is missing")


def _refused(reason: str) -> TableRefused:
    return TableRefused([Remark(0, "", reason)])
