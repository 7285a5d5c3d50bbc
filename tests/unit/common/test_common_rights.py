"""What staff may do where: the most particular right counts, and nothing takes from owners."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.rights import (
    OF_ROLE,
    Permission,
    Role,
    is_within_key,
    may,
    right_at,
    rights_of,
)
from tests.callers import a_right

HERE = {"business_id": 7, "location_id": 1}
THERE = {"business_id": 7, "location_id": 2}
BUSINESS = {"business_id": 7}
EDIT = Permission.APPOINTMENTS_EDIT


def test_a_right_is_for_its_place_alone():
    rights = [a_right("staff", location_id=1)]
    assert may(rights, EDIT, **HERE)
    assert not may(rights, EDIT, **THERE)
    assert not may(rights, EDIT, **BUSINESS)
    assert not may(rights, EDIT, business_id=8, location_id=1)


def test_a_right_for_the_business_is_for_all_its_locations():
    rights = [a_right("administrator")]
    assert all(may(rights, EDIT, **place) for place in (HERE, THERE, BUSINESS))


def test_what_was_said_of_one_location_goes_before_what_was_said_of_all():
    rights = [a_right("administrator"), a_right("staff", location_id=1, permissions=[])]
    assert not may(rights, EDIT, **HERE)
    assert may(rights, EDIT, **THERE)


def test_nothing_takes_from_owners():
    rights = [a_right("staff", location_id=1, permissions=[]), a_right("owner")]
    assert right_at(rights, **HERE) == a_right("owner")
    assert all(may(rights, permission, **HERE) for permission in Permission)


def test_each_role_allows_what_the_lesser_one_does():
    assert OF_ROLE[Role.STAFF] < OF_ROLE[Role.ADMINISTRATOR] < OF_ROLE[Role.OWNER]
    assert OF_ROLE[Role.OWNER] == set(Permission)


@pytest.mark.parametrize("kind", [None, "client", "partner"])
def test_nobody_but_staff_has_rights(kind):
    assert rights_of({"kind": kind, "rights": [a_right()]}) == []
    assert rights_of({}) == []


def test_a_key_is_for_all_businesses_or_for_those_it_names():
    assert is_within_key({}, 7)
    assert is_within_key({"partner_business_ids": None}, 7)
    assert is_within_key({"partner_business_ids": [7, 8]}, 7)
    assert not is_within_key({"partner_business_ids": [8]}, 7)
    assert not is_within_key({"partner_business_ids": []}, 7)


places = st.fixed_dictionaries(
    {"business_id": st.integers(1, 3), "location_id": st.none() | st.integers(1, 3)}
)
rights = st.lists(
    st.builds(
        lambda place, role, permissions: {
            **place,
            "role": role.value,
            "permissions": permissions,
        },
        places,
        st.sampled_from([Role.ADMINISTRATOR, Role.STAFF]),
        st.lists(st.sampled_from([one.value for one in Permission]), unique=True),
    ),
    unique_by=lambda right: (right["business_id"], right["location_id"]),
    max_size=6,
)


@given(rights, places, st.sampled_from(Permission))
def test_whatever_is_allowed_some_right_for_that_business_allows(rights, place, permission):
    if may(rights, permission, **place):
        assert any(
            permission in right["permissions"]
            and right["business_id"] == place["business_id"]
            and right["location_id"] in (None, place["location_id"])
            for right in rights
        )
