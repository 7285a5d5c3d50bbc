"""Which words a message has: the language, and the facts filled into its template."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from string import Template
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date, format_time

from services.common.languages import DEFAULT, LOCALES, spoken
from services.notify.domain.media import Medium

UNPRINTED = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Words:
    """A text, and the heading it has where there is room for one."""

    title: str
    text: str


def language_of(*wishes: str) -> str:
    """The first wish that we have words in ("fr-CA" means French), else English."""
    return spoken(wishes) or DEFAULT


def facts_about(appointment: Mapping[str, Any], language: str) -> dict[str, str]:
    """What a template about an appointment may mention, as people of that language write it."""
    start = appointment["wall_start"]
    services = ", ".join(service["title"] for service in appointment["services"])
    return {
        "day": day_in_words(start.date(), language),
        "time": format_time(start.time(), "short", locale=LOCALES[language]),
        "services": on_one_line(services),
        "staff": on_one_line(appointment["staff"]["name"]),
        "place": on_one_line(appointment["location"]["title"]),
        "address": on_one_line(appointment["location"]["address"]),
    }


def facts_about_offer(offer: Mapping[str, Any], language: str) -> dict[str, str]:
    """The same about a time that is offered, with until when: offers last less than a day."""
    until = format_time(offer["wall_expires"].time(), "short", locale=LOCALES[language])
    return {**facts_about(offer, language), "until": until}


def day_in_words(day: date, language: str) -> str:
    written = "EEEE d MMMM y" if language == "en" else "full"
    words = format_date(day, written, locale=LOCALES[language])
    return words.replace(" 1 ", " 1er ", 1) if language == "fr" else words


def on_one_line(told: str) -> str:
    """What people typed, without line breaks and whatever else does not print.

    The last line of a message may mean something to a telephone, and a terminal
    obeys more than letters.
    """
    return UNPRINTED.sub(" ", told).strip()


def fill(template: str, facts: Mapping[str, str]) -> Words:
    """A title, an empty line and the text; KeyError when a fact is asked for that there is not."""
    title, _, text = template.partition("\n\n")
    return Words(title.strip(), Template(text).substitute(facts).strip())


def greet(template: str, name: str, text: str) -> str:
    """The text as a message to that person, whose name may be unknown."""
    name = on_one_line(name)
    greeting = Template(template).substitute(name=f" {name}" if name else "")
    return f"{greeting.strip()} {text}"


def code_words(
    template: str,
    code: str,
    *,
    medium: Medium,
    expires_at: datetime,
    now: datetime,
    public_url: str,
) -> Words:
    """The message with a code, told as that medium tells it.

    The last line of an SMS lets a browser on our address fill it in (WebOTP); a
    voice says the digits one by one.
    """
    minutes = max(1, round((expires_at - now).total_seconds() / 60))
    facts = {"code": ", ".join(code) if medium is Medium.CALL else code, "minutes": str(minutes)}
    if medium is Medium.EMAIL:
        return fill(template, facts)
    text = Template(template).substitute(facts).strip()
    host = host_for_codes(public_url)
    last_line = f"\n\n@{host} #{code}" if host and medium is Medium.SMS else ""
    return Words("", text + last_line)


def letter_words(
    template: str, code: str, *, link: str, expires_at: datetime, now: datetime
) -> Words:
    """A letter about somebody's account, which may carry a link."""
    minutes = max(1, round((expires_at - now).total_seconds() / 60))
    facts = {
        "code": code,
        "link": link,
        "minutes": str(minutes),
        "hours": str(max(1, round(minutes / 60))),
        "days": str(max(1, round(minutes / 60 / 24))),
    }
    return fill(template, facts)


def host_for_codes(public_url: str) -> str:
    """The domain that a code may be bound to; empty for an address without a name."""
    host = urlsplit(public_url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return ""
