"""Pictures of services and staff, at addresses that nobody can guess."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.booking.models import Location, Service, StaffMember
from services.booking.use_cases.catalogue import service_at
from services.booking.use_cases.links import announce_services
from services.booking.use_cases.locks import lock_staff
from services.booking.use_cases.permissions import administered_location
from services.booking.use_cases.staff import announce_member, member_at
from services.common.calls import Call
from services.common.errors import NotFound
from services.common.photos import UNFINISHED, PhotoFolder
from services.common.rights import Permission


def change_service_image(
    session: Session, *, location_id: int, service_id: int, name: str | None, call: Call
) -> tuple[Location, Service]:
    """Let a service have that picture, or none. The one before is deleted later."""
    location = administered_location(session, call, location_id, Permission.CATALOGUE_EDIT)
    service = service_at(session, location, service_id)
    service.image, service.image_url = name, ""
    service.version += 1
    session.flush()
    announce_services(session, location, [service])
    return location, service


def change_staff_image(
    session: Session, *, location_id: int, staff_id: int, name: str | None, call: Call
) -> tuple[Location, StaffMember]:
    """The same for a staff member."""
    location = administered_location(session, call, location_id, Permission.STAFF_EDIT)
    lock_staff(session, [staff_id])
    member = member_at(session, location, staff_id)
    member.avatar, member.avatar_url = name, ""
    member.version += 1
    session.flush()
    return location, announce_member(session, location, member)


def read_image(session: Session, folder: PhotoFolder, name: str) -> bytes:
    """A picture that something has, or ``photo_not_found``: one taken away is gone at once."""
    owners: list[tuple[type[Any], Any]] = [
        (Service, Service.image),
        (StaffMember, StaffMember.avatar),
    ]
    is_used = or_(*(select(row.id).where(column == name).exists() for row, column in owners))
    content = folder.read(name) if session.scalar(select(is_used)) else None
    if content is None:
        raise NotFound("photo_not_found")
    return content


def forget_unused(session: Session, folder: PhotoFolder, *, now: datetime) -> None:
    """Delete the pictures that nothing has, whatever way they came to be so."""
    old = set(folder.older_than(now - UNFINISHED))
    for column in (Service.image, StaffMember.avatar):
        old -= set(session.scalars(select(column).where(column.in_(old))))
    for name in old:
        folder.delete(name)
