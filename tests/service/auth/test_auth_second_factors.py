"""A password alone opens nothing for staff who want a code after it."""

from typing import Any

import pytest
from sqlalchemy import select, update

from services.auth.domain.keys import digest_of
from services.auth.models import CodeDecision, User
from services.auth.use_cases.staff import set_second_factor
from services.common.errors import Conflict, Invalid, TooManyAttempts, Unauthenticated
from services.common.rights import Role
from tests.service.auth.conftest import (
    APP,
    MINUTES,
    OTHER_PHONE,
    PASSWORD,
    PHONE,
    WEB,
    Auth,
    at_once,
    refused,
    wrong,
)

LOGIN = "owner@example.com"


class Guarded:
    """Staff who sign in with a password and a code."""

    def __init__(self, auth: Auth) -> None:
        self.auth = auth
        self.user_id = auth.add_staff(LOGIN, role=Role.OWNER, phone=PHONE)

    def do(self, method: str, *, after: float = 0, partner_id: int = WEB, **request: Any) -> Any:
        viewer = {"partner_id": partner_id, "user_id": self.user_id, "kind": "staff"}
        worker = self.auth.worker(after, viewer=viewer)
        return getattr(worker, method)(request=request)

    def switch_on(self, *, after: float = 0, **changes: Any) -> None:
        wish = {"medium": "sms", "phone": PHONE, "password": PASSWORD} | changes
        self.do("begin_second_factor", after=after, **wish)
        challenge_id, code = self.last_code(after=after)
        told = self.do("confirm_second_factor", after=after, challenge_id=challenge_id, code=code)
        assert told == {"medium": wish["medium"]}

    def last_code(self, *, after: float = 0) -> tuple[str, str]:
        challenge_id = self.auth.sent()[-1].data["challenge_id"]
        return challenge_id, self.auth.text(challenge_id, after=after)["code"]

    def ask(self, *, after: float = 0, partner_id: int = WEB) -> str:
        """Give the right password; the challenge that it is answered by."""
        worker = self.auth.worker(after, partner_id=partner_id)
        answer = worker.staff_sign_in(request={"login": LOGIN, "password": PASSWORD})
        assert "token" not in answer
        challenge_id: str = answer["challenge"]["challenge_id"]
        return challenge_id

    def go_on(
        self, challenge_id: str, code: str, /, *, after: float = 0, **changes: Any
    ) -> dict[str, Any]:
        request = {"login": LOGIN, "challenge_id": challenge_id, "code": code} | changes
        partner_id = request.pop("partner_id", WEB)
        worker = self.auth.worker(after, partner_id=partner_id)
        answer: dict[str, Any] = worker.staff_sign_in(request=request)
        return answer


@pytest.fixture
def guarded(auth: Auth) -> Guarded:
    return Guarded(auth)


@pytest.fixture
def on(guarded: Guarded) -> Guarded:
    """It is switched on, an hour before."""
    guarded.switch_on(after=-3600)
    return guarded


def test_a_code_follows_the_password(on: Guarded) -> None:
    challenge_id = on.ask()
    [*_, sent] = on.auth.sent()
    assert (sent.data["purpose"], sent.data["contact"]["phone"]) == ("staff_sign_in", PHONE)
    assert on.auth.count("sessions") == 0

    _, code = on.last_code()
    signed_in = on.go_on(challenge_id, code)
    assert (signed_in["user"]["id"], signed_in["user"]["login"]) == (on.user_id, LOGIN)
    assert on.auth.count("sessions") == 1


def test_it_is_on_only_after_its_code_has_come_back(guarded: Guarded) -> None:
    told = guarded.do("begin_second_factor", medium="sms", phone=PHONE, password=PASSWORD)
    assert told["challenge"]["medium"] == "sms"
    assert "token" in guarded.auth.staff_sign_in()


def test_an_address_can_be_the_second_factor(guarded: Guarded) -> None:
    guarded.switch_on(medium="email", email="Olga@Example.com", after=-3600)
    guarded.ask()
    assert guarded.auth.sent()[-1].data["contact"] == {"phone": None, "email": "olga@example.com"}


def test_it_is_begun_with_the_password_once_more(guarded: Guarded) -> None:
    with pytest.raises(Invalid) as told:
        guarded.do("begin_second_factor", medium="sms", phone=PHONE, password="wrong password")
    assert told.value.code == "old_password_incorrect"
    assert guarded.auth.sent() == []


def test_nobody_puts_another_phone_in_its_place(on: Guarded) -> None:
    with refused("second_factor_on", Conflict):
        on.do("begin_second_factor", medium="email", email="m@example.com", password=PASSWORD)


def test_it_is_removed_by_who_could_sign_in_with_it(on: Guarded) -> None:
    challenge_id = on.ask()
    _, code = on.last_code()
    with refused("code_incorrect"):
        on.do("remove_second_factor", challenge_id=challenge_id, code=wrong(code))
    assert on.do("remove_second_factor", challenge_id=challenge_id, code=code) == {"medium": None}
    assert "token" in on.auth.staff_sign_in(after=1)


