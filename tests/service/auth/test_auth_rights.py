"""Staff give each other rights, never more than they have; somebody always owns the business."""

import threading
from typing import Any

import pytest

from services.auth.use_cases import rights
from services.auth.use_cases.rights import rights_by_user
from services.common.errors import Conflict, Forbidden, Invalid, NotFound
from services.common.rights import Permission, Role
from tests.callers import a_right
from tests.service.auth.conftest import Auth, at_once, refused

HERE, THERE = 1, 2
"""Two locations of business 7."""

EDIT, VIEW, DELETE = "appointments_edit", "appointments_view", "appointments_delete"


class Desk:
    """A business's staff, managed by one of them."""

    def __init__(self, auth: Auth) -> None:
        self.auth = auth

    def rights(self, user_id: int) -> list[dict[str, Any]]:
        with self.auth.database.read() as session:
            return [dict(right) for right in rights_by_user(session, [user_id])[user_id]]

    def viewer(self, user_id: int) -> dict[str, Any]:
        """Who calls, as the gateway tells it."""
        return {
            "partner_id": 1,
            "user_id": user_id,
            "kind": "staff",
            "rights": self.rights(user_id),
        }

    def ask(self, by: int, method: str, **arguments: Any) -> Any:
        place = {"business_id": 7, "location_id": HERE}
        worker = self.auth.worker(viewer=self.viewer(by))
        return getattr(worker, method)(**(place | arguments))

    def do(self, by: int, method: str, **request: Any) -> Any:
        place = {"business_id": 7, "location_id": HERE}
        worker = self.auth.worker(viewer=self.viewer(by))
        return getattr(worker, method)(request=place | request)

    def role_of(self, user_id: int) -> dict[int | None, str]:
        return {right["location_id"]: right["role"] for right in self.rights(user_id)}


@pytest.fixture
def desk(auth: Auth) -> Desk:
    return Desk(auth)


@pytest.fixture
def owner(auth: Auth) -> int:
    return auth.add_staff("owner@example.com", role=Role.OWNER)


@pytest.fixture
def administrator(auth: Auth) -> int:
    return auth.add_staff("ada@example.com", role=Role.ADMINISTRATOR, location_ids=[HERE])


@pytest.fixture
def olga(auth: Auth) -> int:
    return auth.add_staff("olga@example.com", role=Role.STAFF, location_ids=[HERE])


def test_everybody_sees_what_they_may_themselves(desk: Desk, olga: int) -> None:
    right = a_right("staff", location_id=HERE)
    assert desk.ask(olga, "get_own_right") == {"right": right}
    with refused("forbidden", Forbidden):
        desk.ask(olga, "get_own_right", location_id=THERE)


def test_who_may_sees_all_users_of_the_place(
    desk: Desk, owner: int, administrator: int, olga: int
) -> None:
    desk.auth.add_staff("far@example.com", role=Role.STAFF, location_ids=[THERE])
    desk.auth.add_staff("other@example.com", role=Role.OWNER, business_id=8)

    users = desk.ask(administrator, "list_staff_users")["users"]
    assert [(one["id"], one["right"]["role"]) for one in users] == [
        (owner, "owner"),
        (administrator, "administrator"),
        (olga, "staff"),
    ]
    with refused("permission_missing", Forbidden, permission="users_view"):
        desk.ask(olga, "list_staff_users")
    with refused("forbidden", Forbidden):
        desk.ask(administrator, "list_staff_users", location_id=THERE)


def test_who_may_see_nobody_still_sees_themself(desk: Desk, owner: int, olga: int) -> None:
    assert desk.ask(olga, "get_staff_user", user_id=olga)["login"] == "olga@example.com"
    with refused("permission_missing", Forbidden, permission="users_view"):
        desk.ask(olga, "get_staff_user", user_id=owner)


def test_a_single_permission_is_given_and_taken(desk: Desk, administrator: int, olga: int) -> None:
    told = desk.do(administrator, "change_right", user_id=olga, allow=[DELETE], refuse=[EDIT])
    assert told["right"]["permissions"] == [VIEW, DELETE, "schedules_view"]
    told = desk.do(administrator, "change_right", user_id=olga, allow=[EDIT], refuse=[DELETE])
    assert told["right"] == a_right("staff", location_id=HERE)


def test_another_role_begins_with_what_it_allows(desk: Desk, owner: int, olga: int) -> None:
    desk.do(owner, "change_right", user_id=olga, refuse=[EDIT])
    told = desk.do(owner, "change_right", user_id=olga, role="administrator")
    assert told["right"] == a_right("administrator", location_id=HERE)


@pytest.mark.parametrize(
    "wish", [{"allow": ["keys_edit"]}, {"role": "owner", "all_locations": True}]
)
def test_nobody_gives_what_they_have_not(
    desk: Desk, administrator: int, olga: int, wish: dict[str, Any]
) -> None:
    before = desk.auth.dump()
    with pytest.raises(Forbidden) as told:
        desk.do(administrator, "change_right", user_id=olga, **wish)
    assert told.value.code in ("rights_beyond_own", "forbidden")
    assert desk.auth.dump() == before


