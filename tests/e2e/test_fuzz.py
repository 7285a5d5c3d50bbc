"""Every operation of /openapi.json, called with whatever its schema allows, and forbids.

Nothing is a 5xx, and no answer is outside its schema, whoever calls.
"""

import random
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation

from tests.e2e.test_main_job import code_for
from tests.installations import V2, Installation, a_phone, a_record, embedded

FuzzedCase = tuple[Case, dict[str, str]]
"""A call, and the header that asks for one of the two bodies."""

CALLERS = ("none", "partner", "client", "staff")
A_FEW, MANY = 4, 150
# What is refused for what it means, not for how it is written, is refused as 422.
REFUSALS = ["2xx", "400", "401", "403", "404", "409", "422", "429"]
ENDS_SESSIONS = re.compile(r"/user/session|/password")
# After these nobody would be let in any more, or nothing would be left to ask about.
LOCKS_EVERYBODY_OUT = re.compile(
    r"(DELETE|PUT|POST) /api/v1/.*(partner_key|secret)|DELETE /api/v1/company/{company_id}$"
)


class Fuzzed:
    """An installation with something in it, and callers of every kind."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.schema = schemathesis.openapi.from_url(f"{installation.base_url}/openapi.json")
        self.schema.config.checks.positive_data_acceptance.expected_statuses = REFUSALS
        # Who calls is said here; names that a query does not know are ignored, as documented.
        self.schema.config.generation.with_security_parameters = False
        self.schema.config.generation.allow_extra_parameters = False
        self._tokens = {"staff": installation.staff_token()}
        self.ids = self._ids()

    def operations(self) -> list[APIOperation]:
        found = [operation.ok() for operation in self.schema.get_all_operations()]
        assert len(found) > 40
        found = [one for one in found if not LOCKS_EVERYBODY_OUT.match(one.label)]
        return sorted(found, key=lambda operation: bool(ENDS_SESSIONS.search(operation.label)))

    def headers(self, caller: str) -> dict[str, str]:
        if caller == "none":
            return {}
        if caller == "partner":
            return {"Authorization": f"Bearer {self.installation.key}"}
        return {"Authorization": f"Bearer {self.installation.key}, User {self._token(caller)}"}

    def _token(self, caller: str) -> str:
        """Of a client one that is good: among what is called is the end of their session."""
        if caller == "client" and not self._is_good(self._tokens.get("client", "none")):
            self._tokens["client"] = self._sign_in()
        return self._tokens[caller]

    def _is_good(self, token: str) -> bool:
        known = {"Authorization": f"Bearer {self.installation.key}, User {token}"}
        return self.installation.ask("GET", "user/sessions", headers=known).status_code == 200

    def _sign_in(self) -> str:
        phone = a_phone()
        body = {"phone": phone, "code": code_for(self.installation, phone)}
        answer = self.installation.ask("POST", "user/auth", json=body)
        return str(answer.json()["data"]["user_token"])

    def _ids(self) -> dict[str, list[Any]]:
        """Values of paths that name something."""
        service, staff = self.installation.bookable()
        slot = self.installation.slots(service, staff)[0]
        where = self.installation.location_id
        body = a_record(service, staff, slot)
        [booked] = self.installation.ask("POST", f"book_record/{where}", json=body).json()["data"]
        return {
            "company_id": [where],
            "location_id": [where],
            "staff_id": [staff, 0],
            "record_id": [booked["record_id"]],
            "record_hash": [booked["record_hash"]],
            "form_id": [self.installation.demo["bookform_id"]],
            "group_id": [0],
            "date": [slot[:10]],
            "lang": ["fr-FR"],
        }


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    with embedded(tmp_path_factory.mktemp("fuzzed")) as installation:
        installation.wait_until_quiet()
        yield Fuzzed(installation)


def cases_of(fuzzed: Fuzzed, operation: APIOperation, examples: int) -> list[FuzzedCase]:
    """So many calls of an operation; a few are the same ones every time."""
    found: list[FuzzedCase] = []

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=examples == A_FEW,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=st.one_of(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        ),
        chance=st.integers(0, 2**32),
    )
    def note(case: Case, chance: int) -> None:
        # A parameter of blanks alone counts as not given.
        assume(all(str(value).strip() for value in (case.query or {}).values()))
        choice = random.Random(chance)
        if case.meta.generation.mode == GenerationMode.POSITIVE and choice.random() < 0.7:
            for name in case.path_parameters or {}:
                if name in fuzzed.ids:
                    case.path_parameters[name] = choice.choice(fuzzed.ids[name])
        found.append((case, {} if choice.random() < 0.3 else {"Accept": V2}))

    note()
    return found


def wrongs(
    fuzzed: Fuzzed, operation: APIOperation, cases: list[FuzzedCase], caller: str
) -> list[str]:
    """What is wrong with the answers that somebody gets to these calls."""
    headers = fuzzed.headers(caller)
    found: list[str] = []
    for case, accept in cases:
        response = case.call(headers=headers | accept, timeout=30)
        if response.status_code == HTTPStatus.REQUEST_URI_TOO_LONG:
            continue  # the server itself hangs up on addresses of over 8 KB: no route was asked
        if not response.content and not accept:
            # The v1 body of a success with nothing to show is empty.
            assert response.status_code < 300, response.status_code
            continue
        try:
            case.validate_response(response)
        except BaseExceptionGroup as group:
            found.extend(f"{caller}: {operation.label}: {one}" for one in group.exceptions)
    return found


@pytest.fixture(scope="module")
def a_few(fuzzed: Fuzzed) -> list[tuple[APIOperation, list[FuzzedCase]]]:
    """A few calls of everything. To make them up takes longer than to call."""
    return [(each, cases_of(fuzzed, each, A_FEW)) for each in fuzzed.operations()]


@pytest.mark.parametrize("caller", CALLERS)
def test_every_answer_to_a_few_calls_of_everything_is_as_described(
    fuzzed: Fuzzed, a_few: list[tuple[APIOperation, list[FuzzedCase]]], caller: str
) -> None:
    found = [one for each, cases in a_few for one in wrongs(fuzzed, each, cases, caller)]

    assert not found, "\n\n".join(found)


@pytest.mark.soak
@pytest.mark.parametrize("caller", CALLERS)
def test_every_answer_to_many_calls_of_everything_is_as_described(
    fuzzed: Fuzzed, caller: str
) -> None:
    found = [
        one
        for each in fuzzed.operations()
        for one in wrongs(fuzzed, each, cases_of(fuzzed, each, MANY), caller)
    ]

    assert not found, "\n\n".join(found)
