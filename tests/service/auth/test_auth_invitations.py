"""Invited by letter: a link that works once, and gives no more than the inviter could today."""

from typing import Any

import pytest

from services.auth.domain.codes import INVITE_STAFF
from services.auth.domain.links import link_token
from services.common.config import DEVELOPMENT_SECRET
from services.common.errors import (
    Forbidden,
    Invalid,
    NotFound,
    TooManyAttempts,
    Unauthenticated,
)
from services.common.rights import Role
from tests.callers import a_right
from tests.service.auth.conftest import PASSWORD, Auth, at_once, refused
from tests.service.auth.test_auth_rights import HERE, THERE, Desk

EMAIL = "new@example.com"
DAYS = 24 * 3600


class Inviting(Desk):
    """The same business, with letters."""

    def invite(self, by: int, email: str = EMAIL, *, after: float = 0, **wish: Any) -> Any:
        place = {"business_id": 7, "location_id": HERE}
        worker = self.auth.worker(after, viewer=self.viewer(by))
        return worker.invite_staff(request=place | {"email": email} | wish)

    def token(self) -> str:
        """The token in the last letter."""
        challenge_id = self.auth.sent()[-1].data["challenge_id"]
        return link_token(DEVELOPMENT_SECRET, challenge_id, INVITE_STAFF)

    def accept(self, token: str, *, after: float = 0, **details: Any) -> Any:
        request = {"token": token, "name": "Nina", "password": PASSWORD} | details
        return self.auth.worker(after, viewer={}).accept_invitation(request=request)

    def listed(self, by: int, **place: Any) -> list[str]:
        found = self.ask(by, "list_invitations", **place)["invitations"]
        return [one["email"] for one in found]


@pytest.fixture
def desk(auth: Auth) -> Inviting:
    return Inviting(auth)


@pytest.fixture
def owner(auth: Auth) -> int:
    return auth.add_staff("owner@example.com", role=Role.OWNER)


def test_the_invited_gets_a_letter_sets_a_password_and_works(desk: Inviting, owner: int) -> None:
    told = desk.invite(owner, " New@Example.com".strip(), role="staff", allow=["schedules_edit"])
    assert told["email"] == EMAIL
    [letter] = desk.auth.sent()
    assert (letter.data["purpose"], letter.data["medium"]) == ("invite_staff", "email")
    assert letter.data["contact"] == {"phone": None, "email": EMAIL}

    assert desk.accept(desk.token()) == {"login": EMAIL}
    user = desk.auth.staff_sign_in(PASSWORD, EMAIL)["user"]
    assert (user["name"], user["email"]) == ("Nina", EMAIL)
    right = a_right("staff", location_id=HERE)
    right["permissions"].append("schedules_edit")
    assert desk.rights(user["id"]) == [right]
    assert desk.listed(owner) == []


def test_the_link_stands_in_no_event_and_no_table(desk: Inviting, owner: int) -> None:
    desk.invite(owner)
    token = desk.token()
    assert token not in str(desk.auth.dump())
    assert token.partition(".")[2] not in str(desk.auth.dump())
    assert PASSWORD not in str(desk.accept(token))


def test_a_link_works_once(desk: Inviting, owner: int) -> None:
    desk.invite(owner)
    token = desk.token()
    desk.accept(token)
    with refused("link_over", NotFound):
        desk.accept(token)
    with refused("link_incorrect"):
        desk.accept(token[:-1] + ("a" if token[-1] != "a" else "b"))


def test_of_many_who_open_a_link_at_once_one_gets_in(desk: Inviting, owner: int) -> None:
    desk.invite(owner)
    token = desk.token()
    told = at_once(5, lambda number: desk.accept(token, name=f"Nina {number}"))
    assert sorted(map(str, told)) == ["link_over"] * 4 + [str({"login": EMAIL})]
    assert desk.auth.count("staff_users") == 2


def test_a_link_lasts_a_week(desk: Inviting, owner: int) -> None:
    desk.invite(owner)
    with refused("link_over", NotFound):
        desk.accept(desk.token(), after=7 * DAYS)
    assert desk.accept(desk.token(), after=7 * DAYS - 1)


def test_a_poor_password_or_no_name_costs_nothing(desk: Inviting, owner: int) -> None:
    desk.invite(owner)
    with pytest.raises(Invalid) as told:
        desk.accept(desk.token(), password="short")
    assert told.value.code == "password_too_short"
    with pytest.raises(Invalid) as told:
        desk.accept(desk.token(), name="  ")
    assert told.value.code == "name_missing"
    assert desk.accept(desk.token())


def test_who_has_an_account_gets_the_rights_and_keeps_the_password(
    desk: Inviting, owner: int, auth: Auth
) -> None:
    elsewhere = auth.add_staff(EMAIL, business_id=8, role=Role.OWNER)
    told = desk.invite(owner, role="administrator", all_locations=True)
    assert told == desk.ask(owner, "list_invitations")["invitations"][0]

    desk.accept(desk.token(), name="Mallory", password="another fine one")
    user = auth.staff_sign_in(PASSWORD, EMAIL)["user"]
    assert (user["id"], user["name"]) == (elsewhere, "Olga")
    assert desk.rights(elsewhere) == [a_right(business_id=8), a_right("administrator")]


