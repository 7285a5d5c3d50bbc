"""Importing a client base. There may be very many: nothing here asks or writes one by one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from services.booking.domain.people import Gender, Importance, search_text
from services.booking.events import ClientChanged
from services.booking.models import BlacklistEntry, Client, ClientLabel
from services.booking.models.clients import NAMES, OTHERS
from services.booking.use_cases.clients import is_same_name
from services.booking.use_cases.imports.reading import (
    Line,
    Places,
    Twins,
    in_chunks,
    phone_of,
)
from services.booking.use_cases.locks import lock_business
from services.common.calls import Call
from services.common.db import insert_into, table_of
from services.common.imports import Report
from services.common.outbox import announce_all

CLIENTS = table_of(Client)
Known = dict[str, Any]
"""A row of the table of clients."""

NOTHING: Known = {
    column.name: column.default.arg
    for column in CLIENTS.c
    if isinstance(column.default, ScalarElementColumnDefault)
}
"""What is known of a client of whom nothing is told."""


def prepare_clients(lines: Sequence[Line], places: Places, report: Report) -> list[Line]:
    """With their phones in one form, which takes long; read as numbers of their country."""
    country = places.country
    prepared = []
    for line in report.progress(lines, "Phones"):
        told = dict(line.facts)
        of = told.pop("country_code", country)
        if "phone" in told:
            told["phone"] = phone_of(line, "phone", of, report, told["phone"])
        elif "external_id" not in told:
            reason = "must not be empty without a phone: by what would a second import know them?"
            report.refuse(line.number, "external_id", reason)
        prepared.append(Line(line.number, told))
    return prepared


def import_clients(
    session: Session, business_id: int, lines: Sequence[Line], report: Report, call: Call
) -> None:
    """Add these people to the client base, and change those who are in it.

    Who was deleted is there again. Phone and e-mail of somebody with an account are theirs
    to change: they stay, which is noted.
    """
    lock_business(session, business_id)
    base = ClientBase(session, business_id, lines)
    twins, new, changed = Twins(report), list[Known](), list[Known]()
    for line in lines:
        known = base.find(line)
        if _is_twin(twins, line, known):
            continue
        told = _facts(line)
        if known is None:
            base.refuse_anothers_phone(line, report)
            new.append(searchable({**NOTHING, "business_id": business_id, **told}, call))
            continue
        told = base.allowed(line, known, told, report)
        if all(known[name] == value for name, value in told.items()):
            report.same += 1
        else:
            told["version"] = known["version"] + 1
            changed.append(searchable({**known, **told}, call))
    report.stop_if_refused()
    report.created, report.changed = len(new), len(changed)
    add_clients(session, new, report, call)
    change_clients(session, changed)
    announce_all(session, events_of(session, new, changed, report))


class ClientBase:
    """Those in the client base whom the rows may mean."""

    def __init__(self, session: Session, business_id: int, lines: Sequence[Line]) -> None:
        self._by_id: dict[str, Known] = {}
        self._by_phone: dict[str, list[Known]] = defaultdict(list)
        for column, keep in (("external_id", self._keep), ("phone", self._keep_phone)):
            told = {line.facts[column] for line in lines if line.facts.get(column)}
            names = CLIENTS.c.api_id if column == "external_id" else CLIENTS.c.phone
            for keys in in_chunks(told):
                rows = session.execute(
                    select(CLIENTS)
                    .where(CLIENTS.c.business_id == business_id, names.in_(keys))
                    .order_by(CLIENTS.c.id)
                    .with_for_update(key_share=True)
                )
                for row in rows:
                    keep(dict(row._mapping))

    def _keep(self, known: Known) -> None:
        self._by_id[known["api_id"]] = known

    def _keep_phone(self, known: Known) -> None:
        self._by_phone[known["phone"]].append(known)

    def find(self, line: Line) -> Known | None:
        """Whom a row means: by the external id, else by the phone, as the desk does.

        Somebody with an account and that phone is meant if the name is theirs, too.
        """
        external_id, phone = line.facts.get("external_id"), line.facts.get("phone")
        if external_id in self._by_id:
            return self._by_id[external_id]
        with_phone = [
            known
            for known in self._by_phone.get(phone or "", ())
            if external_id is None or known["api_id"] in (None, external_id)
        ]
        for known in with_phone:
            if known["user_id"] and is_same_name(known["name"], line.facts.get("name", "")):
                return known
        return next((known for known in with_phone if not known["user_id"]), None)

    def allowed(self, line: Line, known: Known, told: Known, report: Report) -> Known:
        """What of the facts may be changed of somebody who is there already."""
        told = {**told, "deleted_at": None}
        if known["user_id"] is not None:
            for name in ("phone", "email"):
                if name in told and known[name] not in (None, told[name]):
                    report.note(line.number, name, "kept: it is of the client's own account")
                    del told[name]
        else:
            self.refuse_anothers_phone(line, report, known["id"])
        return told

    def refuse_anothers_phone(self, line: Line, report: Report, but: int | None = None) -> None:
        """Of those without an account only one can have a phone."""
        with_phone = self._by_phone.get(line.facts.get("phone", ""), ())
        if any(other["id"] != but and other["user_id"] is None for other in with_phone):
            report.refuse(line.number, "phone", "another client of the business has it")


def _is_twin(twins: Twins, line: Line, known: Known | None) -> bool:
    """Whether an earlier row had the same external id or phone, or meant the same client."""
    keys = [(name, line.facts.get(name)) for name in ("external_id", "phone")]
    if known is not None:
        keys.append(("external_id", known["id"]))
    return any(value is not None and twins.are(line, name, (name, value)) for name, value in keys)


def _facts(line: Line) -> Known:
    told = dict(line.facts)
    if (external_id := told.pop("external_id", None)) is not None:
        told["api_id"] = external_id
    for name, kind in (("gender", Gender), ("importance", Importance)):
        if name in told:
            told[name] = kind(told[name])
    return told


def searchable(client: Known, call: Call) -> Known:
    parts = ([client.get(name) for name in part] for part in (NAMES, OTHERS))
    return {**client, "search_text": search_text(*parts), "changed_at": call.now}


def add_clients(session: Session, new: Sequence[Known], report: Report, call: Call) -> None:
    every = {column.name: None for column in CLIENTS.c if column.name != "id"}
    statement = insert(CLIENTS).returning(CLIENTS.c.id, sort_by_parameter_order=True)
    for rows in report.progress(list(in_chunks(new)), "Writing"):
        for row in rows:
            row.setdefault("created_at", call.now)
        ids = session.scalars(statement, [{**every, "custom_fields": {}, **row} for row in rows])
        for row, client_id in zip(rows, ids, strict=True):
            row["id"] = client_id


def change_clients(session: Session, changed: Sequence[Known]) -> None:
    """Write whole rows over those with their ids: many in one statement."""
    statement = insert_into(session, CLIENTS)
    columns = {column.name for column in CLIENTS.c} - {"id", "business_id", "created_at"}
    statement = statement.on_conflict_do_update(
        index_elements=["id"], set_={name: statement.excluded[name] for name in columns}
    )
    for rows in in_chunks(changed):
        session.execute(statement, rows)


def events_of(
    session: Session, new: Sequence[Known], changed: Sequence[Known], report: Report
) -> Iterable[ClientChanged]:
    """How all of them are now; only of those who were there staff may have said more."""
    labels: dict[int, list[int]] = defaultdict(list)
    blocked: set[int | None] = set()
    for ids in in_chunks(row["id"] for row in changed):
        for client_id, label_id in session.execute(
            select(ClientLabel.client_id, ClientLabel.label_id)
            .where(ClientLabel.client_id.in_(ids))
            .order_by(ClientLabel.label_id)
        ):
            labels[client_id].append(label_id)
        entries = select(BlacklistEntry.client_id).where(BlacklistEntry.client_id.in_(ids))
        blocked.update(session.scalars(entries))
    for row in report.progress([*new, *changed], "Telling"):
        client_id = row["id"]
        yield ClientChanged.of(
            Client(**{"user_id": None, "phone": None, "email": None, "deleted_at": None} | row),
            label_ids=labels.get(client_id, []),
            is_blocked=client_id in blocked,
        )
