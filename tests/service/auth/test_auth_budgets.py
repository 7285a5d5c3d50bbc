"""What codes may cost: budgets that hold, and a trace of every decision."""

from datetime import timedelta
from typing import Any

import pytest
import structlog
from sqlalchemy import select

from services.auth.models import CodeDecision
from services.auth.use_cases import spending
from services.common.errors import Invalid, TooManyAttempts
from tests.service.auth.conftest import MINUTES, PHONE, Auth, refused, wrong
from tests.service.conftest import NOW

HOUR = 60 * MINUTES
PLENTY = {
    "env": "production",
    "codes_per_business": 1000,
    "codes_per_address": 1000,
    "codes_per_device": 1000,
    "codes_unused_per_prefix": 1000,
}


def phone(number: int, prefix: str = "+33612") -> str:
    return f"{prefix}{number:06d}"


@pytest.fixture
def paid(auth: Auth) -> Auth:
    """An installation in production, where messages cost money."""
    auth.settings = PLENTY
    return auth


def ask(
    auth: Auth, number: int, *, after: float = 0, prefix: str = "+33612", **request: Any
) -> str:
    """Ask for a code; what became of it."""
    told = {"business_id": 7, "address": "198.51.100.1", "device": "App/1.0"} | request
    try:
        auth.request_code(phone(number, prefix), after=after, **told)
    except TooManyAttempts as refusal:
        return refusal.code
    return "sent"


def use(auth: Auth, number: int, *, after: float = 0, prefix: str = "+33612") -> None:
    challenge_id = auth.sent()[-1].data["challenge_id"]
    auth.prove(auth.text(challenge_id, after=after)["code"], phone(number, prefix), after=after)


def decisions(auth: Auth) -> dict[str, int]:
    with auth.database.read() as session:
        rows = session.scalars(select(CodeDecision).order_by(CodeDecision.decision))
        return {f"{row.decision} {row.prefix} {row.business_id}": row.count for row in rows}


def test_a_business_has_so_many_an_hour(paid: Auth) -> None:
    paid.settings = PLENTY | {"codes_per_business": 4}
    assert ask(paid, 0) == "sent"
    use(paid, 0)
    assert [ask(paid, number) for number in range(1, 6)] == ["sent"] * 3 + ["codes_paused"] * 2

    assert ask(paid, 9, business_id=8) == "sent"
    with refused("codes_paused", TooManyAttempts, seconds=1):
        paid.request_code(phone(5), after=HOUR - 1, business_id=7)
    assert ask(paid, 5, after=HOUR) == "sent"


def test_strangers_get_half_of_it(paid: Auth) -> None:
    paid.settings = PLENTY | {"codes_per_business": 6}
    assert ask(paid, 0) == "sent"
    use(paid, 0)
    strangers = [ask(paid, number, prefix="+447900") for number in range(5)]

    assert strangers == ["sent"] * 2 + ["codes_paused"] * 3
    assert [ask(paid, number) for number in (1, 2, 3, 4)] == ["sent"] * 3 + ["codes_paused"]


def test_codes_to_people_who_are_known_take_nothing_from_strangers(paid: Auth) -> None:
    paid.settings = PLENTY | {"codes_per_business": 6}
    assert ask(paid, 0) == "sent"
    use(paid, 0)
    assert [ask(paid, number) for number in (1, 2)] == ["sent"] * 2
    strangers = [ask(paid, number, prefix="+447900") for number in range(3)]

    assert strangers == ["sent"] * 2 + ["codes_paused"]


def test_a_destination_where_none_is_used_is_paused_for_every_business(paid: Auth) -> None:
    paid.settings = PLENTY | {"codes_unused_per_prefix": 3}
    assert [ask(paid, number) for number in range(4)] == ["sent"] * 3 + ["codes_paused"]

    assert ask(paid, 9, business_id=8) == "codes_paused"
    assert ask(paid, 9, prefix="+33762") == "sent"
    with refused("codes_paused", TooManyAttempts, seconds=890):
        paid.request_code(phone(9), after=10)
    assert ask(paid, 9, after=900) == "sent"


def test_a_code_that_is_used_opens_its_destination_again(paid: Auth) -> None:
    paid.settings = PLENTY | {"codes_unused_per_prefix": 3}
    for number in range(3):
        assert ask(paid, number) == "sent"
    assert ask(paid, 5) == "codes_paused"
    use(paid, 2, after=60)

    assert [ask(paid, number, after=61) for number in range(5, 10)] == ["sent"] * 4 + [
        "codes_paused"
    ]


def test_wrong_guesses_are_no_use(paid: Auth) -> None:
    paid.settings = PLENTY | {"codes_unused_per_prefix": 1}
    code = paid.get_code(phone(0))
    with pytest.raises(Invalid):
        paid.prove(wrong(code), phone(0))

    assert ask(paid, 1) == "codes_paused"


def test_the_same_code_guessed_twice_is_used_once(paid: Auth) -> None:
    code = paid.get_code(phone(0))
    for _ in range(3):
        paid.prove(code, phone(0))

    assert [row[2:4] for row in paid.dump()["destinations"]] == [(1, 1)]


