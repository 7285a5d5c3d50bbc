"""The shape of booking's events."""

from marshmallow import EXCLUDE, Schema, fields


class ContactSchema(Schema):
    """The only personal data of an event."""

    name = fields.Str(required=True)
    phone = fields.Str(allow_none=True)
    email = fields.Str(allow_none=True)


class EventLocationSchema(Schema):
    id = fields.Int(required=True)
    title = fields.Str(required=True)
    address = fields.Str(required=True)
    timezone = fields.Str(required=True, metadata={"description": "IANA zone"})
    language = fields.Str(required=True)


class EventStaffSchema(Schema):
    id = fields.Int(required=True)
    name = fields.Str(required=True)


class EventServiceSchema(Schema):
    id = fields.Int(required=True)
    title = fields.Str(required=True)
    duration_seconds = fields.Int(required=True)
    price_minor = fields.Int(required=True, metadata={"description": "smallest unit of currency"})
    amount = fields.Int(required=True, metadata={"description": "how many, each at that price"})
    currency = fields.Str(required=True, metadata={"description": "ISO 4217"})


class ReviewEventSchema(Schema):
    """A review without its words, which are its writer's."""

    review_id = fields.Int(required=True)
    appointment_id = fields.Int(required=True)
    visit_id = fields.Int(required=True)
    business_id = fields.Int(required=True)
    client_id = fields.Int(required=True, allow_none=True)
    user_id = fields.Int(required=True, allow_none=True)
    location = fields.Nested(EventLocationSchema, required=True)
    staff = fields.Nested(
        EventStaffSchema,
        required=True,
        allow_none=True,
        metadata={"description": "null: it is about the location"},
    )
    rating = fields.Int(required=True, metadata={"description": "1 to 5"})
    has_text = fields.Bool(required=True)
    locale = fields.Str(required=True)
    contact = fields.Nested(ContactSchema, required=True, allow_none=True)


class OfferedServiceSchema(Schema):
    id = fields.Int(required=True)
    title = fields.Str(required=True)


class WaitlistOfferEventSchema(Schema):
    """A time that is kept for somebody who waited, until they answer or it is passed on."""

    entry_id = fields.Int(required=True)
    offer_id = fields.Int(required=True)
    business_id = fields.Int(required=True)
    client_id = fields.Int(required=True)
    user_id = fields.Int(
        required=True, allow_none=True, metadata={"description": "whose account the client is of"}
    )
    location = fields.Nested(EventLocationSchema, required=True)
    staff = fields.Nested(EventStaffSchema, required=True)
    services = fields.List(fields.Nested(OfferedServiceSchema), required=True)
    starts_at = fields.Str(required=True, metadata={"description": "UTC, ISO 8601"})
    ends_at = fields.Str(required=True, metadata={"description": "UTC, ISO 8601"})
    wall_start = fields.Str(required=True, metadata={"description": "on the location's clock"})
    expires_at = fields.Str(required=True, metadata={"description": "UTC, ISO 8601"})
    wall_expires = fields.Str(required=True, metadata={"description": "on the location's clock"})
    locale = fields.Str(required=True)
    contact = fields.Nested(ContactSchema, required=True)


class UserMergedSchema(Schema):
    """As much of auth's event as booking needs."""

    class Meta:
        unknown = EXCLUDE

    user_id = fields.Int(required=True)
    into_user_id = fields.Int(required=True)


class ProofEventSchema(Schema):
    """A proof of a phone that has paid for a booking, and the visit that was booked with it."""

    proof_id = fields.Str(required=True)
    visit_id = fields.Int(required=True)


class AppointmentEventSchema(Schema):
    """An appointment after the change: everything a subscriber may need to know about it."""

    appointment_id = fields.Int(required=True)
    visit_id = fields.Int(required=True)
    business_id = fields.Int(required=True)
    class_id = fields.Int(
        required=True, allow_none=True, metadata={"description": "null: not of a class"}
    )
    seats = fields.Int(required=True, metadata={"description": "of the class; else 1"})
    client_id = fields.Int(
        required=True, allow_none=True, metadata={"description": "null: written down without one"}
    )
    user_id = fields.Int(
        required=True, allow_none=True, metadata={"description": "whose account the client is of"}
    )
    location = fields.Nested(EventLocationSchema, required=True)
    staff = fields.Nested(EventStaffSchema, required=True)
    services = fields.List(fields.Nested(EventServiceSchema), required=True)
    starts_at = fields.Str(required=True, metadata={"description": "UTC, ISO 8601"})
    ends_at = fields.Str(required=True, metadata={"description": "UTC, ISO 8601"})
    wall_start = fields.Str(required=True, metadata={"description": "on the location's clock"})
    attendance = fields.Str(
        required=True, metadata={"description": "waiting, confirmed, came or no_show"}
    )
    confirmed = fields.Bool(required=True, metadata={"description": "by the business"})
    is_cancelled = fields.Bool(required=True)
    is_online = fields.Bool(required=True)
    staff_requested = fields.Bool(required=True)
    sms_reminder_hours = fields.Int(required=True)
    email_reminder_hours = fields.Int(required=True)
    created_by = fields.Str(required=True, metadata={"description": "client, staff or import"})
    changed_by = fields.Str(required=True, metadata={"description": "client, staff or import"})
    is_silent = fields.Bool(
        required=True, metadata={"description": "the client is not to be told of this"}
    )
    locale = fields.Str(required=True)
    contact = fields.Nested(ContactSchema, required=True, allow_none=True)


