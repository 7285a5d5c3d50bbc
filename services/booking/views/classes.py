"""Classes as others see them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.booking.models import (
    GroupClass,
    Location,
    SeriesPlan,
    Service,
    ServiceCategory,
)
from services.booking.use_cases.class_time import instances_of
from services.booking.use_cases.classes import with_class_relations
from services.booking.use_cases.seats import seats_taken
from services.booking.views.appointments import instant, show_giver
from services.booking.views.catalogue import show_service
from services.booking.views.desk import labels_of


def show_class(session: Session, group: GroupClass) -> dict[str, Any]:
    [shown] = show_classes(session, group.location, [group])
    return shown


def show_written_classes(session: Session, classes: Sequence[GroupClass]) -> list[dict[str, Any]]:
    """Classes as they stand now, with relations that were not loaded when they changed."""
    session.flush()
    found = session.scalars(
        with_class_relations(select(GroupClass))
        .where(GroupClass.id.in_([group.id for group in classes]))
        .order_by(GroupClass.starts_at, GroupClass.id)
    ).all()
    return show_classes(session, found[0].location, found)


def show_classes(
    session: Session, location: Location, classes: Sequence[GroupClass]
) -> list[dict[str, Any]]:
    """Classes whose relations are loaded, in four statements for any number."""
    ids = [group.id for group in classes]
    seats, instances = seats_taken(session, ids), instances_of(session, ids)
    labels = labels_of(session, location, classes)
    services = {
        one["id"]: one
        for one in class_services(session, list({group.service for group in classes}))
    }
    return [
        {
            "id": group.id,
            "location_id": group.location_id,
            "version": group.version,
            "series_id": group.series_id,
            "starts_at": instant(group.starts_at),
            "timezone": location.timezone,
            "length_seconds": group.length_seconds,
            "capacity": group.capacity,
            "seats_taken": seats.get(group.id, 0),
            "saved_over_busy": group.saved_over_busy,
            "comment": group.comment,
            "instructions": group.instructions,
            "stream_link": group.stream_link,
            "color": group.color,
            "font_color": group.font_color,
            "labels": [labels[one] for one in group.label_ids if one in labels],
            "resource_instances": [
                {"id": one.id, "title": one.title, "resource_id": one.resource_id}
                for one in instances[group.id]
            ],
            "currency": location.currency,
            "service": services[group.service_id],
            "staff": show_giver(group.staff) | {"api_id": group.staff.api_id},
        }
        for group in classes
    ]


def class_services(session: Session, services: Sequence[Service]) -> list[dict[str, Any]]:
    """Services with the headings they stand under."""
    ids = {service.category_id for service in services}
    categories = {
        one.id: one
        for one in session.scalars(select(ServiceCategory).where(ServiceCategory.id.in_(ids)))
    }
    return [
        {
            **show_service(service, None),
            "category": {
                "id": service.category_id,
                "title": categories[service.category_id].booking_title
                or categories[service.category_id].title,
            },
        }
        for service in services
    ]


def show_plan(plan: SeriesPlan) -> dict[str, Any]:
    return {
        "id": plan.id,
        "location_id": plan.location_id,
        "title": plan.title,
        "repeat": plan.repeat.value,
        "weekdays": plan.weekdays,
        "pause": plan.pause,
        "content": plan.content.value,
    }
