"""Pictures of people: kept in a folder, each under a name that nobody can guess."""

import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.auth.models import User
from services.auth.use_cases.people import lock
from services.common.errors import Forbidden, NotFound

NAME = re.compile(r"[0-9a-f]{32}")
UNFINISHED = timedelta(hours=1)
"""A picture younger than this may belong to somebody in a moment."""


class PhotoFolder:
    """Where the pictures are. Another store needs these four methods."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def save(self, content: bytes) -> str:
        """Keep a picture; its name. It is whole on the disk when this returns."""
        name = secrets.token_hex(16)
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f"{name}.part"
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self._folder / name)
        return name

    def read(self, name: str) -> bytes | None:
        if NAME.fullmatch(name) is None:
            return None
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def older_than(self, moment: datetime) -> Iterator[str]:
        """What was kept before that moment, unfinished pictures, too."""
        if self._folder.is_dir():
            for file in self._folder.iterdir():
                if file.stat().st_mtime < moment.timestamp():
                    yield file.name

    def delete(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)


def open_folder(folder: str) -> PhotoFolder:
    """``photos_off`` where no folder was configured."""
    if not folder:
        raise Forbidden("photos_off")
    return PhotoFolder(folder)


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
