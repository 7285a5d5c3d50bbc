"""Making the calls of the table, one after the other, and saying what is missing in the answers."""

from collections.abc import Iterable, Iterator
from typing import Any

import requests
from jsonschema import Draft202012Validator

from tests.contract.kinds import schema_of
from tests.contract.table import SHAPES, Row, at, filled_in
from tests.contract.world import World
from tests.installations import V2, Installation


class Conversation:
    """With one version of the body."""

    def __init__(self, here: Installation, *, is_v2: bool) -> None:
        self.here, self.is_v2 = here, is_v2
        self.known = World(here)

    def problems(self, rows: Iterable[Row]) -> list[str]:
        return [
            f"{method} {path}: {problem}"
            for row in rows
            for method, path in row.ways()
            for problem in self._call(row, method, path)
        ]

    def _call(self, row: Row, method: str, path: str) -> list[str]:
        try:
            response = self._ask(row, method, path)
        except KeyError as error:
            return [f"nothing before has told {error}"]
        if response.status_code != row.status:
            return [f"{response.status_code} instead of {row.status}: {response.text[:300]}"]
        told = self._refused if row.refuses else self._told
        return list(told(row, response))

    def _ask(self, row: Row, method: str, path: str) -> requests.Response:
        user = self.known.get(f"token of {row.caller}")
        key = f"Bearer {self.here.key}"
        body = filled_in(row.says, self.known)
        return self.here.ask(
            method,
            filled_in(path, self.known),
            headers={
                "Authorization": f"{key}, User {user}" if user else key,
                "Accept": V2 if self.is_v2 else "*/*",
            },
            params=filled_in(row.asks, self.known),
            **({} if body is None else {"json": body}),
        )

    def _told(self, row: Row, response: requests.Response) -> Iterator[str]:
        answer = "nothing" if row.answer is None else row.answer
        if not response.content:
            is_right = row.answer is None and (row.status == 204 or not self.is_v2)
            yield from [] if is_right else ["an empty body"]
            return
        body = response.json()
        if row.bare or not (self.is_v2 or row.v1):
            data = body
        else:
            data = body["data"]
            around = (body["meta"], meta_of(row, data)) if self.is_v2 else (body, row.v1)
            yield from differences(*around)
        yield from differences(data, answer)
        holds = filled_in(row.holds, self.known)
        for one in data if isinstance(data, list) else [data]:
            yield from differences(one, holds)
        self.known |= {name: at(path, data) for name, path in row.keep.items()}

    def _refused(self, row: Row, response: requests.Response) -> Iterator[str]:
        """The same entry in both places of the envelope, or bare."""
        body = response.json()
        yield from differences(body, "v2 failure" if self.is_v2 else "v1 failure")
        entries = [body["errors"], *(body["meta"]["errors"] if self.is_v2 else [])]
        for entry in entries:
            told = {name: entry[name] for name in ("code", "id") if name in entry}
            if told != row.refuses:
                yield f"{told} instead of {row.refuses}"


def meta_of(row: Row, data: Any) -> str:
    """An object's is an empty array; strictly typed clients count on it."""
    return row.meta or ("[]" if isinstance(data, dict) else "any")


def differences(value: Any, kind: Any) -> list[str]:
    """Where a value is not of a kind, and how."""
    errors = Draft202012Validator(schema_of(kind, SHAPES)).iter_errors(value)
    return [f"{error.json_path}: {error.message[:300]}" for error in errors]