def test_an_address_and_a_device_have_so_many_an_hour(paid: Auth) -> None:
    paid.settings = PLENTY | {"codes_per_address": 3, "codes_per_device": 2}
    assert [ask(paid, number) for number in range(3)] == ["sent"] * 2 + ["codes_used_up_here"]
    assert ask(paid, 3, device="Other/1.0") == "sent"
    assert ask(paid, 4, device="Third/1.0") == "codes_used_up_here"

    assert ask(paid, 5, address="198.51.100.2") == "sent"
    assert ask(paid, 6, address=None, device=None) == "sent"
    assert ask(paid, 7, address="unknown") == "sent"
    assert ask(paid, 8, after=HOUR) == "sent"


def test_an_ipv6_subscriber_has_one_budget(paid: Auth) -> None:
    paid.settings = PLENTY | {"codes_per_address": 2}
    asked = [ask(paid, number, address=f"2001:db8::{number}") for number in range(3)]

    assert asked == ["sent", "sent", "codes_used_up_here"]
    assert ask(paid, 4, address="2001:db8:0:1::1") == "sent"


def test_neither_address_nor_number_is_kept_to_count_them(paid: Auth) -> None:
    ask(paid, 1)
    paid.settings = PLENTY | {"codes_per_address": 1}
    ask(paid, 2)
    dump = paid.dump()

    for table in ("throttles", "spending", "destinations", "code_decisions", "commands"):
        assert "198.51.100.1" not in str(dump[table])
        assert phone(1)[1:] not in str(dump[table])


def test_in_development_nothing_is_limited(auth: Auth) -> None:
    auth.settings = {name: 1 for name in PLENTY if name != "env"}

    assert {ask(auth, number) for number in range(5)} == {"sent"}


def test_every_decision_is_counted_and_logged_without_the_number(paid: Auth) -> None:
    paid.settings = PLENTY | {"codes_per_address": 3, "codes_unused_per_prefix": 2}
    with structlog.testing.capture_logs() as logs:
        ask(paid, 1)
        ask(paid, 1)
        ask(paid, 2)
        ask(paid, 3)
        ask(paid, 1, prefix="+447900")
        ask(paid, 1, prefix="+447911")

    assert decisions(paid) == {
        "address +4479 7": 1,
        "phone_recently +3361 7": 1,
        "prefix +3361 7": 1,
        "sent +3361 7": 2,
        "sent +4479 7": 1,
    }
    assert [one["decision"] for one in logs] == [
        "sent",
        "phone_recently",
        "sent",
        "prefix",
        "sent",
        "address",
    ]
    assert phone(1)[1:] not in str(logs) and "198.51.100.1" not in str(logs)


def test_a_request_that_is_no_phones_is_no_decision(paid: Auth) -> None:
    with pytest.raises(Invalid):
        paid.request_code("12")

    assert decisions(paid) == {}


def test_a_refused_request_costs_nothing(paid: Auth) -> None:
    paid.settings = PLENTY | {"codes_unused_per_prefix": 1}
    ask(paid, 1)
    before = paid.dump()
    assert ask(paid, 2) == "codes_paused"
    after = paid.dump()

    assert before.pop("code_decisions") != after.pop("code_decisions")
    assert after == before


def test_who_repeats_a_request_from_elsewhere_gets_the_first_answer(paid: Auth) -> None:
    """A telephone that changes from one network to another repeats what got no answer."""
    answers = []
    for address, device in (("198.51.100.1", "A"), ("203.0.113.9", "B")):
        request = {"phone": PHONE, "business_id": 7, "address": address, "device": device}
        answers.append(paid.worker(command_id="key:1").request_code(request=request))

    assert answers[0] == answers[1]
    assert len(paid.sent()) == 1
    with pytest.raises(Invalid) as told:
        paid.worker(command_id="key:1").request_code(request={"phone": phone(5)})
    assert told.value.code == "idempotency_key_reused"


def test_test_phones_have_a_code_of_their_own_and_cost_nothing(auth: Auth) -> None:
    auth.settings = {"test_phones": {PHONE: "654321"}}
    for _ in range(10):
        answer = auth.request_code()
        assert (answer["length"], answer["next_send_in_seconds"]) == (6, 0)

    assert auth.sent() == []
    assert decisions(auth) == {"test_phone +3361 0": 10}
    assert auth.count("throttles") == auth.count("spending") == 0
    with refused("code_incorrect"):
        auth.sign_in("123456")
    assert auth.sign_in("654321")["user"]["phone"] == PHONE


def test_a_test_phones_code_is_guessed_as_often_as_others(auth: Auth) -> None:
    auth.settings = {"test_phones": {PHONE: "654321"}}
    auth.request_code()
    for number in range(5):
        with refused("code_incorrect"):
            auth.prove(f"11111{number}")

    with refused("code_incorrect"):
        auth.prove("654321")


def test_what_is_old_is_forgotten(paid: Auth) -> None:
    ask(paid, 1)
    with paid.database.write() as session:
        spending.forget_old(session, now=NOW + spending.KEPT_FOR)
    assert (paid.count("spending"), paid.count("code_decisions")) == (1, 1)
    with paid.database.write() as session:
        spending.forget_old(session, now=NOW + spending.KEPT_FOR + timedelta(hours=1))
    assert (paid.count("spending"), paid.count("code_decisions")) == (0, 0)
