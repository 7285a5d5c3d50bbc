"""Pictures that people give of themselves: whatever came in, what goes out is a small JPEG.

Only its pixels are kept. Where it was taken, by what camera, and whatever else a
file can carry stays behind.
"""

import threading
import warnings
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from services.common.errors import Invalid

LARGEST_FILE = 8 * 1024 * 1024
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# Of what can be decoded small from the start, and of what cannot.
MOST_PIXELS_JPEG, MOST_PIXELS = 60_000_000, 16_000_000
LONGEST_SIDE = 512
QUALITY = 85
UNREADABLE = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    ValueError,
    TypeError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    OverflowError,
    MemoryError,
)

# A big picture takes a lot of memory: one at a time.
_one_at_a_time = threading.Lock()


def portrait(file: IO[bytes]) -> bytes:
    """The picture as a JPEG of at most 512 by 512 pixels, upright, on white.

    ``photo_unreadable`` for what is no picture of a format we take, ``photo_too_large``
    for one of too many pixels, which is known before any is decoded.
    """
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _redrawn(file)
        except UNREADABLE as error:
            raise Invalid("photo_unreadable", fields={"photo": "unreadable"}) from error


def _redrawn(file: IO[bytes]) -> bytes:
    with Image.open(file, formats=FORMATS) as image:
        is_jpeg = image.format == "JPEG"
        if image.width * image.height > (MOST_PIXELS_JPEG if is_jpeg else MOST_PIXELS):
            raise Invalid("photo_too_large", fields={"photo": "too many pixels"})
        image.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
        image.load()
        upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    pixels = upright.convert("RGBA")
    drawn = Image.new("RGB", pixels.size, "white")
    drawn.paste(pixels, mask=pixels.getchannel("A"))
    out = BytesIO()
    drawn.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
