"""Which texts hold at a place, and which of them somebody has yet to accept."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.common.errors import Invalid

OTHERWISE = "en"


@dataclass(frozen=True, kw_only=True)
class Text:
    """One language of one version of a text; of a location, or of the installation."""

    id: int
    kind: str
    location_id: int | None
    version: int
    language: str
    is_required: bool


def holding(texts: Iterable[Text], language: str) -> list[Text]:
    """Of each kind the newest version, in that language if there is one.

    A location's own text takes the place of the installation's.
    """
    chosen: dict[str, Text] = {}
    for text in texts:
        best = chosen.get(text.kind)
        if best is None or _rank(text, language) > _rank(best, language):
            chosen[text.kind] = text
    return [chosen[kind] for kind in sorted(chosen)]


def _rank(text: Text, language: str) -> tuple[bool, int, bool, bool, int]:
    return (
        text.location_id is not None,
        text.version,
        text.language == language,
        text.language == OTHERWISE,
        -text.id,
    )


def accepted(
    texts: Iterable[Text],
    agreements: Iterable[Mapping[str, Any]],
    *,
    needed: Collection[str] = (),
    before: Collection[int] = (),
) -> list[Text]:
    """The texts that these agreements are about.

    ``consent_required`` names each kind that is required, everywhere or (``needed``)
    here, and the version that is wanted of it, when that was accepted neither now nor
    ``before``: an older one is another text.
    """
    texts = list(texts)
    given = {(one["kind"], one["version"]) for one in agreements}
    missing = {
        f"agreements.{text.kind}": str(text.version)
        for text in texts
        if (text.is_required or text.kind in needed)
        and text.version not in before
        and (text.kind, text.version) not in given
    }
    if missing:
        raise Invalid("consent_required", fields=missing)
    return [text for text in texts if (text.kind, text.version) in given]
