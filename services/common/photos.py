"""Pictures in a folder, each under a name that nobody can guess."""

import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from services.common.errors import Forbidden

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
