"""Addresses of the internet, and what is counted as one."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address


@lru_cache(maxsize=4096)
def parsed_address(written: str) -> IPv4Address | IPv6Address | None:
    """An address, also with a port or in brackets; IPv4 in IPv6's clothes is IPv4."""
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


@lru_cache(maxsize=4096)
def neighbourhood(address: str) -> str | None:
    """What is counted as one origin: an IPv4 address, or the /64 that one IPv6 subscriber has.

    None for what is no address.
    """
    parsed = parsed_address(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, 64), strict=False))
    return None if parsed is None else str(parsed)
