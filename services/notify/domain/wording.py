"""Which words a message has: the language, and the facts filled into its template."""

from collections.abc import Mapping
from string import Template
from typing import Any

from babel.dates import format_date, format_time

LANGUAGES = ("en", "fr")
LOCALES = {"en": "en_GB", "fr": "fr_FR"}


def language_of(*wishes: str) -> str:
    """The first wish that we have words in ("fr-CA" means French), else English."""
    for wish in wishes:
        language = wish.replace("_", "-").split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


def facts_about(appointment: Mapping[str, Any], language: str) -> dict[str, str]:
    """What a template about an appointment may mention, as people of that language write it."""
    locale, start = LOCALES[language], appointment["wall_start"]
    return {
        "name": appointment["contact"]["name"],
        "day": format_date(start.date(), "EEEE d MMMM y", locale=locale),
        "time": format_time(start.time(), "short", locale=locale),
        "services": ", ".join(service["title"] for service in appointment["services"]),
        "staff": appointment["staff"]["name"],
        "place": appointment["location"]["title"],
        "address": appointment["location"]["address"],
    }


def fill(template: str, facts: Mapping[str, str]) -> str:
    """The template with its facts; KeyError when it asks for one that there is not."""
    return Template(template).substitute(facts).strip()
