"""Pictures: redrawn small and upright, with nothing in them but what one sees."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gateway.photos import LONGEST_SIDE, portrait
from services.common.errors import Invalid

GPS, ORIENTATION = 0x8825, 0x0112


def a_file(kind: str = "JPEG", size: tuple[int, int] = (900, 600), **more: Any) -> BytesIO:
    mode = "RGBA" if kind in ("PNG", "WEBP") else "RGB"
    out = BytesIO()
    Image.new(mode, size, more.pop("color", "red")).save(out, kind, **more)
    return BytesIO(out.getvalue())


def redrawn(file: BytesIO) -> Image.Image:
    image: Image.Image = Image.open(BytesIO(portrait(file)))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_format_becomes_a_small_jpeg(kind: str) -> None:
    image = redrawn(a_file(kind))

    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (512, 341))
    red, green, blue = image.getpixel((100, 100))  # type: ignore[misc]
    assert red > 200 and green < 60 and blue < 60


def test_a_small_picture_stays_small() -> None:
    assert redrawn(a_file(size=(20, 10))).size == (20, 10)


def test_where_and_how_it_was_taken_stays_behind() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    exif.get_ifd(GPS)[2] = (48.0, 51.0, 24.0)
    file = a_file(exif=exif, comment=b"SECRET-COMMENT")
    assert b"SECRET-CAMERA" in file.getvalue() and b"SECRET-COMMENT" in file.getvalue()

    told = portrait(file)
    assert b"SECRET" not in told
    assert not Image.open(BytesIO(told)).getexif()


def test_a_picture_taken_sideways_is_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    assert redrawn(a_file(size=(400, 200), exif=exif)).size == (200, 400)


def test_what_cannot_be_seen_is_white() -> None:
    image = redrawn(a_file("PNG", color=(255, 0, 0, 0)))
    assert min(image.getpixel((5, 5))) > 250  # type: ignore[arg-type, type-var]


def a_bomb(width: int, height: int) -> BytesIO:
    """A PNG of a few bytes that says it is of that size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", body), chunk(b"IEND", b""))
    return BytesIO(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


@pytest.mark.parametrize(("width", "height"), [(5000, 5000), (30_000, 30_000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch, width: int, height: int
) -> None:
    def explode(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", explode)
    with pytest.raises(Invalid) as told:
        portrait(a_bomb(width, height))
    assert told.value.code in ("photo_too_large", "photo_unreadable")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"BM" + b"\0" * 60,
        a_file().getvalue()[:300],
        a_file("PNG").getvalue()[:60],
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as told:
        portrait(BytesIO(content))
    assert told.value.code == "photo_unreadable"


SOUND = [a_file(kind, (40, 30)).getvalue() for kind in ("JPEG", "PNG", "WEBP", "GIF")]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SOUND), st.data())
def test_a_spoilt_file_is_redrawn_or_refused_and_nothing_else(sound: bytes, data: Any) -> None:
    spoilt = bytearray(sound)
    for place in data.draw(st.lists(st.integers(0, len(sound) - 1), min_size=1, max_size=8)):
        spoilt[place] = data.draw(st.integers(0, 255))
    with suppress(Invalid):
        assert max(redrawn(BytesIO(bytes(spoilt))).size) <= LONGEST_SIDE