def test_what_somebody_may_there_already_stays(desk: Inviting, owner: int, auth: Auth) -> None:
    ada = auth.add_staff(EMAIL, role=Role.ADMINISTRATOR, location_ids=[HERE])
    desk.invite(owner, role="staff")
    desk.accept(desk.token())
    assert desk.role_of(ada) == {HERE: "administrator"}


def test_nobody_invites_to_more_than_they_have(desk: Inviting, owner: int, auth: Auth) -> None:
    ada = auth.add_staff("ada@example.com", role=Role.ADMINISTRATOR, location_ids=[HERE])
    olga = auth.add_staff("olga@example.com", location_ids=[HERE])
    for wish, code in (
        ({"allow": ["keys_edit"]}, "rights_beyond_own"),
        ({"role": "owner"}, "rights_beyond_own"),
        ({"all_locations": True}, "forbidden"),
        ({"location_id": THERE}, "forbidden"),
    ):
        with refused(code, Forbidden):
            desk.invite(ada, **wish)
    with refused("permission_missing", Forbidden, permission="users_edit"):
        desk.invite(olga)
    with pytest.raises(Invalid):
        desk.invite(owner, role="owner")
    assert desk.auth.sent() == []


def test_an_invitation_dies_with_the_rights_of_who_sent_it(
    desk: Inviting, owner: int, auth: Auth
) -> None:
    ada = auth.add_staff("ada@example.com", role=Role.ADMINISTRATOR, location_ids=[HERE])
    desk.invite(ada)
    token = desk.token()
    desk.do(owner, "change_right", user_id=ada, refuse=["users_edit"])
    with refused("link_over", NotFound):
        desk.accept(token)
    assert desk.auth.count("staff_users") == 2


def test_a_withdrawn_invitation_gives_nothing(desk: Inviting, owner: int) -> None:
    invitation = desk.invite(owner)
    assert desk.listed(owner) == [EMAIL]
    desk.do(owner, "withdraw_invitation", invitation_id=invitation["id"])
    assert desk.listed(owner) == []
    with refused("link_over", NotFound):
        desk.accept(desk.token())
    with refused("invitation_not_found", NotFound):
        desk.do(owner, "withdraw_invitation", invitation_id=invitation["id"])


def test_invited_again_they_get_the_same_link_and_what_was_said_last(
    desk: Inviting, owner: int
) -> None:
    desk.invite(owner)
    first = desk.token()
    desk.invite(owner, role="administrator", after=120)
    assert desk.token() == first
    assert desk.listed(owner) == [EMAIL]
    desk.accept(first, after=180)
    user = desk.auth.staff_sign_in(PASSWORD, EMAIL, after=180)["user"]
    assert desk.role_of(user["id"]) == {HERE: "administrator"}


def test_an_impatient_second_click_sends_no_second_letter(desk: Inviting, owner: int) -> None:
    desk.invite(owner)
    with refused("code_sent_recently", TooManyAttempts, seconds=60):
        desk.invite(owner)
    assert len(desk.auth.sent()) == 1
    assert desk.listed(owner) == [EMAIL]


def test_strangers_are_not_written_to_without_end(desk: Inviting, owner: int) -> None:
    for number in range(30):
        desk.invite(owner, f"n{number}@example.com")
    with refused("too_many_attempts", TooManyAttempts, seconds=3600):
        desk.invite(owner, "one.more@example.com")
    assert desk.invite(owner, "one.more@example.com", after=3600)


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a\n@example.com", "x" * 260 + "@a.fr"])
def test_what_is_no_address_is_refused(desk: Inviting, owner: int, email: str) -> None:
    with pytest.raises(Invalid):
        desk.invite(owner, email)


def test_who_was_revoked_comes_back_with_what_they_are_offered_now(
    desk: Inviting, owner: int, auth: Auth
) -> None:
    nina = auth.add_staff(EMAIL, business_id=8, role=Role.OWNER)
    old = auth.staff_sign_in(PASSWORD, EMAIL)["token"]
    auth.revoke(EMAIL)
    desk.invite(owner)
    assert desk.accept(desk.token(), password="another fine one") == {"login": EMAIL}

    user = auth.staff_sign_in("another fine one", EMAIL)["user"]
    assert (user["id"], user["name"]) == (nina, "Nina")
    assert desk.rights(nina) == [a_right("staff", location_id=HERE)]
    assert not auth.is_alive(old)
    with refused("password_incorrect", Unauthenticated):
        auth.staff_sign_in(PASSWORD, EMAIL)


def test_two_addresses_that_merely_look_alike_stay_two(
    desk: Inviting, owner: int, auth: Auth
) -> None:
    """Folding case makes one letter of two; another mailbox would get the link."""
    auth.add_staff("strasse@example.com", role=Role.OWNER, business_id=8)
    auth.revoke("strasse@example.com")
    assert desk.invite(owner, "stra\xdfe@example.com")["email"] == "stra\xdfe@example.com"
    assert desk.accept(desk.token()) == {"login": "stra\xdfe@example.com"}
    assert auth.count("staff_users") == 3
    assert "token" in auth.staff_sign_in(PASSWORD, "Stra\xdfe@example.com")
