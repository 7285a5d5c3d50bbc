"""Who may call what: one table, which a route must be in before the gateway starts."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from flask import Flask, g, request

from gateway.context import (
    check_idempotency_key,
    gateway,
    location_facts,
    rpc,
    speak_as_the_location,
)
from gateway.limits import count_address, count_caller, forget_own_rate
from gateway.partners import Digests, digest_of
from services.common.errors import Forbidden, Unauthenticated
from services.common.rights import Permission, Scope, may, right_at


class Caller(StrEnum):
    """Kinds of callers. What a partner may see of whom, the service that owns it decides."""

    NONE = "none"
    PARTNER = "partner"
    CLIENT = "client"
    STAFF = "staff"


@dataclass(frozen=True)
class Access:
    """Who may call a route: which kinds of callers, with a key of one of which scopes.

    Staff need the permission as well, at the location that the address names. With
    a user's token the key needs the scope of that kind of user besides.
    """

    callers: frozenset[Caller]
    scopes: frozenset[Scope] = frozenset(Scope)
    permission: Permission | None = None

    @property
    def takes_users(self) -> bool:
        return bool(self.callers & {Caller.CLIENT, Caller.STAFF})


def _access(*callers: Caller, scopes: Iterable[Scope] = Scope) -> Access:
    return Access(frozenset(callers), frozenset(scopes))


def staff(permission: Permission | None) -> Access:
    """For staff who may do that there; with None, for all who work there."""
    return replace(STAFF, permission=permission)


ANYBODY = _access(*Caller)
PARTNERS = _access(Caller.PARTNER, Caller.CLIENT, Caller.STAFF)
BOOKING = replace(PARTNERS, scopes=frozenset({Scope.BOOKING}))
# Opened by a hash, or by being signed in as the client.
HASH = replace(PARTNERS, scopes=frozenset({Scope.BOOKING, Scope.CLIENT}))
USERS = _access(Caller.CLIENT, Caller.STAFF)
CLIENTS = _access(Caller.CLIENT, scopes=[Scope.CLIENT])
STAFF = _access(Caller.STAFF, scopes=[Scope.STAFF])
# Who signs in is nobody yet: a user token, perhaps an old one, is not looked at.
SIGNING_IN = _access(Caller.PARTNER, scopes=[Scope.BOOKING, Scope.CLIENT])
SIGNING_IN_CLIENTS = replace(SIGNING_IN, scopes=frozenset({Scope.CLIENT}))
SIGNING_IN_STAFF = replace(SIGNING_IN, scopes=frozenset({Scope.STAFF}))

Table = Mapping[str, Access]

ACCESS: Table = {
    "operation.livez": ANYBODY,
    "operation.readyz": ANYBODY,
    "documents.openapi": ANYBODY,
    "documents.root": ANYBODY,
    "swagger_ui.show": ANYBODY,
    # Opened by the link of a letter.
    "link_pages.show": ANYBODY,
    "photos.photo": ANYBODY,
    "photos.image": ANYBODY,
    "link_pages.act": ANYBODY,
    "forms.bookform": BOOKING,
    "forms.dictionary": PARTNERS,
    "locations.companies": PARTNERS,
    "locations.locations": PARTNERS,
    "locations.company": PARTNERS,
    "catalogue.book_services": BOOKING,
    "catalogue.book_staff": BOOKING,
    "availability.book_staff_seances": BOOKING,
    "availability.book_dates": BOOKING,
    "availability.book_times": BOOKING,
    "availability.book_times_reasons": BOOKING,
    "agreements.privacy_policy": PARTNERS,
    "agreements.user_agreements": CLIENTS,
    "agreements.agree": CLIENTS,
    "sessions.book_code": SIGNING_IN,
    "sessions.book_code_channel": SIGNING_IN,
    "sessions.user_auth": SIGNING_IN_CLIENTS,
    "sessions.auth": SIGNING_IN_STAFF,
    "sessions.sign_out": USERS,
    "own_sessions.sessions": USERS,
    "own_sessions.end_session": USERS,
    "own_sessions.end_sessions": USERS,
    "second_factors.begin_second_factor": STAFF,
    "second_factors.confirm_second_factor": STAFF,
    "second_factors.remove_second_factor": STAFF,
    "staff_passwords.change_password": STAFF,
    "staff_passwords.forgot_password": SIGNING_IN_STAFF,
    "accounts.booking_auth": SIGNING_IN_CLIENTS,
    "accounts.sign_up": SIGNING_IN_CLIENTS,
    "accounts.forgot_password": SIGNING_IN_CLIENTS,
    "accounts.reset_password": SIGNING_IN_CLIENTS,
    "accounts.change_password": CLIENTS,
    "accounts.user_data": CLIENTS,
    "accounts.change_user": CLIENTS,
    "accounts.change_photo": CLIENTS,
    "accounts.delete_photo": CLIENTS,
    "accounts.phone_confirmation": CLIENTS,
    "accounts.email_confirmation": CLIENTS,
    "booking.book_check": BOOKING,
    "booking.book_record": BOOKING,
    "records.read_record": HASH,
    "records.read_own_record": CLIENTS,
    "records.move_record": HASH,
    "records.move_own_record": CLIENTS,
    "records.user_records": CLIENTS,
    "records.user_record": CLIENTS,
    "records.user_record_by_hash": HASH,
    "records.cancel_record": HASH,
    "records.cancel_own_record": CLIENTS,
    "records.confirm_record": HASH,
    "records.confirm_own_record": CLIENTS,
    # Read by calendar programs, which can send no key.
    "calendars.calendar_file": ANYBODY,
    "calendars.calendar": ANYBODY,
    "calendars.own_calendar_file": CLIENTS,
    "calendars.calendar_feed": CLIENTS,
    "calendars.renew_calendar_feed": CLIENTS,
    "calendars.end_calendar_feed": CLIENTS,
    "own_places.places": CLIENTS,
    "own_places.favourites": CLIENTS,
    "own_places.add_favourite": CLIENTS,
    "own_places.remove_favourite": CLIENTS,
    "reviews.review_form": HASH,
    "reviews.write_review": HASH,
    "reviews.put_review_off": HASH,
    "reviews.comments": BOOKING,
    "reviews.write_comment": CLIENTS,
    "review_desk.reviews": staff(Permission.REVIEWS_EDIT),
    "review_desk.hide_review": staff(Permission.REVIEWS_EDIT),
    "review_desk.show_review": staff(Permission.REVIEWS_EDIT),
    "review_desk.answer_review": staff(Permission.REVIEWS_EDIT),
    "records.repeat": HASH,
    "records.repeat_own": CLIENTS,
    "loyalty.loyalty_cards": CLIENTS,
    "loyalty.loyalty_cards_at": CLIENTS,
    "notifications.notifications": CLIENTS,
    "notifications.read_notification": CLIENTS,
    "notifications.read_all_notifications": CLIENTS,
    "notifications.delete_notification": CLIENTS,
    "desk.records": staff(Permission.APPOINTMENTS_VIEW),
    "desk.create_record": staff(Permission.APPOINTMENTS_EDIT),
    "desk.record": staff(Permission.APPOINTMENTS_VIEW),
    "desk.update_record": staff(Permission.APPOINTMENTS_EDIT),
    "desk.delete_record": staff(Permission.APPOINTMENTS_DELETE),
    "timetables.timeslots": staff(Permission.SCHEDULES_VIEW),
    "timetables.set_timeslots": staff(Permission.SETTINGS_EDIT),
    "timetables.timetable_dates": staff(Permission.SCHEDULES_VIEW),
    "timetables.timetable_seances": staff(Permission.SCHEDULES_VIEW),
    "resources.resources": staff(Permission.SCHEDULES_VIEW),
    "resources.create_resource": staff(Permission.CATALOGUE_EDIT),
    "resources.change_resource": staff(Permission.CATALOGUE_EDIT),
    "resources.delete_resource": staff(Permission.CATALOGUE_EDIT),
    "reference.countries": PARTNERS,
    "reference.cities": PARTNERS,
    "reference.validate_phone": PARTNERS,
    "settings.booking_forms": staff(Permission.SETTINGS_EDIT),
    "settings.create_booking_form": staff(Permission.SETTINGS_EDIT),
    "settings.booking_form": staff(Permission.SETTINGS_EDIT),
    "settings.change_booking_form": staff(Permission.SETTINGS_EDIT),
    "settings.delete_booking_form": staff(Permission.SETTINGS_EDIT),
    "settings.online_settings": staff(Permission.SETTINGS_EDIT),
    "settings.change_online_settings": staff(Permission.SETTINGS_EDIT),
    "settings.timetable_settings": staff(Permission.SETTINGS_EDIT),
    "settings.change_timetable_settings": staff(Permission.SETTINGS_EDIT),
    "clients.clients": staff(Permission.CLIENTS_VIEW),
    "clients.create_client": staff(Permission.CLIENTS_EDIT),
    "clients.create_clients": staff(Permission.CLIENTS_EDIT),
    "clients.client": staff(Permission.CLIENTS_VIEW),
    "clients.update_client": staff(Permission.CLIENTS_EDIT),
    "clients.delete_client": staff(Permission.CLIENTS_DELETE),
    "clients.search_clients": staff(Permission.CLIENTS_VIEW),
    "client_notes.client_comments": staff(Permission.CLIENTS_VIEW),
    "client_notes.add_client_comment": staff(Permission.CLIENTS_EDIT),
    "client_notes.delete_client_comment": staff(Permission.CLIENTS_EDIT),
    "client_notes.blacklist": staff(Permission.CLIENTS_VIEW),
    "client_notes.block_client": staff(Permission.CLIENTS_EDIT),
    "client_notes.unblock_client": staff(Permission.CLIENTS_EDIT),
    "labels.labels": staff(None),
    "labels.create_label": staff(Permission.SETTINGS_EDIT),
    "labels.update_label": staff(Permission.SETTINGS_EDIT),
    "labels.delete_label": staff(Permission.SETTINGS_EDIT),
    "labels.custom_fields": staff(None),
    "labels.create_custom_field": staff(Permission.SETTINGS_EDIT),
    "labels.update_custom_field": staff(Permission.SETTINGS_EDIT),
    "labels.delete_custom_field": staff(Permission.SETTINGS_EDIT),
    "visits.client_visits": staff(Permission.CLIENTS_VIEW),
    # Where a visit was, and whose a chain is, the service knows.
    "visits.visit": staff(Permission.APPOINTMENTS_VIEW),
    "visits.mark_visit": staff(Permission.APPOINTMENTS_EDIT),
    "visits.visit_details": staff(Permission.APPOINTMENTS_VIEW),
    "visits.record_history": staff(Permission.APPOINTMENTS_VIEW),
    "visits.group_clients": staff(Permission.CLIENTS_VIEW),
    "schedules.schedule": staff(Permission.SCHEDULES_VIEW),
    "schedules.set_schedule": staff(Permission.SCHEDULES_EDIT),
    "staff_users.own_permissions": staff(None),
    "staff_users.users": staff(Permission.USERS_VIEW),
    "staff_users.company_users": staff(Permission.USERS_VIEW),
    "staff_users.remove_user": staff(Permission.USERS_EDIT),
    "staff_users.roles": staff(None),
    # Their own, everybody may see; auth decides.
    "staff_users.user_roles": staff(None),
    "staff_users.permissions": staff(None),
    "staff_users.set_permissions": staff(Permission.USERS_EDIT),
    "staff_users.copy_to_companies": staff(Permission.USERS_VIEW),
    "staff_users.remove_from_companies": staff(Permission.USERS_VIEW),
    "invitations.invite": staff(Permission.USERS_EDIT),
    "invitations.invitations": staff(Permission.USERS_VIEW),
    "invitations.withdraw_invitation": staff(Permission.USERS_EDIT),
    "invitations.accept_invitation": SIGNING_IN_STAFF,
    "partner_keys.partner_keys": staff(Permission.KEYS_EDIT),
    "partner_keys.create_partner_key": staff(Permission.KEYS_EDIT),
    "partner_keys.change_partner_key": staff(Permission.KEYS_EDIT),
    "partner_keys.rotate_partner_key": staff(Permission.KEYS_EDIT),
    "partner_keys.revoke_partner_key": staff(Permission.KEYS_EDIT),
    "services.services": staff(None),
    "services.company_services": staff(None),
    "services.service": staff(None),
    "services.company_service": staff(None),
    "services.create_service": staff(Permission.CATALOGUE_EDIT),
    "services.company_create_service": staff(Permission.CATALOGUE_EDIT),
    "services.update_service": staff(Permission.CATALOGUE_EDIT),
    "services.patch_service": staff(Permission.CATALOGUE_EDIT),
    "services.company_update_service": staff(Permission.CATALOGUE_EDIT),
    "services.company_patch_service": staff(Permission.CATALOGUE_EDIT),
    "services.delete_service": staff(Permission.CATALOGUE_EDIT),
    "services.company_delete_service": staff(Permission.CATALOGUE_EDIT),
    "services.create_link": staff(Permission.CATALOGUE_EDIT),
    "services.update_link": staff(Permission.CATALOGUE_EDIT),
    "services.delete_link": staff(Permission.CATALOGUE_EDIT),
    "services.set_links": staff(Permission.CATALOGUE_EDIT),
    "categories.categories": staff(None),
    "categories.one_of_categories": staff(None),
    "categories.company_categories": staff(None),
    "categories.company_category": staff(None),
    "categories.category": staff(None),
    # Of a whole business: booking decides.
    "categories.chain_categories": staff(None),
    "categories.create_category": staff(Permission.CATALOGUE_EDIT),
    "categories.update_category": staff(Permission.CATALOGUE_EDIT),
    "categories.delete_category": staff(Permission.CATALOGUE_EDIT),
    "staff.staff": staff(None),
    "staff.company_staff": staff(None),
    "staff.staff_member": staff(None),
    "staff.company_staff_member": staff(None),
    "staff.create_staff_member": staff(Permission.STAFF_EDIT),
    "staff.quick_staff_member": staff(Permission.STAFF_EDIT),
    "staff.update_staff_member": staff(Permission.STAFF_EDIT),
    "staff.delete_staff_member": staff(Permission.STAFF_EDIT),
    "staff.positions": staff(None),
    "staff.staff_positions": staff(None),
    "staff.position": staff(None),
    "staff.create_position": staff(Permission.STAFF_EDIT),
    "staff.quick_position": staff(Permission.STAFF_EDIT),
    "staff.update_position": staff(Permission.STAFF_EDIT),
    "staff.delete_position": staff(Permission.STAFF_EDIT),
    "images.change_service_image": staff(Permission.CATALOGUE_EDIT),
    "images.delete_service_image": staff(Permission.CATALOGUE_EDIT),
    "images.change_staff_image": staff(Permission.STAFF_EDIT),
    "images.delete_staff_image": staff(Permission.STAFF_EDIT),
    # Of a whole business: booking decides.
    "locations.create_company": staff(None),
    "locations.update_company": staff(Permission.SETTINGS_EDIT),
    "locations.delete_company": staff(Permission.SETTINGS_EDIT),
    # Of a whole business: booking decides.
    "locations.groups": staff(None),
}

# Routes that exist in development only.
DEVELOPMENT_ACCESS: Table = {
    "development.echo": ANYBODY,
    "development.messages": ANYBODY,
    "development.noop": ANYBODY,
}


class AccessError(Exception):
    """The table and the routes do not match."""


@dataclass(frozen=True)
class Credentials:
    """What an Authorization header carries."""

    partner_key: str | None = None
    user_token: str | None = None


# Possessive throughout, so that no header is tried in more than one way.
AUTHORIZATION = re.compile(
    r"Bearer\s++(?P<partner>[^\s,]++)\s*+(?:,\s*+(?:User(?:\s++|$))?(?P<user>[^\s,]*+)\s*+)?",
    re.IGNORECASE,
)


def credentials_of(header: str | None) -> Credentials:
    """Read ``Bearer p``, ``Bearer p, User u``, ``Bearer p,u`` and their variants.

    A header that is none of them carries nothing.
    """
    match = AUTHORIZATION.fullmatch((header or "").strip())
    if match is None:
        return Credentials()
    return Credentials(match["partner"], match["user"] or None)


def guard(app: Flask, table: Table) -> None:
    """Check every request against the table; AccessError if a route is missing in either."""
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    if missing := sorted(routes - table.keys()):
        raise AccessError(f"routes that nobody was given access to: {', '.join(missing)}")
    if unknown := sorted(table.keys() - routes):
        raise AccessError(f"access to routes that do not exist: {', '.join(unknown)}")
    app.before_request(_checker(table))


def _checker(table: Table) -> Callable[[], None]:
    def check() -> None:
        credentials = credentials_of(request.headers.get("Authorization"))
        count_address(credentials.partner_key and digest_of(credentials.partner_key))
        if request.endpoint is None:
            return
        access = table[request.endpoint]
        if Caller.NONE not in access.callers:
            _let_in(access, credentials)
        check_idempotency_key()

    return check


def _let_in(access: Access, credentials: Credentials) -> None:
    """Find out who calls, or refuse them."""
    digests = _digests(credentials, with_user=access.takes_users)
    try:
        identity = gateway().identities.get(digests, lambda: _identify(digests))
    except Unauthenticated as refusal:
        if refusal.code == "partner_key_unknown":
            forget_own_rate(digests.partner)
        raise
    g.digests, g.viewer = digests, viewer_of(identity)
    g.language = (identity["user"] or {}).get("language")
    count_caller(identity["partner"], g.viewer["user_id"], partner_digest=digests.partner)
    caller = Caller(g.viewer["kind"] or Caller.PARTNER)
    _check_scope(access, caller, identity["partner"]["scopes"])
    if caller not in access.callers:
        if caller is Caller.PARTNER:
            raise Unauthenticated("unauthenticated")
        raise Forbidden("forbidden")
    location_id = (request.view_args or {}).get("company_id")
    if location_id is not None:
        _check_place(access, caller, location_id)
        speak_as_the_location(location_id)


def _check_scope(access: Access, caller: Caller, scopes: Iterable[str]) -> None:
    """A key must be for the route, and for the kind of user whose token comes with it."""
    of_caller = {Caller.CLIENT: Scope.CLIENT, Caller.STAFF: Scope.STAFF}.get(caller)
    if access.scopes.isdisjoint(scopes) or (of_caller is not None and of_caller not in scopes):
        raise Forbidden("scope_missing")


def _check_place(access: Access, caller: Caller, location_id: int) -> None:
    """The location must be one of the key's businesses, and staff need their permission there.

    The service that owns the location checks the same again: what is known here
    of it may be a minute old.
    """
    needs_right = caller is Caller.STAFF and access.callers == {Caller.STAFF}
    if g.viewer["partner_business_ids"] is None and not needs_right:
        return
    place = {
        "business_id": location_facts(location_id)["business_id"],
        "location_id": location_id,
    }
    if not needs_right:
        return
    rights = g.viewer["rights"]
    if right_at(rights, **place) is None:
        raise Forbidden("forbidden")
    if access.permission is not None and not may(rights, access.permission, **place):
        raise Forbidden("permission_missing")


def _digests(credentials: Credentials, *, with_user: bool) -> Digests:
    if credentials.partner_key is None:
        raise Unauthenticated("partner_key_missing")
    token = credentials.user_token if with_user else None
    return Digests(digest_of(credentials.partner_key), digest_of(token) if token else None)


def _identify(digests: Digests) -> dict[str, Any]:
    identity: dict[str, Any] = rpc.call(
        "auth", "identify", partner_digest=digests.partner, user_digest=digests.user
    )
    return identity


def viewer_of(identity: Mapping[str, Any]) -> dict[str, Any]:
    """On whose behalf the services are called. Only a client's phone says what they may see."""
    user = identity["user"] or {}
    kind = user.get("kind")
    return {
        "partner_id": identity["partner"]["id"],
        "partner_business_ids": identity["partner"]["business_ids"],
        "user_id": user.get("id"),
        "kind": kind,
        "phone": user.get("phone") if kind == "client" else None,
        "phone_is_fresh": kind == "client" and bool(user.get("phone_is_fresh")),
        "email": user.get("email") if kind == "client" else None,
        "rights": user.get("rights") or [],
    }
