"""Every call of the table exists and answers with the contract's field names, in both bodies."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.exceptions import HTTPException

from gateway.access_table import ACCESS, Caller
from gateway.app import create_app
from services.common.config import Settings
from tests.contract.kinds import schema_of
from tests.contract.table import LEFT_OUT, NAME, ROWS, SHAPES, Row, at, filled_in
from tests.contract.world import World
from tests.installations import V2, Installation, embedded

THERE = [row for row in ROWS if not row.until]
CALLERS = {"partner": Caller.PARTNER, "client": Caller.CLIENT, "staff": Caller.STAFF}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("contract")
    with embedded(folder, PASSWORD_SIGN_IN="1", CACHE_SECONDS="0") as installation:
        yield installation


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(Settings(amqp_uri="memory://", rate_limits=False))


def no_route(app: Flask, row: Row) -> Iterator[str]:
    """The spellings of a call that nothing answers, or that its caller may not make."""
    routes = app.url_map.bind("localhost")
    for method, path in row.ways():
        try:
            endpoint, _ = routes.match(f"/api/v1{NAME.sub('1', path)}", method=method)
        except HTTPException:
            yield f"{method} {path}: no such route"
            continue
        if CALLERS[row.caller] not in ACCESS[endpoint].callers:
            yield f"{method} {path}: not for a {row.caller}"


def test_every_call_has_a_route_and_stands_in_the_access_table(app: Flask) -> None:
    assert [problem for row in THERE for problem in no_route(app, row)] == []


class Conversation:
    """The calls of the table one after the other, with one version of the body."""

    def __init__(self, here: Installation, *, is_v2: bool) -> None:
        self.here, self.is_v2 = here, is_v2
        self.known = World(here)

    def problems(self) -> list[str]:
        return [problem for row in THERE for problem in self._row(row)]

    def _row(self, row: Row) -> Iterator[str]:
        for method, path in row.ways():
            try:
                response = self._ask(row, method, path)
                if response.status_code != row.status:
                    raise ValueError(f"{response.status_code}: {response.text[:300]}")
                told = self._told(row, response)
            except (KeyError, ValueError) as error:
                yield f"{method} {path}: {error}"
                continue
            yield from (f"{method} {path}: {problem}" for problem in told)

    def _ask(self, row: Row, method: str, path: str) -> requests.Response:
        user = self.known.get(f"token of {row.caller}")
        known = f"Bearer {self.here.key}" + (f", User {user}" if user else "")
        headers = {"Authorization": known, "Accept": V2 if self.is_v2 else "*/*"}
        body = filled_in(row.says, self.known)
        return self.here.ask(
            method,
            filled_in(path, self.known).lstrip("/"),
            headers=headers,
            params=filled_in(row.asks, self.known),
            **({} if body is None else {"json": body}),
        )

    def _told(self, row: Row, response: requests.Response) -> Iterator[str]:
        if not response.content:
            if self.is_v2 and (row.answer is not None or row.meta):
                yield "an empty body"
            return
        body = response.json()
        if row.bare:
            yield from differences(body, row.answer)
            return
        data = body["data"] if self.is_v2 or row.v1 else body
        if self.is_v2:
            yield from differences(body["meta"], meta_of(row, data), "meta.")
        elif row.v1:
            yield from differences(body, row.v1)
        yield from differences(data, "nothing" if row.answer is None else row.answer)
        yield from self._held(row, data)
        self.known |= {name: at(path, data) for name, path in row.keep.items()}

    def _held(self, row: Row, data: Any) -> Iterator[str]:
        for one in data if isinstance(data, list) else [data]:
            if row.holds:
                yield from differences(one, row.holds)


def meta_of(row: Row, data: Any) -> str:
    """An object's is an empty array; strictly typed clients count on it."""
    return row.meta or ("[]" if isinstance(data, dict) else "any")


def differences(value: Any, kind: Any, where: str = "") -> list[str]:
    """Where a value is not of a kind, and how."""
    errors = Draft202012Validator(schema_of(kind, SHAPES)).iter_errors(value)
    return [f"{where}{error.json_path.lstrip('$.')}: {error.message[:300]}" for error in errors]


@pytest.mark.parametrize("version", ["v2", "v1"])
def test_every_answer_holds_what_the_contract_names(place: Installation, version: str) -> None:
    problems = Conversation(place, is_v2=version == "v2").problems()
    assert not problems, "\n" + "\n".join(problems)


def test_a_lost_field_would_be_noticed() -> None:
    whole = {"time": "9:00", "seance_length": 1, "session_length": 1, "sum_length": 1}
    moment = {"datetime": "2026-11-20T10:00:00+01:00"}
    assert differences({**whole, **moment}, "slot") == []
    assert differences(whole, "slot") == [": 'datetime' is a required property"]
    assert differences({**whole, "datetime": "2026-11-20T10:00:00Z"}, "slot")
    assert differences([], "list of slot") == []
    assert differences([], "some slot")


def test_what_is_left_out_says_why() -> None:
    assert all(one["calls"] and one["why"] for one in LEFT_OUT)
