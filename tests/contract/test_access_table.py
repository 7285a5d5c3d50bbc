"""Every route × keys that are for less, and staff who may less."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.access_table import ACCESS, DEVELOPMENT_ACCESS
from gateway.app import create_app
from gateway.callers import Caller
from services.common.config import Settings
from services.common.rights import Permission, Scope
from tests.contract.calling import call, calls
from tests.contract.owners import REVOKED_KEY, TOKENS

OF_ONESELF = {
    "second_factors.begin_second_factor",
    "second_factors.confirm_second_factor",
    "second_factors.remove_second_factor",
    "staff_passwords.change_password",
}
OF_BUSINESSES = {
    "categories.chain_categories",
    "desk.partner_records",
    "locations.create_company",
    "locations.groups",
}
"""Not of one location: booking decides."""

STAFF_ROUTES: dict[str, Permission | None] = {
    "desk.records": Permission.APPOINTMENTS_VIEW,
    "desk.create_record": Permission.APPOINTMENTS_EDIT,
    "desk.record": Permission.APPOINTMENTS_VIEW,
    "desk.update_record": Permission.APPOINTMENTS_EDIT,
    "desk.delete_record": Permission.APPOINTMENTS_DELETE,
    "activity_desk.create_activity": Permission.APPOINTMENTS_EDIT,
    "activity_desk.change_activity": Permission.APPOINTMENTS_EDIT,
    "activity_desk.delete_activity": Permission.APPOINTMENTS_DELETE,
    "activity_desk.duplicate_activity": Permission.APPOINTMENTS_EDIT,
    "activity_desk.strategies": Permission.APPOINTMENTS_VIEW,
    "activity_desk.create_strategy": Permission.APPOINTMENTS_EDIT,
    "activity_desk.change_strategy": Permission.APPOINTMENTS_EDIT,
    "activity_desk.delete_strategy": Permission.APPOINTMENTS_EDIT,
    "waitlist.waitlist": Permission.APPOINTMENTS_VIEW,
    "waitlist.remove_from_waitlist": Permission.APPOINTMENTS_EDIT,
    "resources.resources": Permission.SCHEDULES_VIEW,
    "resources.create_resource": Permission.CATALOGUE_EDIT,
    "resources.change_resource": Permission.CATALOGUE_EDIT,
    "resources.delete_resource": Permission.CATALOGUE_EDIT,
    "timetables.timeslots": Permission.SCHEDULES_VIEW,
    "timetables.set_timeslots": Permission.SETTINGS_EDIT,
    "timetables.timetable_dates": Permission.SCHEDULES_VIEW,
    "timetables.timetable_seances": Permission.SCHEDULES_VIEW,
    "settings.booking_forms": Permission.SETTINGS_EDIT,
    "settings.create_booking_form": Permission.SETTINGS_EDIT,
    "settings.booking_form": Permission.SETTINGS_EDIT,
    "settings.change_booking_form": Permission.SETTINGS_EDIT,
    "settings.delete_booking_form": Permission.SETTINGS_EDIT,
    "settings.online_settings": Permission.SETTINGS_EDIT,
    "settings.change_online_settings": Permission.SETTINGS_EDIT,
    "settings.timetable_settings": Permission.SETTINGS_EDIT,
    "settings.change_timetable_settings": Permission.SETTINGS_EDIT,
    "clients.clients": Permission.CLIENTS_VIEW,
    "clients.create_client": Permission.CLIENTS_EDIT,
    "clients.create_clients": Permission.CLIENTS_EDIT,
    "clients.client": Permission.CLIENTS_VIEW,
    "clients.update_client": Permission.CLIENTS_EDIT,
    "clients.delete_client": Permission.CLIENTS_DELETE,
    "clients.search_clients": Permission.CLIENTS_VIEW,
    "client_notes.client_files": Permission.CLIENTS_VIEW,
    "client_notes.client_comments": Permission.CLIENTS_VIEW,
    "client_notes.add_client_comment": Permission.CLIENTS_EDIT,
    "client_notes.delete_client_comment": Permission.CLIENTS_EDIT,
    "client_notes.blacklist": Permission.CLIENTS_VIEW,
    "client_notes.block_client": Permission.CLIENTS_EDIT,
    "client_notes.unblock_client": Permission.CLIENTS_EDIT,
    "tags.tags": None,
    "labels.labels": None,
    "labels.create_label": Permission.SETTINGS_EDIT,
    "labels.update_label": Permission.SETTINGS_EDIT,
    "labels.delete_label": Permission.SETTINGS_EDIT,
    "labels.custom_fields": None,
    "labels.create_custom_field": Permission.SETTINGS_EDIT,
    "labels.update_custom_field": Permission.SETTINGS_EDIT,
    "labels.delete_custom_field": Permission.SETTINGS_EDIT,
    "visits.client_visits": Permission.CLIENTS_VIEW,
    "visits.visit": Permission.APPOINTMENTS_VIEW,
    "visits.mark_visit": Permission.APPOINTMENTS_EDIT,
    "visits.visit_details": Permission.APPOINTMENTS_VIEW,
    "visits.record_history": Permission.APPOINTMENTS_VIEW,
    "visits.group_clients": Permission.CLIENTS_VIEW,
    "schedules.schedule": Permission.SCHEDULES_VIEW,
    "schedules.set_schedule": Permission.SCHEDULES_EDIT,
    "schedules.set_schedule_of_dates": Permission.SCHEDULES_EDIT,
    "schedules.staff_schedules": Permission.SCHEDULES_VIEW,
    "schedules.set_staff_schedules": Permission.SCHEDULES_EDIT,
    "review_desk.reviews": Permission.REVIEWS_EDIT,
    "review_desk.hide_review": Permission.REVIEWS_EDIT,
    "review_desk.show_review": Permission.REVIEWS_EDIT,
    "review_desk.answer_review": Permission.REVIEWS_EDIT,
    "staff_users.own_permissions": None,
    "staff_users.users": Permission.USERS_VIEW,
    "staff_users.company_users": Permission.USERS_VIEW,
    "staff_users.remove_user": Permission.USERS_EDIT,
    "staff_users.roles": None,
    "staff_users.user_roles": None,
    "staff_users.permissions": None,
    "staff_users.set_permissions": Permission.USERS_EDIT,
    "staff_users.copy_to_companies": Permission.USERS_VIEW,
    "staff_users.remove_from_companies": Permission.USERS_VIEW,
    "invitations.invite": Permission.USERS_EDIT,
    "invitations.invitations": Permission.USERS_VIEW,
    "invitations.withdraw_invitation": Permission.USERS_EDIT,
    "partner_keys.partner_keys": Permission.KEYS_EDIT,
    "partner_keys.create_partner_key": Permission.KEYS_EDIT,
    "partner_keys.change_partner_key": Permission.KEYS_EDIT,
    "partner_keys.rotate_partner_key": Permission.KEYS_EDIT,
    "partner_keys.revoke_partner_key": Permission.KEYS_EDIT,
    "services.services": None,
    "services.company_services": None,
    "services.service": None,
    "services.company_service": None,
    "services.create_service": Permission.CATALOGUE_EDIT,
    "services.company_create_service": Permission.CATALOGUE_EDIT,
    "services.update_service": Permission.CATALOGUE_EDIT,
    "services.patch_service": Permission.CATALOGUE_EDIT,
    "services.company_update_service": Permission.CATALOGUE_EDIT,
    "services.company_patch_service": Permission.CATALOGUE_EDIT,
    "services.delete_service": Permission.CATALOGUE_EDIT,
    "services.company_delete_service": Permission.CATALOGUE_EDIT,
    "services.create_link": Permission.CATALOGUE_EDIT,
    "services.update_link": Permission.CATALOGUE_EDIT,
    "services.delete_link": Permission.CATALOGUE_EDIT,
    "services.set_links": Permission.CATALOGUE_EDIT,
    "categories.categories": None,
    "categories.one_of_categories": None,
    "categories.company_categories": None,
    "categories.company_category": None,
    "categories.category": None,
    "categories.create_category": Permission.CATALOGUE_EDIT,
    "categories.update_category": Permission.CATALOGUE_EDIT,
    "categories.delete_category": Permission.CATALOGUE_EDIT,
    "staff.staff": None,
    "staff.company_staff": None,
    "staff.staff_member": None,
    "staff.company_staff_member": None,
    "staff.create_staff_member": Permission.STAFF_EDIT,
    "staff.quick_staff_member": Permission.STAFF_EDIT,
    "staff.update_staff_member": Permission.STAFF_EDIT,
    "staff.delete_staff_member": Permission.STAFF_EDIT,
    "staff.positions": None,
    "staff.staff_positions": None,
    "staff.position": None,
    "staff.create_position": Permission.STAFF_EDIT,
    "staff.quick_position": Permission.STAFF_EDIT,
    "staff.update_position": Permission.STAFF_EDIT,
    "staff.delete_position": Permission.STAFF_EDIT,
    "images.change_service_image": Permission.CATALOGUE_EDIT,
    "images.delete_service_image": Permission.CATALOGUE_EDIT,
    "images.change_staff_image": Permission.STAFF_EDIT,
    "images.delete_staff_image": Permission.STAFF_EDIT,
    "locations.update_company": Permission.SETTINGS_EDIT,
    "locations.delete_company": Permission.SETTINGS_EDIT,
}
"""Said here once more, so that nobody opens a route by a slip of the table."""

MAY: dict[str, set[Permission]] = {
    "administrator": set(Permission) - {Permission.KEYS_EDIT},
    "staff of the location": {
        Permission.APPOINTMENTS_VIEW,
        Permission.APPOINTMENTS_EDIT,
        Permission.SCHEDULES_VIEW,
    },
    "staff without a permission": set(),
}
GUARDED = [name for name, access in ACCESS.items() if Caller.NONE not in access.callers]
ONLY_STAFF = [
    name
    for name in GUARDED
    if ACCESS[name].callers == {Caller.STAFF} and name not in OF_ONESELF | OF_BUSINESSES
]
ELSEWHERE = {"visits.visit", "visits.mark_visit", "visits.group_clients"}
"""Which location that is about, the service knows."""

AT_LOCATIONS = sorted(
    {
        rule.endpoint
        for rule in create_app(Settings(amqp_uri="memory://")).url_map.iter_rules()
        if rule.endpoint in GUARDED and "company_id" in rule.arguments
    }
)
"""What is not at a location, the services tell apart."""
TAKING_USERS = [name for name in GUARDED if ACCESS[name].takes_users]


def outcomes(app: Flask, client: FlaskClient, endpoint: str, header: str) -> list[tuple[int, str]]:
    """Status and reason of every way to the route."""
    told = []
    for method, address in calls(app)[endpoint]:
        response = call(client, endpoint, method, address, header)
        reason = ""
        if response.status_code >= 400:
            reason = response.json["errors"]["reason"]
        assert response.status_code < 500, response.text
        told.append((response.status_code, reason))
    return told


def header_of(kind: str, key: str = "demo-key") -> str:
    return f"Bearer {key}, User {TOKENS[kind]}"


def is_let_in(outcome: tuple[int, str]) -> bool:
    """Past the gateway's table and the services' own look at who calls."""
    return outcome[0] not in (401, 403)


def test_every_route_of_the_staff_has_the_permission_that_it_should() -> None:
    assert {name: ACCESS[name].permission for name in ONLY_STAFF} == STAFF_ROUTES
    assert [name for name in ACCESS if ACCESS[name].permission and name not in ONLY_STAFF] == []


def test_every_route_of_the_staff_names_the_location_for_which_it_is() -> None:
    assert set(ONLY_STAFF) - set(AT_LOCATIONS) == ELSEWHERE


def test_what_is_open_to_development_alone_is_in_no_other_table() -> None:
    assert not set(ACCESS) & set(DEVELOPMENT_ACCESS)


@pytest.mark.parametrize("endpoint", ONLY_STAFF)
@pytest.mark.parametrize("kind", MAY)
def test_staff_do_what_they_may(app: Flask, client: FlaskClient, endpoint: str, kind: str) -> None:
    permission = STAFF_ROUTES[endpoint]
    for outcome in outcomes(app, client, endpoint, header_of(kind)):
        if permission is None or permission in MAY[kind]:
            assert is_let_in(outcome)
        else:
            assert outcome == (403, "permission_missing")


@pytest.mark.parametrize("endpoint", ONLY_STAFF)
def test_an_owner_may_everything(app: Flask, client: FlaskClient, endpoint: str) -> None:
    assert all(map(is_let_in, outcomes(app, client, endpoint, header_of("staff"))))


@pytest.mark.parametrize("endpoint", ONLY_STAFF)
@pytest.mark.parametrize(
    "kind",
    ["staff of another location", "staff of another business", "staff without rights", "client"],
)
def test_who_does_not_work_there_is_refused(
    app: Flask, client: FlaskClient, endpoint: str, kind: str
) -> None:
    told = outcomes(app, client, endpoint, header_of(kind))
    assert set(told) == {(403, "forbidden")}


@pytest.mark.parametrize("endpoint", GUARDED)
@pytest.mark.parametrize("scope", Scope)
def test_a_key_opens_what_its_scope_is_for(
    app: Flask, client: FlaskClient, endpoint: str, scope: Scope
) -> None:
    key = {Scope.BOOKING: "booking", Scope.CLIENT: "clients", Scope.STAFF: "staff"}[scope]
    for outcome in outcomes(app, client, endpoint, f"Bearer key-for-{key}"):
        if scope not in ACCESS[endpoint].scopes:
            assert outcome == (403, "scope_missing")
        elif Caller.PARTNER in ACCESS[endpoint].callers:
            assert is_let_in(outcome)
        else:
            assert outcome == (401, "unauthenticated")


@pytest.mark.parametrize("endpoint", TAKING_USERS)
@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("key-for-booking", "client"),
        ("key-for-booking", "staff"),
        ("key-for-staff", "client"),
        ("key-for-clients", "staff"),
    ],
)
def test_a_token_counts_with_a_key_for_that_kind_of_user_alone(
    app: Flask, client: FlaskClient, endpoint: str, key: str, kind: str
) -> None:
    told = outcomes(app, client, endpoint, header_of(kind, key))
    assert set(told) == {(403, "scope_missing")}


@pytest.mark.parametrize("endpoint", AT_LOCATIONS)
@pytest.mark.parametrize("user", ["", ", User token-of-staff", ", User token-of-client"])
def test_a_key_of_another_business_opens_nothing_of_this_ones_locations(
    app: Flask, client: FlaskClient, endpoint: str, user: str
) -> None:
    told = outcomes(app, client, endpoint, f"Bearer key-of-another-business{user}")
    caller = {"": Caller.PARTNER, ", User token-of-staff": Caller.STAFF}.get(user, Caller.CLIENT)
    is_asked = ACCESS[endpoint].takes_users
    if not is_asked or caller in ACCESS[endpoint].callers:
        assert set(told) == {(403, "location_outside_key")}
    else:
        assert {status for status, _ in told} <= {401, 403}


@pytest.mark.parametrize("endpoint", ONLY_STAFF)
def test_a_key_of_this_business_opens_its_locations(
    app: Flask, client: FlaskClient, endpoint: str
) -> None:
    told = outcomes(app, client, endpoint, header_of("staff", "key-of-this-business"))
    assert all(map(is_let_in, told))


@pytest.mark.parametrize("endpoint", GUARDED)
@pytest.mark.parametrize("user", ["", ", User token-of-staff", ", User token-of-client"])
def test_a_revoked_key_opens_nothing(
    app: Flask, client: FlaskClient, endpoint: str, user: str
) -> None:
    told = outcomes(app, client, endpoint, f"Bearer {REVOKED_KEY}{user}")
    assert set(told) == {(401, "partner_key_unknown")}


@pytest.mark.parametrize("endpoint", TAKING_USERS)
def test_an_ended_session_opens_nothing(app: Flask, client: FlaskClient, endpoint: str) -> None:
    told: Any = outcomes(app, client, endpoint, "Bearer demo-key, User ended-token")
    assert set(told) == {(401, "session_unknown")}