def test_nobody_changes_or_removes_who_may_more(
    desk: Desk, owner: int, administrator: int, auth: Auth
) -> None:
    keeper = auth.add_staff("k@example.com", role=Role.ADMINISTRATOR, location_ids=[HERE])
    desk.do(owner, "change_right", user_id=keeper, allow=["keys_edit"])
    for user_id in (owner, keeper):
        with refused("rights_beyond_own", Forbidden):
            desk.do(administrator, "change_right", user_id=user_id, role="staff")
        with refused("rights_beyond_own", Forbidden):
            desk.do(administrator, "remove_staff_user", user_id=user_id)


def test_who_may_not_edit_users_changes_nobody(desk: Desk, owner: int, olga: int) -> None:
    with refused("permission_missing", Forbidden, permission="users_edit"):
        desk.do(olga, "change_right", user_id=olga, allow=[DELETE])


def test_a_user_of_elsewhere_is_not_found(desk: Desk, owner: int, auth: Auth) -> None:
    stranger = auth.add_staff("s@example.com", business_id=8)
    for method in ("change_right", "remove_staff_user"):
        with refused("staff_user_not_found", NotFound):
            desk.do(owner, method, user_id=stranger)


def test_one_location_can_allow_less_than_all(desk: Desk, owner: int, auth: Auth) -> None:
    wide = auth.add_staff("wide@example.com", role=Role.ADMINISTRATOR)
    desk.do(owner, "change_right", user_id=wide, role="staff")
    assert desk.role_of(wide) == {None: "administrator", HERE: "staff"}
    with refused("permission_missing", Forbidden, permission="users_view"):
        desk.ask(wide, "list_staff_users")
    assert desk.ask(wide, "list_staff_users", location_id=THERE)["users"]

    desk.do(owner, "change_right", user_id=wide, role="staff", all_locations=True)
    assert desk.role_of(wide) == {None: "staff"}


def test_who_leaves_a_location_is_gone_from_there_alone(desk: Desk, owner: int, auth: Auth) -> None:
    both = auth.add_staff("b@example.com", location_ids=[HERE, THERE])
    desk.do(owner, "remove_staff_user", user_id=both)
    assert desk.role_of(both) == {THERE: "staff"}
    with refused("staff_user_not_found", NotFound):
        desk.do(owner, "remove_staff_user", user_id=both)


def test_who_works_everywhere_leaves_everywhere(desk: Desk, owner: int, auth: Auth) -> None:
    wide = auth.add_staff("wide@example.com", role=Role.ADMINISTRATOR)
    with refused("right_for_all_locations", Conflict):
        desk.do(owner, "remove_staff_user", user_id=wide)
    desk.do(owner, "remove_staff_user", user_id=wide, all_locations=True)
    assert desk.rights(wide) == []


def test_a_right_is_copied_to_other_locations_and_taken_there(
    desk: Desk, owner: int, olga: int
) -> None:
    places = [{"business_id": 7, "location_id": THERE}]
    desk.do(owner, "change_right", user_id=olga, allow=[DELETE])
    desk.do(owner, "copy_right", user_id=olga, places=places)
    here, there = desk.rights(olga)
    assert here["permissions"] == there["permissions"]
    assert DELETE in there["permissions"]

    worker = desk.auth.worker(viewer=desk.viewer(owner))
    worker.remove_from_places(request={"user_id": olga, "places": places})
    assert desk.role_of(olga) == {HERE: "staff"}


def test_copying_needs_the_permission_at_each_place(
    desk: Desk, administrator: int, olga: int
) -> None:
    places = [{"business_id": 7, "location_id": THERE}]
    with refused("forbidden", Forbidden):
        desk.do(administrator, "copy_right", user_id=olga, places=places)
    assert desk.role_of(olga) == {HERE: "staff"}


def test_owners_own_everything(desk: Desk, owner: int, olga: int) -> None:
    with refused("owner_of_a_location", Invalid):
        desk.do(owner, "change_right", user_id=olga, role="owner")
    desk.do(owner, "change_right", user_id=olga, role="owner", all_locations=True)
    assert desk.rights(olga) == [a_right("owner")]


@pytest.mark.parametrize(
    ("method", "wish"), [("change_right", {"role": "staff"}), ("remove_staff_user", {})]
)
def test_the_last_owner_stays(desk: Desk, owner: int, method: str, wish: dict[str, Any]) -> None:
    request = {"user_id": owner, "all_locations": True, **wish}
    with refused("last_owner", Conflict):
        desk.do(owner, method, **request)
    assert desk.rights(owner) == [a_right("owner")]

    gone = desk.auth.add_staff("gone@example.com", role=Role.OWNER)
    desk.auth.revoke("gone@example.com")
    with refused("last_owner", Conflict):
        desk.do(owner, method, **request)
    assert desk.role_of(gone) == {None: "owner"}

    desk.auth.add_staff("next@example.com", role=Role.OWNER)
    desk.do(owner, method, **request)
    assert desk.role_of(owner) in ({}, {None: "staff"})