def test_a_code_opens_once(on: Guarded) -> None:
    challenge_id = on.ask()
    _, code = on.last_code()
    told = at_once(5, lambda _: "in" if on.go_on(challenge_id, code) else "")
    assert sorted(told) == [*["code_incorrect"] * 4, "in"]


@pytest.mark.parametrize(
    "changes",
    [
        {"login": "other@example.com"},
        {"login": "nobody@example.com"},
        {"challenge_id": "0" * 36},
        {"partner_id": APP},
    ],
)
def test_a_code_is_good_for_its_account_challenge_and_front_end_alone(
    on: Guarded, changes: dict[str, Any]
) -> None:
    on.auth.add_staff("other@example.com")
    challenge_id = on.ask()
    _, code = on.last_code()
    with refused("code_incorrect"):
        on.go_on(challenge_id, code, **changes)
    assert on.auth.count("sessions") == 0
    assert on.go_on(challenge_id, code)["token"]


def test_the_code_without_the_password_opens_nothing(on: Guarded) -> None:
    on.ask()
    _, code = on.last_code()
    with refused("password_incorrect", Unauthenticated):
        worker = on.auth.worker()
        worker.staff_sign_in(request={"login": LOGIN, "password": "", "code": code})


def test_a_client_with_the_same_phone_gets_another_code(on: Guarded) -> None:
    challenge_id = on.ask()
    client_code = on.auth.get_code(after=120)
    with refused("code_incorrect"):
        on.go_on(challenge_id, client_code, after=120)


def test_who_comes_back_too_soon_goes_on_with_the_first_code(on: Guarded) -> None:
    first = on.ask()
    sent = len(on.auth.sent())
    assert on.ask(after=5) == first
    assert len(on.auth.sent()) == sent


def test_a_code_is_guessed_at_five_times_however_many_are_sent(on: Guarded) -> None:
    """And wrong ones are no failures of the password: it goes on being right."""
    challenge_id = on.ask()
    _, code = on.last_code()
    for number in range(1, 6):
        with refused("code_incorrect"):
            on.go_on(challenge_id, wrong(code, number), after=number)
    with refused("too_many_attempts", TooManyAttempts, seconds=591):
        on.go_on(challenge_id, code, after=10)

    other_id = on.ask(after=61)
    _, other = on.last_code(after=61)
    assert other_id != challenge_id
    with refused("too_many_attempts", TooManyAttempts, seconds=540):
        on.go_on(other_id, other, after=61)
    with refused("too_many_attempts", TooManyAttempts, seconds=540):
        on.do("remove_second_factor", challenge_id=other_id, code=other, after=61)
    with refused("too_many_attempts", TooManyAttempts, seconds=1):
        on.go_on(other_id, other, after=10 * MINUTES)
    assert on.go_on(other_id, other, after=10 * MINUTES + 1)["token"]


def test_of_twenty_codes_at_once_five_are_looked_at(on: Guarded) -> None:
    challenge_id = on.ask()
    _, code = on.last_code()
    told = at_once(20, lambda number: on.go_on(challenge_id, wrong(code, number + 1)))
    assert sorted(told) == ["code_incorrect"] * 5 + ["too_many_attempts"] * 15


def test_codes_for_nothing_keep_nobody_waiting(on: Guarded) -> None:
    """Whoever has not given the password does not spoil it for who has."""
    for number in range(7):
        with refused("code_incorrect"):
            on.go_on("0" * 36, "123456", after=number)
    challenge_id = on.ask(after=8)
    _, code = on.last_code(after=8)
    assert on.go_on(challenge_id, code, after=9)["token"]


def test_wrong_passwords_leave_whoever_has_given_the_right_one_alone(on: Guarded) -> None:
    challenge_id = on.ask()
    _, code = on.last_code()
    for number in range(5):
        with refused("password_incorrect", Unauthenticated):
            on.auth.staff_sign_in("wrong password", after=number)
    assert on.go_on(challenge_id, code, after=6)["token"]


def test_a_right_password_is_no_failure_where_no_code_can_be_sent(on: Guarded) -> None:
    on.auth.settings = {"env": "production", "codes_per_business": 0}
    for number in range(7):
        with pytest.raises(TooManyAttempts, match="codes_paused"):
            on.auth.staff_sign_in(after=number)
    on.auth.settings = {}
    assert on.ask(after=8)


def test_nor_where_there_is_nowhere_to_send_it(on: Guarded) -> None:
    with on.auth.database.write() as session:
        session.execute(update(User).where(User.id == on.user_id).values(phone=None))
    for number in range(7):
        with refused("second_factor_broken", Conflict):
            on.auth.staff_sign_in(after=number)


def test_nor_where_a_second_factor_is_on(on: Guarded) -> None:
    for number in range(7):
        with refused("second_factor_on", Conflict):
            begin(on, OTHER_PHONE, after=number)


def test_a_right_code_is_no_failure(on: Guarded) -> None:
    for number in range(7):
        after = number * 150
        challenge_id = on.ask(after=after)
        _, code = on.last_code(after=after)
        assert on.go_on(challenge_id, code, after=after)["token"]


