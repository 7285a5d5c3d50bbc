"""Rate limits over HTTP: who is counted how, and what is told of it."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest

from gateway import limits
from gateway.access_table import ACCESS
from gateway.app import create_app
from gateway.callers import SIGNING_IN
from gateway.partners import Digests, digest_of
from services.common.config import Settings
from services.common.errors import NotFound, Unauthenticated
from services.common.rpc.client import RpcClient
from tests.small_bus import URI
from tests.unit.gateway.conftest import Front, identify

GENEROUS = "1000/day"
SETTINGS = Settings(
    amqp_uri=URI,
    trusted_proxies=(ip_network("127.0.0.1"),),
    rate_per_address=GENEROUS,
    rate_per_partner=GENEROUS,
    rate_per_user=GENEROUS,
    rate_of_codes=GENEROUS,
    rate_of_sign_ins=GENEROUS,
    rate_of_writes=GENEROUS,
)
POLICY = re.compile(r'"[a-z_]+-[a-z]+";q=\d+;w=\d+(, "[a-z_]+-[a-z]+";q=\d+;w=\d+)*')
STANDING = re.compile(r'"[a-z_]+-[a-z]+";r=\d+;t=\d+(, "[a-z_]+-[a-z]+";r=\d+;t=\d+)*')


def nothing(**_: Any) -> None:
    raise NotFound("location_not_found")


@pytest.fixture
def limited(services) -> Iterator[Any]:
    """Makes a front end of a gateway with these rates."""
    made = []
    for service in services.values():
        service.methods = {}
        service.received.clear()
    services["auth"].methods = {"identify": identify, "request_code": nothing, "sign_in": nothing}
    services["booking"].methods = {"get_location": nothing, "list_own_client_ids": nothing}

    def make(**rates: Any) -> Front:
        client = RpcClient(URI, timeout_seconds=10.0)
        made.append(client)
        return Front(create_app(replace(SETTINGS, **rates), rpc=client), services)

    yield make
    for client in made:
        client.close()


def statuses(front: Front, times: int, *, of: str = "198.51.100.1", **options: Any) -> list[int]:
    method, path = options.pop("method", "GET"), options.pop("path", "/api/v1/company/1")
    headers = {"X-Forwarded-For": of, **options.pop("headers", {})}
    return [front.open(method, path, headers=headers, **options).status_code for _ in range(times)]


def test_an_address_gets_as_much_as_its_rate_and_then_429(limited):
    front = limited(rate_per_address="3/day")

    assert statuses(front, 5) == [404, 404, 404, 429, 429]
    assert statuses(front, 1, of="198.51.100.2") == [404]


def test_neighbours_in_an_ipv6_network_share_a_rate(limited):
    front = limited(rate_per_address="2/day")

    assert statuses(front, 1, of="2001:db8::1") == [404]
    assert statuses(front, 2, of="2001:db8::2") == [404, 429]
    assert statuses(front, 1, of="2001:db8:0:1::1") == [404]


@pytest.mark.parametrize("accept", ["application/vnd.api.v2+json", "*/*"])
def test_a_refusal_is_in_the_contracts_shape_and_says_when_to_come_back(limited, accept):
    front = limited(rate_per_address="1/day")
    front.get("/api/v1/company/1")

    refused = front.get("/api/v1/company/1", accept=accept, headers={"Accept-Language": "fr"})

    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 86_400
    error = refused.json["errors"]
    assert (error["code"], error["reason"]) == (429, "rate_limit_exceeded")
    assert error["message"].startswith("Trop de requêtes")
    assert refused.headers["RateLimit"].startswith('"address-day";r=0;t=')


def test_every_answer_says_what_is_allowed_and_what_is_left(limited):
    front = limited(rate_per_address="5/second,200/day")

    answers = [front.get("/api/v1/company/1") for _ in range(2)]

    for answer in answers:
        assert POLICY.fullmatch(answer.headers["RateLimit-Policy"])
        assert STANDING.fullmatch(answer.headers["RateLimit"])
    policy = answers[0].headers["RateLimit-Policy"]
    assert policy.startswith('"address-second";q=5;w=1, "address-day";q=200;w=86400, "partner-')
    left = [re.findall(r"r=(\d+)", answer.headers["RateLimit"])[0] for answer in answers]
    assert left == ["199", "198"]


def test_unknown_addresses_and_wrong_keys_are_counted_before_anybody_is_asked(limited):
    front = limited(rate_per_address="2/day")
    front.auth.methods["identify"] = unknown
    wrong = {"Authorization": "Bearer wrong"}

    assert statuses(front, 4, headers=wrong) == [401, 401, 429, 429]
    assert len(front.auth.received) == 2
    other = {"of": "198.51.100.9"}
    assert statuses(front, 3, path="/api/v1/nothing/at/all", **other) == [404, 404, 429]


def unknown(**_: Any) -> None:
    raise Unauthenticated("partner_key_unknown")


def test_health_is_never_refused(limited):
    front = limited(rate_per_address="1/day")

    assert 429 not in statuses(front, 5, path="/livez") + statuses(front, 5, path="/readyz")


def test_a_partner_gets_no_more_than_its_rate_from_however_many_addresses(limited):
    front = limited(rate_per_partner="3/day")

    given = [statuses(front, 1, of=f"198.51.100.{host}")[0] for host in range(5)]

    assert given == [404, 404, 404, 429, 429]


def test_a_user_gets_no_more_than_their_rate_from_however_many_addresses(limited):
    front = limited(rate_per_user="2/day")
    asking = {"path": "/api/v1/user/loyalty_cards/0"}

    given = [
        statuses(front, 1, of=f"198.51.100.{host}", user="client", **asking)[0] for host in range(4)
    ]

    assert given == [404, 404, 429, 429]
    assert statuses(front, 3, path="/api/v1/company/1") == [404] * 3


@pytest.mark.parametrize(
    ("rates", "path", "body"),
    [
        ({"rate_of_codes": "2/day"}, "book_code/1", {"phone": "+33612345678"}),
        ({"rate_of_sign_ins": "2/day"}, "user/auth", {"phone": "+33612345678", "code": "1"}),
        ({"rate_of_writes": "2/day"}, "book_check/1", {"appointments": []}),
    ],
)
def test_what_is_dear_has_a_rate_of_its_own(limited, rates, path, body):
    front = limited(**rates)

    given = statuses(front, 4, method="POST", path=f"/api/v1/{path}", json=body)

    assert given[2:] == [429, 429] and 429 not in given[:2]
    assert statuses(front, 5) == [404] * 5


def with_own_rate(**rates: int) -> Any:
    def answer(partner_digest: str, user_digest: str | None) -> dict[str, Any]:
        identity = identify(partner_digest, user_digest)
        return {**identity, "partner": {**identity["partner"], **rates}}

    return answer


def test_a_key_with_a_rate_of_its_own_is_counted_by_that_and_not_by_address(limited):
    front = limited(rate_per_address="2/day", rate_per_partner="4/day")
    front.auth.methods["identify"] = with_own_rate(rate_per_second=100, rate_per_minute=6)
    time.sleep(max(0.0, 3 - 60 + time.time() % 60))  # not across the end of a minute

    assert statuses(front, 8) == [404] * 6 + [429] * 2


@pytest.mark.parametrize(
    ("rates", "path", "body"),
    [
        ({"rate_of_codes": "3/day"}, "book_code/1", {"phone": "+33612345678"}),
        ({"rate_of_sign_ins": "3/day"}, "user/auth", {"phone": "+33612345678", "code": "1"}),
    ],
)
def test_even_such_a_key_gets_no_more_codes_and_sign_ins_at_an_address(limited, rates, path, body):
    front = limited(rate_per_address="1/day", **rates)
    front.auth.methods["identify"] = with_own_rate(rate_per_minute=1000)
    assert statuses(front, 2) == [404, 404]
    asking = {"method": "POST", "path": f"/api/v1/{path}", "json": body}

    assert [status == 429 for status in statuses(front, 5, **asking)] == [False] * 3 + [True] * 2
    assert 429 not in statuses(front, 1, of="198.51.100.2") + statuses(
        front, 3, of="198.51.100.2", **asking
    )


def test_another_key_gains_nothing_from_it(limited):
    """Nor does a wrong one get to ask auth as often as it likes."""
    front = limited(rate_per_address="2/day")
    front.auth.methods["identify"] = with_own_rate(rate_per_minute=1000)
    assert statuses(front, 4) == [404] * 4
    front.auth.methods["identify"] = unknown

    assert statuses(front, 3, headers={"Authorization": "Bearer other"})[-1] == 429


def test_a_revoked_key_is_counted_by_address_again(limited):
    front = limited(rate_per_address="2/day")
    front.auth.methods["identify"] = with_own_rate(rate_per_minute=1000)
    assert statuses(front, 4) == [404] * 4
    front.auth.methods["identify"] = unknown
    front.app.extensions["kabinet"].identities.forget(Digests(digest_of("demo")))

    given = statuses(front, 6)

    assert given[0] == 401 and given[-1] == 429


def test_in_development_nobody_is_counted(limited):
    front = limited(env="dev", rate_per_address="1/day")

    answers = [front.get("/api/v1/company/1") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert "RateLimit" not in answers[0].headers


# It sends nothing and opens nothing.
ONLY_TELLS = {"sessions.book_code_channel"}


def test_every_way_of_signing_in_is_counted_as_one():
    callers = SIGNING_IN.callers
    signing_in = {endpoint for endpoint, who in ACCESS.items() if who.callers == callers}
    assert signing_in - ONLY_TELLS <= limits.CODES | limits.SIGN_INS