def test_of_owners_who_leave_at_the_same_moment_one_stays(desk: Desk, auth: Auth) -> None:
    owners = [auth.add_staff(f"o{number}@example.com", role=Role.OWNER) for number in range(6)]
    viewers = [desk.viewer(owner) for owner in owners]

    def leave(number: int) -> Any:
        request = {"business_id": 7, "location_id": HERE, "all_locations": True}
        worker = auth.worker(viewer=viewers[number])
        return worker.remove_staff_user(request=request | {"user_id": owners[number]})

    told = at_once(6, leave)
    assert sorted(map(str, told)) == ["last_owner", *["{}"] * 5]
    assert sum(len(desk.rights(owner)) for owner in owners) == 1


@pytest.mark.parametrize("backend", ["postgresql"])
def test_without_the_queue_all_owners_could_leave(
    desk: Desk, auth: Auth, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the lock is for: both count the other one before either has left."""
    both = threading.Barrier(2)
    keep = rights._keep_another_owner

    def keep_and_wait(*arguments: Any) -> None:
        keep(*arguments)
        both.wait(30)

    monkeypatch.setattr(rights, "queue_for", lambda *_: None)
    monkeypatch.setattr(rights, "_keep_another_owner", keep_and_wait)
    owners = [auth.add_staff(f"o{number}@example.com", role=Role.OWNER) for number in range(2)]
    viewers = [desk.viewer(owner) for owner in owners]

    def leave(number: int) -> Any:
        request = {"business_id": 7, "location_id": HERE, "all_locations": True}
        worker = auth.worker(viewer=viewers[number])
        return worker.remove_staff_user(request=request | {"user_id": owners[number]})

    assert at_once(2, leave) == [{}, {}]
    assert [desk.rights(owner) for owner in owners] == [[], []]


def test_the_same_change_by_many_at_once_is_one(desk: Desk, owner: int, olga: int) -> None:
    viewer = desk.viewer(owner)

    def copy(_: int) -> Any:
        request = {"business_id": 7, "location_id": HERE, "user_id": olga}
        places = [{"business_id": 7, "location_id": THERE}]
        return desk.auth.worker(viewer=viewer).copy_right(request=request | {"places": places})

    assert at_once(8, copy) == [{}] * 8
    assert desk.role_of(olga) == {HERE: "staff", THERE: "staff"}


def test_what_a_right_allows_is_said_in_words_that_there_are(desk: Desk, owner: int) -> None:
    with refused("validation_failed", Invalid):
        desk.do(owner, "change_right", user_id=owner, allow=["everything"])
    assert set(desk.rights(owner)[0]["permissions"]) == set(Permission)


def test_a_key_of_another_business_opens_nothing_whatever_its_user_may(
    desk: Desk, owner: int, olga: int
) -> None:
    """Neither to look at, nor to change, nor where the place stands among others."""
    viewer = desk.viewer(owner) | {"partner_business_ids": [8]}
    place = {"business_id": 7, "location_id": HERE}
    before = desk.auth.dump()
    for method in ("get_own_right", "list_staff_users", "list_invitations"):
        with refused("location_outside_key", Forbidden):
            getattr(desk.auth.worker(viewer=viewer), method)(**place)
    with refused("location_outside_key", Forbidden):
        desk.auth.worker(viewer=viewer).get_staff_user(**place, user_id=owner)
    with refused("location_outside_key", Forbidden):
        desk.auth.worker(viewer=viewer).list_partner_keys(business_id=7)
    for method, request in (
        ("change_right", place | {"user_id": olga, "role": "administrator"}),
        ("remove_staff_user", place | {"user_id": olga}),
        ("remove_from_places", {"user_id": olga, "places": [place]}),
    ):
        with refused("location_outside_key", Forbidden):
            getattr(desk.auth.worker(viewer=viewer), method)(request=request)
    assert desk.auth.dump() == before


def test_a_key_of_one_business_copies_no_right_into_another(
    desk: Desk, owner: int, olga: int
) -> None:
    desk.auth.add_staff("both@example.com", role=Role.OWNER, business_id=8)
    rights_here = [a_right(), a_right(business_id=8)]
    viewer = desk.viewer(owner) | {"rights": rights_here, "partner_business_ids": [7]}
    request = {
        "business_id": 7,
        "location_id": HERE,
        "user_id": olga,
        "places": [{"business_id": 8, "location_id": 9}],
    }
    with refused("location_outside_key", Forbidden):
        desk.auth.worker(viewer=viewer).copy_right(request=request)
    assert desk.role_of(olga) == {HERE: "staff"}