class SubjectSchema(Schema):
    """What is said of everything that belongs to a location."""

    id = fields.Int(required=True)
    business_id = fields.Int(required=True)
    location_id = fields.Int(required=True)
    api_id = fields.Str(required=True, allow_none=True)
    version = fields.Int(required=True)


class LocationEventSchema(Schema):
    """A location after the change."""

    id = fields.Int(required=True)
    business_id = fields.Int(required=True)
    title = fields.Str(required=True)
    public_title = fields.Str(required=True)
    address = fields.Str(required=True)
    city = fields.Str(required=True)
    country_code = fields.Str(required=True, metadata={"description": "ISO 3166-1 alpha-2"})
    timezone = fields.Str(required=True, metadata={"description": "IANA zone"})
    currency = fields.Str(required=True, metadata={"description": "ISO 4217"})
    language = fields.Str(required=True)
    is_closed = fields.Bool(required=True)
    is_paused = fields.Bool(required=True, metadata={"description": "no new bookings for now"})
    version = fields.Int(required=True)


class TimetableEventSchema(Schema):
    """Whose time can be booked otherwise than before."""

    business_id = fields.Int(required=True)
    location_id = fields.Int(required=True)
    staff_ids = fields.List(
        fields.Int(), required=True, metadata={"description": "none: everybody's there"}
    )
    version = fields.Int(required=True)


class ServiceCategoryEventSchema(SubjectSchema):
    """A heading of the catalogue after the change."""

    title = fields.Str(required=True)
    booking_title = fields.Str(required=True)
    weight = fields.Int(required=True)
    gender = fields.Str(required=True, metadata={"description": "any, male or female"})
    is_archived = fields.Bool(required=True)


class EventGiverSchema(Schema):
    """Who gives a service; at a length and price of their own, or null: as everybody."""

    staff_id = fields.Int(required=True)
    name = fields.Str(required=True)
    duration_seconds = fields.Int(required=True, allow_none=True)
    price_min_minor = fields.Int(required=True, allow_none=True)
    price_max_minor = fields.Int(required=True, allow_none=True)


class ServiceEventSchema(SubjectSchema):
    """A service of the catalogue after the change, with who gives it."""

    category_id = fields.Int(required=True)
    title = fields.Str(required=True)
    booking_title = fields.Str(required=True)
    comment = fields.Str(required=True)
    image = fields.Str(required=True, allow_none=True)
    image_url = fields.Str(required=True)
    duration_seconds = fields.Int(required=True)
    buffer_seconds = fields.Int(
        required=True, metadata={"description": "after it, before anybody else"}
    )
    price_min_minor = fields.Int(required=True)
    price_max_minor = fields.Int(required=True)
    currency = fields.Str(required=True, metadata={"description": "ISO 4217"})
    discount_percent = fields.Int(required=True)
    weight = fields.Int(required=True)
    gender = fields.Str(required=True, metadata={"description": "any, male or female"})
    prepayment = fields.Str(
        required=True, metadata={"description": "forbidden, allowed or required"}
    )
    is_online = fields.Bool(required=True, metadata={"description": "clients can book it"})
    is_membership_only = fields.Bool(required=True)
    repeat_after_days = fields.Int(required=True, allow_none=True)
    is_archived = fields.Bool(required=True)
    staff = fields.List(fields.Nested(EventGiverSchema), required=True)


class EventPositionSchema(Schema):
    id = fields.Int(required=True)
    title = fields.Str(required=True)
    description = fields.Str(required=True)


class StaffMemberEventSchema(SubjectSchema):
    """A staff member after the change."""

    name = fields.Str(required=True)
    specialization = fields.Str(required=True)
    information = fields.Str(required=True)
    position = fields.Nested(EventPositionSchema, required=True, allow_none=True)
    avatar = fields.Str(required=True, allow_none=True)
    avatar_url = fields.Str(required=True)
    weight = fields.Int(required=True)
    is_online = fields.Bool(required=True, metadata={"description": "clients can choose them"})
    random_choice_allowed = fields.Bool(
        required=True, metadata={"description": "who asks for anybody may get them"}
    )
    rating_shown = fields.Bool(required=True)
    rating = fields.Float(required=True)
    votes_count = fields.Int(required=True)
    comments_count = fields.Int(required=True)
    user_id = fields.Int(required=True, allow_none=True)
    is_fired = fields.Bool(required=True)
    last_day = fields.Str(required=True, allow_none=True)


class ClientEventSchema(Schema):
    """A client of a business as staff keep them, after the change."""

    client_id = fields.Int(required=True)
    business_id = fields.Int(required=True)
    user_id = fields.Int(
        required=True, allow_none=True, metadata={"description": "whose account the client is of"}
    )
    is_deleted = fields.Bool(required=True)
    is_blocked = fields.Bool(required=True, metadata={"description": "cannot book online"})
    gender = fields.Str(required=True, metadata={"description": "unknown, male or female"})
    importance = fields.Str(required=True, metadata={"description": "none, bronze, silver or gold"})
    discount_percent = fields.Int(required=True)
    label_ids = fields.List(fields.Int(), required=True)
    wants_mailings = fields.Bool(required=True)
    wants_birthday_messages = fields.Bool(required=True)
    contact = fields.Nested(ContactSchema, required=True)
