"""Pictures of people: each kept under a name that nobody can guess."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.auth.models import User
from services.auth.use_cases.people import lock
from services.common.errors import NotFound
from services.common.photos import UNFINISHED, PhotoFolder


def change_photo(session: Session, user_id: int, name: str | None) -> User:
    """Let an account have that picture, or none. The one before is deleted later."""
    user = lock(session, user_id)
    user.photo = name
    user.version += 1
    session.flush()
    return user


def read_photo(session: Session, folder: PhotoFolder, name: str) -> bytes:
    """A picture that somebody has, or ``photo_not_found``: one taken away is gone at once."""
    is_somebodys = session.scalar(select(User.id).where(User.photo == name)) is not None
    content = folder.read(name) if is_somebodys else None
    if content is None:
        raise NotFound("photo_not_found")
    return content


def forget_unused(session: Session, folder: PhotoFolder, *, now: datetime) -> None:
    """Delete the pictures that are nobody's, whatever way they came to be so."""
    old = set(folder.older_than(now - UNFINISHED))
    used = set(session.scalars(select(User.photo).where(User.photo.in_(old))))
    for name in old - used:
        folder.delete(name)
