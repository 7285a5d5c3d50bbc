"""Files as people's programs write them become rows, or are refused in a few words."""

import pytest

from deploy.csv_files import read_table
from services.common.imports import Report, Row, TableRefused

NOT_UTF8 = (
    "line 3 is not in utf-8; say which --encoding the file has, such as cp1252 (Western "
    "Europe) or cp1251 (Cyrillic), or save it as UTF-8"
)
FORMS: dict[str, tuple[bytes, list[str]]] = {
    "empty": (b"", ["the file is empty"]),
    "blank": (b" \r\n\r\n", ["the file is empty"]),
    "nothing but separators": (b",,,\n,,,\n", ["the file is empty"]),
    "heading alone": (b"name\n", ["the file has a heading and no rows"]),
    "a column that is none": (
        b"name,colour\nVera,red",
        ["row 1: colour: there is no such column; there are: name, position"],
    ),
    "a column that is missing": (b"position\n1", ["row 1: name: the column is missing"]),
    "a column twice": (b"name,Name\nA,B", ["row 1: name: the column is there 2 times"]),
    "too many cells": (
        b"name,position\nVera,Barber,x\nAnn,",
        [
            "row 2: 3 cells, where the heading has 2; a separator within a cell needs quotes",
        ],
    ),
    "an open quote": (
        b'name,position\nVera,"Barber\nAnn,',
        ["row 2: the quotes are not in order (unexpected end of data)"],
    ),
    "letters behind a quote": (
        b'name\nAnn\n"Ve"ra',
        ["row 3: the quotes are not in order (',' expected after '\"')"],
    ),
    "latin 1": (
        "name\nAnn\nZoé".encode("cp1252"),
        [NOT_UTF8],
    ),
    "utf-16": (
        "name\nZoé".encode("utf-16"),
        ["the file is in UTF-16; say --encoding utf-16, or save it as UTF-8"],
    ),
    "NUL": (
        b"name\nA\0nn",
        ["the file has NUL characters: it is no text, or in another encoding"],
    ),
}


def read(content: bytes, encoding: str = "utf-8") -> list[Row]:
    """The rows of a table with names that must be there, and positions."""
    report = Report()
    columns = {"columns": ["name", "position"], "required": ["name"]}
    rows = read_table(content, report, encoding=encoding, **columns)
    report.stop_if_refused()
    return rows


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_is_no_table_is_refused(form: str) -> None:
    content, problems = FORMS[form]

    with pytest.raises(TableRefused) as refused:
        read(content)
    assert [str(problem) for problem in refused.value.problems] == problems


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"name,position\nZo\xc3\xa9,Barber", "utf-8"),
        ("\ufeffname;position\r\nZoé;Barber\r\n\r\n".encode(), "utf-8"),
        ('"Name"\t" Position "\nZoé\t"Barber"'.encode(), "utf-8"),
        ("\nposition;name\nBarber ; Zoé".encode("cp1252"), "cp1252"),
        ("\ufeffname,position\nZoé,Barber".encode(), "UTF8"),
        (b"name,position,,\nZo\xc3\xa9,Barber,,\n,,,", "utf-8"),
        (b"name,position\nZo\xc3\xa9,Barber,,\n", "utf-8"),
        ("name;position\rZoé;Barber\r".encode("utf-16"), "utf-16"),
    ],
)
def test_files_of_many_programs_are_read(content: bytes, encoding: str) -> None:
    [row] = read(content, encoding)

    assert row.cells == {"name": "Zoé", "position": "Barber"}


def test_rows_are_counted_as_in_a_spreadsheet() -> None:
    rows = read(b'name,position\n\n"Ann\nor Zoe",\n,\nEve,"a, ""b"""')

    assert [(row.number, dict(row.cells)) for row in rows] == [
        (3, {"name": "Ann\nor Zoe"}),
        (5, {"name": "Eve", "position": 'a, "b"'}),
    ]