def test_a_new_password_ends_what_was_begun_with_the_old_one(on: Guarded) -> None:
    challenge_id = on.ask()
    _, code = on.last_code()
    on.auth.change_password(LOGIN, "another fine one")
    with refused("code_incorrect"):
        on.go_on(challenge_id, code)


def test_whoever_was_revoked_gets_in_with_no_code(on: Guarded) -> None:
    challenge_id = on.ask()
    _, code = on.last_code()
    on.auth.revoke(LOGIN)
    with refused("code_incorrect"):
        on.go_on(challenge_id, code)


def begin(guarded: Guarded, phone: str, *, after: float = 0) -> tuple[str, str]:
    """Somebody with password and token has a code sent to a phone: the challenge and its code."""
    wish = {"medium": "sms", "phone": phone, "password": PASSWORD}
    guarded.do("begin_second_factor", after=after, **wish)
    return guarded.last_code(after=after)


def test_what_was_sent_to_another_phone_is_no_second_factor(guarded: Guarded) -> None:
    """Neither from before it was switched on, nor for taking it off again."""
    challenge_id, code = begin(guarded, OTHER_PHONE)
    guarded.switch_on(after=60)
    with refused("code_incorrect"):
        guarded.go_on(challenge_id, code, after=61)
    with refused("code_incorrect"):
        guarded.do("remove_second_factor", after=62, challenge_id=challenge_id, code=code)
    with refused("code_incorrect"):
        guarded.do("confirm_second_factor", after=63, challenge_id=challenge_id, code=code)
    assert guarded.auth.count("sessions") == 0


def test_what_was_sent_to_set_it_signs_nobody_in(guarded: Guarded) -> None:
    challenge_id, code = begin(guarded, PHONE)
    with guarded.auth.database.write() as session:
        set_second_factor(session, login=LOGIN, medium=None)
    challenge_id, code = begin(guarded, PHONE, after=120)
    assert guarded.auth.sent()[-1].data["purpose"] == "set_second_factor"
    with refused("code_incorrect"):
        guarded.go_on(challenge_id, code, after=121)


def test_a_code_that_went_to_a_former_phone_is_none(on: Guarded) -> None:
    """Whichever way the phone was changed meanwhile."""
    challenge_id = on.ask()
    _, code = on.last_code()
    with on.auth.database.write() as session:
        session.execute(update(User).where(User.id == on.user_id).values(phone=OTHER_PHONE))
    with refused("code_incorrect"):
        on.go_on(challenge_id, code)


def test_switched_on_it_ends_the_other_sessions(guarded: Guarded) -> None:
    own, other = (guarded.auth.staff_sign_in()["token"] for _ in range(2))
    challenge_id, code = begin(guarded, PHONE)
    guarded.do(
        "confirm_second_factor",
        challenge_id=challenge_id,
        code=code,
        user_digest=digest_of(own),
    )
    assert (guarded.auth.is_alive(own), guarded.auth.is_alive(other)) == (True, False)


def test_of_two_phones_that_come_at_once_one_is_set(guarded: Guarded) -> None:
    begun = [begin(guarded, phone) for phone in (PHONE, OTHER_PHONE)]

    def confirm(number: int) -> str:
        challenge_id, code = begun[number]
        guarded.do("confirm_second_factor", challenge_id=challenge_id, code=code)
        return "on"

    first, second = sorted(at_once(2, confirm), reverse=True)
    assert first == "on"
    assert second in ("code_incorrect", "second_factor_on")


def test_its_messages_have_a_budget(guarded: Guarded) -> None:
    """Of the business that pays, and from where they are asked for; each refusal is counted."""
    guarded.auth.settings = {"env": "production", "codes_per_business": 2, "codes_per_address": 3}
    where = {"address": "198.51.100.1", "device": "App/1.0"}
    told = []
    for number in range(4):
        phone = f"+3361234{number:04d}"
        try:
            wish = {"medium": "sms", "phone": phone, "password": PASSWORD}
            guarded.do("begin_second_factor", after=number, **wish, **where)
        except TooManyAttempts as refusal:
            told.append(refusal.code)
        else:
            told.append("sent")
    assert told == ["sent", "codes_paused", "codes_paused", "codes_paused"]
    assert len(guarded.auth.challenges()) == 1
    assert decisions(guarded) == {("sent", 7): 1, ("strangers", 7): 3}


def test_who_may_have_no_other_code_goes_on_with_the_first_and_is_counted(on: Guarded) -> None:
    on.auth.settings = {"env": "production", "codes_per_business": 1}
    first = on.ask()
    before = on.auth.challenges()[-1].expires_at
    assert on.ask(after=5) == on.ask(after=90) == first
    assert on.auth.challenges()[-1].expires_at == before
    counted = decisions(on)
    assert (counted["phone_recently", 7], counted["business", 7]) == (1, 1)


def decisions(guarded: Guarded) -> dict[tuple[str, int], int]:
    with guarded.auth.database.read() as session:
        rows = session.scalars(select(CodeDecision).order_by(CodeDecision.decision))
        return {(row.decision, row.business_id): row.count for row in rows}
