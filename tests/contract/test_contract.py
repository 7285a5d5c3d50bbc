"""Every call of the table exists, and answers with the contract's field names in both bodies."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from gateway.access_table import ACCESS
from gateway.app import create_app
from gateway.callers import Caller
from services.common.config import Settings
from tests.contract.conversation import Conversation, differences
from tests.contract.table import LEFT_OUT, NAME, ROWS, Row
from tests.installations import Installation, embedded


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("contract")
    with embedded(folder, PASSWORD_SIGN_IN="1", CACHE_SECONDS="0") as installation:
        yield installation


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(Settings(amqp_uri="memory://", rate_limits=False))


def no_way(app: Flask, row: Row) -> Iterator[str]:
    """The spellings of a call, also with a slash at the end, that do not lead its caller there."""
    routes = app.url_map.bind("localhost")
    for method, path in [(method, path + end) for method, path in row.ways() for end in ("", "/")]:
        try:
            endpoint, _ = routes.match(NAME.sub("1", path), method=method)
        except HTTPException:
            yield f"{method} {path}: no such route"
        else:
            if not row.refuses and Caller(row.caller) not in ACCESS[endpoint].callers:
                yield f"{method} {path}: not for a {row.caller}"


def test_every_call_has_a_route_and_stands_in_the_access_table(app: Flask) -> None:
    assert [problem for row in ROWS for problem in no_way(app, row)] == []


@pytest.mark.parametrize("is_v2", [True, False], ids=["v2", "v1"])
def test_every_answer_holds_what_the_contract_names(place: Installation, is_v2: bool) -> None:
    missing = Conversation(place, is_v2=is_v2).problems(ROWS)
    assert not missing, "\n" + "\n".join(missing)


def test_a_lost_or_changed_field_would_be_noticed() -> None:
    slot = {"time": "9:00", "seance_length": 1, "session_length": 1, "sum_length": 1}
    moment = {"datetime": "2026-11-20T10:00:00+01:00"}
    assert differences({**slot, **moment}, "slot") == []
    assert differences(slot, "slot") == ["$: 'datetime' is a required property"]
    assert differences({**slot, "datetime": "2026-11-20T10:00:00Z"}, "slot")
    assert differences({**slot, **moment, "sum_length": "1"}, "slot")
    assert differences([slot | moment, slot], "list of slot")
    assert differences([], "some slot")
    assert differences({"min": 1, "max": 2}, "number or nothing or price range") == []


def test_a_field_that_strict_clients_do_not_know_would_be_noticed() -> None:
    category = dict.fromkeys(
        ("id", "category_id", "salon_service_id", "weight", "price_min", "price_max", "sex"), 0
    )
    category |= {"title": "", "booking_title": "", "api_id": "", "is_chain": False, "staff": []}
    assert differences(category, "service category") == []
    assert differences({**category, "color": "red"}, "service category")


def test_what_is_left_out_says_why() -> None:
    assert all(one["calls"] and one["why"] for one in LEFT_OUT)
