"""The languages that we have every text in: one list, which all texts and tests follow.

docs/forms.md says what a new one needs.
"""

from collections.abc import Iterable

LOCALES = {"en": "en_GB", "fr": "fr_FR", "es": "es_ES", "de": "de_DE", "ru": "ru_RU"}
"""How dates and times are written in each."""
LANGUAGES = tuple(LOCALES)
DEFAULT = "en"


def spoken(wishes: Iterable[str]) -> str | None:
    """The first of our languages among these: French for ``fr-CA``; None when there is none."""
    for wish in wishes:
        language = wish.replace("_", "-").partition("-")[0].lower()
        if language in LOCALES:
            return language
    return None
