"""How often who may call: by address before anybody is known, then by partner and by user."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, current_app, g, request
from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond

from gateway.addresses import client_address
from gateway.context import digests
from gateway.rates import Counts, Rate, Standing, rate
from gateway.remembered import Remembered
from services.common.addresses import neighbourhood
from services.common.config import Settings
from services.common.errors import TooManyAttempts

# Asked by machines that must not be refused, and a page of many small files.
UNCOUNTED = frozenset({"operation.livez", "operation.readyz", "swagger_ui.show"})
# What costs money to send, and what lets secrets be guessed, is counted on top.
CODES = frozenset(
    {
        "sessions.book_code",
        "accounts.sign_up",
        "accounts.forgot_password",
        "accounts.phone_confirmation",
        "accounts.email_confirmation",
        "invitations.invite",
        "staff_passwords.forgot_password",
        "second_factors.begin_second_factor",
    }
)
SIGN_INS = frozenset(
    {
        "sessions.user_auth",
        "sessions.auth",
        "accounts.booking_auth",
        "link_pages.act",
        "accounts.change_password",
        "accounts.reset_password",
        "invitations.accept_invitation",
        "staff_passwords.change_password",
    }
)
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OWN_RATES_SECONDS = 60.0


@dataclass(frozen=True)
class Limits:
    """The rates of this gateway, what has been counted, and which keys have a rate of their own."""

    counts: Counts
    address: Rate
    partner: Rate
    user: Rate
    codes: Rate
    sign_in: Rate
    write: Rate
    own_rates: Remembered[bool] = field(
        default_factory=lambda: Remembered(seconds=OWN_RATES_SECONDS)
    )


def install(app: Flask, settings: Settings) -> None:
    """Count requests, unless rates are switched off."""
    if not settings.has_rate_limits:
        return
    app.extensions["limits"] = Limits(
        Counts(settings.redis_url),
        address=rate("address", settings.rate_per_address),
        partner=rate("partner", settings.rate_per_partner),
        user=rate("user", settings.rate_per_user),
        codes=rate("codes", settings.rate_of_codes),
        sign_in=rate("sign_in", settings.rate_of_sign_ins),
        write=rate("write", settings.rate_of_writes),
    )
    app.after_request(_tell)


def count_address(partner_digest: str | None) -> None:
    """Count the request for its address; ``rate_limit_exceeded`` when there were too many.

    A key with a rate of its own serves many people from one address: it is let
    through here, to be counted when it is sure that it is one. What is dear is
    counted all the same, for this key at this address.
    """
    limits = _limits()
    if limits is None or request.endpoint in UNCOUNTED:
        return
    whose = _origin()
    if partner_digest is not None and limits.own_rates.known(partner_digest):
        whose = f"{partner_digest} {whose}"
    else:
        _count(limits, limits.address, whose)
    if request.endpoint in CODES:
        _count(limits, limits.codes, whose)
    elif request.endpoint in SIGN_INS:
        _count(limits, limits.sign_in, whose)


def count_caller(partner: Mapping[str, Any], user_id: int | None, *, partner_digest: str) -> None:
    """Count the request for the partner and the user that it came from."""
    limits = _limits()
    if limits is None or request.endpoint in UNCOUNTED:
        return
    own = _own_rate(partner)
    if own.items:
        limits.own_rates.get(partner_digest, lambda: True)
    _count(limits, own if own.items else limits.partner, str(partner["id"]))
    if user_id is not None:
        _count(limits, limits.user, str(user_id))
    is_special = request.endpoint in CODES | SIGN_INS
    if request.method in WRITING and not is_special and (user_id is not None or not own.items):
        _count(limits, limits.write, _origin() if user_id is None else f"user {user_id}")


def serves_many() -> bool:
    """Whether the key at hand has a rate of its own: then many people call from one address."""
    limits = _limits()
    return limits is not None and limits.own_rates.known(digests().partner)


def forget_own_rate(partner_digest: str) -> None:
    """The key is none any more: whoever has it is counted by address again."""
    limits = _limits()
    if limits is not None:
        limits.own_rates.forget(partner_digest)


def _own_rate(partner: Mapping[str, Any]) -> Rate:
    """The rate that was given to this key; without items when there is none."""
    per_second, per_minute = partner.get("rate_per_second"), partner.get("rate_per_minute")
    items: list[RateLimitItem] = []
    if per_second:
        items.append(RateLimitItemPerSecond(per_second))
    if per_minute:
        items.append(RateLimitItemPerMinute(per_minute))
    return Rate("key", tuple(items))


def _limits() -> Limits | None:
    found: Limits | None = current_app.extensions.get("limits")
    return found


def _origin() -> str:
    if "origin" not in g:
        address = client_address()
        g.origin = neighbourhood(address) or address
    origin: str = g.origin
    return origin


def _count(limits: Limits, counted: Rate, whose: str) -> None:
    if not counted.items:
        return
    g.setdefault("counted", []).append((counted, whose))
    refused = limits.counts.count(counted, whose)
    if refused is None:
        return
    g.refused = (counted, refused)
    # One a moment too early is one more refusal: told in whole seconds, upwards.
    seconds = max(1, math.ceil(refused.wait_seconds))
    raise TooManyAttempts("rate_limit_exceeded", params={"seconds": seconds})


def _tell(response: Response) -> Response:
    """Say what is allowed and what is left, as the IETF's draft on these headers has it."""
    limits, counted = _limits(), g.get("counted", [])
    if limits is None or not counted:
        return response
    response.headers["RateLimit-Policy"] = ", ".join(
        f"{_named(one, item)};q={item.amount};w={item.get_expiry()}"
        for one, _ in counted
        for item in one.items
    )
    response.headers["RateLimit"] = ", ".join(
        f"{_named(one, stands.item)};r={stands.left};t={_seconds(stands)}"
        for one, stands in _standings(limits, counted)
    )
    return response


def _standings(limits: Limits, counted: Sequence[tuple[Rate, str]]) -> list[tuple[Rate, Standing]]:
    refused: tuple[Rate, Standing] | None = g.get("refused")
    if refused is not None:
        return [refused]
    return [(one, limits.counts.standing(one, whose)) for one, whose in counted]


def _named(counted: Rate, item: RateLimitItem) -> str:
    return f'"{counted.policy}-{item.GRANULARITY.name}"'


def _seconds(standing: Standing) -> int:
    """Until more is allowed: for somebody who may go on, until all of it is."""
    return math.ceil(standing.wait_seconds) or standing.item.get_expiry()
