"""Where a request comes from: the client's own address, also behind reverse proxies."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from flask import request

from gateway.context import gateway
from services.common.variables import Network

MOST_HOPS = 20
UNKNOWN = "unknown"


def client_address() -> str:
    """The address of whoever made the request at hand."""
    return address_behind(
        request.remote_addr or "",
        request.headers.getlist("X-Forwarded-For"),
        gateway().settings.trusted_proxies,
    )


def address_behind(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The last address on the way here that is not a trusted proxy.

    Only what a trusted proxy says of its own visitor counts, for anybody can
    send an ``X-Forwarded-For``; so it is read from its end. ``UNKNOWN`` when
    not even the peer has an address.
    """
    address = _address(peer)
    if address is None:
        return UNKNOWN
    hops = [hop for line in forwarded for hop in line.split(",")]
    for hop in reversed(hops[-MOST_HOPS:]):
        if not _is_in(address, trusted):
            break
        before = _address(hop)
        if before is None:
            break
        address = before
    return str(address)


@lru_cache(maxsize=4096)
def neighbourhood(address: str) -> str:
    """What is counted as one origin: an IPv4 address, or the /64 that one IPv6 subscriber has."""
    parsed = _address(address)
    if not isinstance(parsed, IPv6Address):
        return address
    return str(IPv6Network((parsed, 64), strict=False))


@lru_cache(maxsize=4096)
def _address(written: str) -> IPv4Address | IPv6Address | None:
    """Also with a port or in brackets; IPv4 in IPv6's clothes is IPv4."""
    bare = written.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_in(address: IPv4Address | IPv6Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
