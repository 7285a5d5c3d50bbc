"""Versions of an appointment, as HTTP's entity tags."""

import re

TAG = re.compile(r'(?:W/)?("?)(\d{1,18})\1', re.ASCII)


def version_in(if_match: str) -> int | None:
    """The version of an ``If-Match`` header, written ``"3"`` or 3; None when any will do.

    ValueError when it is something else.
    """
    written = if_match.strip()
    if written in ("", "*"):
        return None
    tag = TAG.fullmatch(written)
    if tag is None:
        raise ValueError("not a version")
    return int(tag[2])
