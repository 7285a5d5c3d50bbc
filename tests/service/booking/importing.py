"""A business that has nothing yet, and tables to fill it with."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from deploy.importing import import_table
from services.booking.use_cases.businesses import create_business
from services.common.db import Database
from services.common.imports import Report, TableRefused
from tests.service.booking.conftest import Salon
from tests.service.conftest import NOW

SAMPLES = Path(__file__).resolve().parents[3] / "docs" / "import"
TABLES = ("locations", "services", "staff", "links", "schedules", "clients", "appointments")
ONE_PLACE: Mapping[str, str] = {
    "locations": "external_id,title,city,country_code,timezone,currency\n"
    "A,Salon,Paris,FR,Europe/Paris,EUR\n",
    "services": "external_id,category,title,duration_minutes,price\n"
    "cut,Hair,Cut,60,45\ncolour,Hair,Colour,90,80\n",
    "staff": "external_id,name\nolga,Olga\nmarc,Marc\n",
    "links": "staff,service\nolga,cut\nolga,colour\nmarc,cut\n",
    "schedules": "staff,weekday,opens,closes\n"
    "olga,mon|tue|wed|thu|fri,09:00,18:00\nmarc,mon|tue|wed|thu|fri,09:00,18:00\n",
}
"""A place in Paris where Olga and Marc work from 9 to 18 on weekdays."""
IDS = {"A": 1, "olga": 1, "marc": 2, "cut": 1, "colour": 2}


class Newcomer(Salon):
    """What comes from another program, at 8 o'clock in Paris on a Monday (the 3rd of June)."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            self.business_id = create_business(session, "Salon", now=NOW).id
        self.location_id = IDS["A"]

    def put(
        self, table: str, content: str | bytes, *, now: datetime = NOW, **options: Any
    ) -> Report:
        told = content.encode() if isinstance(content, str) else content
        return import_table(self.database, table, told, self.business_id, now=now, **options)

    def put_all(self, tables: Mapping[str, str]) -> None:
        for table, content in tables.items():
            self.put(table, content)

    def wrong(self, table: str, content: str | bytes, **options: Any) -> list[str]:
        """What is said of a table that is refused; nothing of it is there afterwards."""
        before = self.dump()
        problems = self.refused(table, content, **options)
        assert self.dump() == before
        return problems

    def refused(self, table: str, content: str | bytes, **options: Any) -> list[str]:
        """The same, where others write meanwhile."""
        with pytest.raises(TableRefused) as refused:
            self.put(table, content, **options)
        return [str(problem) for problem in refused.value.problems]


def counts(report: Report) -> tuple[int, int, int, int]:
    """How many are new, changed, as they are, left out."""
    return report.created, report.changed, report.same, report.skipped
