"""Pictures: on the disk before anybody has them, gone for others the moment they are taken away."""

import base64
import os
from datetime import timedelta
from pathlib import Path

import pytest

from services.auth.use_cases.photos import forget_unused
from services.common.errors import Forbidden, NotFound
from services.common.photos import PhotoFolder
from tests.service.auth.conftest import Auth, refused
from tests.service.conftest import NOW

CONTENT = b"\xff\xd8 as the gateway drew it"


@pytest.fixture
def folder(auth: Auth, tmp_path: Path) -> Path:
    auth.settings["photo_folder"] = str(tmp_path / "photos")
    auth.sign_in(auth.get_code())
    return tmp_path / "photos"


def change(auth: Auth, content: bytes | None = CONTENT) -> str:
    told = None if content is None else base64.b64encode(content).decode()
    shown = auth.signed_in_worker(1).change_photo(request={"content": told})
    name: str = shown["photo"]
    return name


def read(auth: Auth, name: str) -> bytes:
    return base64.b64decode(auth.worker(viewer={}).get_photo(name=name)["content"])


def sweep(auth: Auth, folder: Path) -> None:
    """What auth does every ten minutes; the pictures so far are two hours old."""
    old = (NOW - timedelta(hours=2)).timestamp()
    for file in folder.iterdir():
        os.utime(file, (old, old))
    with auth.database.read() as session:
        forget_unused(session, PhotoFolder(str(folder)), now=NOW)


def test_a_picture_is_read_by_its_name(auth: Auth, folder: Path) -> None:
    name = change(auth)

    assert read(auth, name) == CONTENT
    assert auth.signed_in_worker(1).get_profile()["photo"] == name
    assert len(name) == 32


def test_another_picture_has_another_name_and_the_old_one_is_gone(auth: Auth, folder: Path) -> None:
    first, second = change(auth), change(auth)

    assert first != second
    with refused("photo_not_found", NotFound):
        read(auth, first)
    sweep(auth, folder)
    assert [file.name for file in folder.iterdir()] == [second]


def test_a_picture_taken_away_is_gone(auth: Auth, folder: Path) -> None:
    name = change(auth)
    assert change(auth, None) is None

    with refused("photo_not_found", NotFound):
        read(auth, name)
    sweep(auth, folder)
    assert list(folder.iterdir()) == []


def test_what_a_crash_left_behind_is_swept_away_and_what_is_new_is_not(
    auth: Auth, folder: Path
) -> None:
    name = change(auth)
    (folder / f"{'ab' * 16}.part").write_bytes(b"half")
    sweep(auth, folder)
    assert [file.name for file in folder.iterdir()] == [name]

    new = PhotoFolder(str(folder)).save(CONTENT)  # its account is about to get it
    os.utime(folder / new, (NOW.timestamp() - 60,) * 2)
    with auth.database.read() as session:
        forget_unused(session, PhotoFolder(str(folder)), now=NOW)
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("name", ["", "../secret", "ab" * 16, "x" * 32, "AB" * 16])
def test_nothing_else_is_read(auth: Auth, folder: Path, name: str) -> None:
    folder.parent.joinpath("secret").write_bytes(b"secret")
    with refused("photo_not_found", NotFound):
        read(auth, name)
    assert PhotoFolder(str(folder)).read(name) is None


def test_where_no_folder_is_named_there_are_no_pictures(auth: Auth, folder: Path) -> None:
    auth.settings["photo_folder"] = ""
    with refused("photos_off", Forbidden):
        change(auth)


def test_a_merged_account_leaves_its_picture_to_the_other(auth: Auth, folder: Path) -> None:
    name = change(auth)
    user_id = auth.add_account()
    auth.take_phone(user_id, "+33612345678", after=100)

    assert auth.users()[user_id].photo == name
    assert read(auth, name) == CONTENT
