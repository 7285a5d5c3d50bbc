"""Where a request comes from: the client's own address, also behind reverse proxies."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address

from flask import request

from gateway.context import gateway
from services.common.addresses import parsed_address
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
    address = parsed_address(peer)
    if address is None:
        return UNKNOWN
    hops = [hop for line in forwarded for hop in line.split(",")]
    for hop in reversed(hops[-MOST_HOPS:]):
        if not _is_in(address, trusted):
            break
        before = parsed_address(hop)
        if before is None:
            break
        address = before
    return str(address)


def _is_in(address: IPv4Address | IPv6Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
