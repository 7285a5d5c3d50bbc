"""Languages: the contract's numbers and codes, and which of ours a reader gets."""

from collections.abc import Iterable
from typing import Any

from babel import Locale

from services.common.languages import DEFAULT, spoken

# The contract's number and code of each language; German has none, 31 is our own.
CONTRACT = {
    "ru": (1, "ru-RU"),
    "en": (2, "en-US"),
    "lv": (4, "lv-LV"),
    "et": (5, "et-EE"),
    "lt": (6, "lt-LT"),
    "uk": (7, "uk-UK"),
    "fr": (8, "fr-FR"),
    "it": (9, "it-IT"),
    "es": (10, "es-ES"),
    "ka": (13, "ka-KA"),
    "hy": (14, "hy-AM"),
    "kk": (15, "kk-KK"),
    "hr": (16, "hr-HR"),
    "cs": (17, "cs-CS"),
    "ro": (18, "ro-RO"),
    "zh": (19, "cn-CN"),
    "ar": (20, "ar-AR"),
    "bg": (21, "bg-BG"),
    "he": (22, "he-IL"),
    "hu": (23, "hu-HU"),
    "sr": (24, "Lt-sr-SP"),
    "sk": (25, "sk-SK"),
    "mn": (26, "mn-MN"),
    "az": (27, "az-AZ"),
    "pl": (28, "pl-PL"),
    "sl": (30, "sl-SL"),
    "de": (31, "de-DE"),
}


def best(preferred: Iterable[str]) -> str:
    """The first language of ours among these: French for ``fr-CA``, English when there is none."""
    return spoken(preferred) or DEFAULT


NUMBERS = {str(number): language for language, (number, _) in CONTRACT.items()}
CODES = {code.lower(): language for language, (_, code) in CONTRACT.items()}


def ours_of(written: str) -> str | None:
    """``fr`` of ``8``, ``fr-FR``, ``FR`` or ``fr-CA``; None for a language that we do not have."""
    named = NUMBERS.get(written) or CODES.get(written.lower()) or written
    return spoken([named])


def contract_code(language: str) -> str:
    """``fr`` → ``fr-FR``"""
    return CONTRACT.get(language, CONTRACT[DEFAULT])[1]


def contract_language(language: str) -> dict[str, Any]:
    """``{"id": 8, "code": "fr-FR", "title": "Français"}``"""
    number, code = CONTRACT.get(language, CONTRACT[DEFAULT])
    title = Locale.parse(language).get_display_name(language) or language
    return {"id": number, "code": code, "title": title.capitalize()}
