"""Who may call what: the one table. A route that is not in it keeps the gateway from starting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from services.common.rights import Permission, Scope


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
# Clients look for them, and staff do.
ACTIVITIES = replace(PARTNERS, scopes=frozenset({Scope.BOOKING, Scope.STAFF}))
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
    "searches.search_services": BOOKING,
    "searches.search_staff": BOOKING,
    "searches.search_dates": BOOKING,
    "searches.search_timeslots": BOOKING,
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
    "holds.hold_time": BOOKING,
    "holds.release_hold": BOOKING,
    "booking.book_activity": BOOKING,
    "activities.search": ACTIVITIES,
    "activities.search_dates": ACTIVITIES,
    "activities.search_dates_range": ACTIVITIES,
    "activities.filters": ACTIVITIES,
    "activities.services": ACTIVITIES,
    "activities.activity": ACTIVITIES,
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
    "waitlist.own_waitlist": CLIENTS,
    "waitlist.join_waitlist": CLIENTS,
    "waitlist.leave_waitlist": CLIENTS,
    "waitlist.accept_offer": CLIENTS,
    "waitlist.decline_offer": CLIENTS,
    "waitlist.waitlist": staff(Permission.APPOINTMENTS_VIEW),
    "waitlist.remove_from_waitlist": staff(Permission.APPOINTMENTS_EDIT),
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
    # Wherever somebody may see appointments: booking decides.
    "desk.partner_records": staff(None),
    "desk.create_record": staff(Permission.APPOINTMENTS_EDIT),
    "desk.record": staff(Permission.APPOINTMENTS_VIEW),
    "desk.update_record": staff(Permission.APPOINTMENTS_EDIT),
    "desk.delete_record": staff(Permission.APPOINTMENTS_DELETE),
    "activity_desk.create_activity": staff(Permission.APPOINTMENTS_EDIT),
    "activity_desk.change_activity": staff(Permission.APPOINTMENTS_EDIT),
    "activity_desk.delete_activity": staff(Permission.APPOINTMENTS_DELETE),
    "activity_desk.duplicate_activity": staff(Permission.APPOINTMENTS_EDIT),
    "activity_desk.strategies": staff(Permission.APPOINTMENTS_VIEW),
    "activity_desk.create_strategy": staff(Permission.APPOINTMENTS_EDIT),
    "activity_desk.change_strategy": staff(Permission.APPOINTMENTS_EDIT),
    "activity_desk.delete_strategy": staff(Permission.APPOINTMENTS_EDIT),
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
    "client_notes.client_files": staff(Permission.CLIENTS_VIEW),
    "client_notes.client_comments": staff(Permission.CLIENTS_VIEW),
    "client_notes.add_client_comment": staff(Permission.CLIENTS_EDIT),
    "client_notes.delete_client_comment": staff(Permission.CLIENTS_EDIT),
    "client_notes.blacklist": staff(Permission.CLIENTS_VIEW),
    "client_notes.block_client": staff(Permission.CLIENTS_EDIT),
    "client_notes.unblock_client": staff(Permission.CLIENTS_EDIT),
    "tags.tags": staff(None),
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
    "schedules.set_schedule_of_dates": staff(Permission.SCHEDULES_EDIT),
    "schedules.staff_schedules": staff(Permission.SCHEDULES_VIEW),
    "schedules.set_staff_schedules": staff(Permission.SCHEDULES_EDIT),
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
