"""Free ports of the loopback interface."""

import secrets
import socket
from pathlib import Path

_OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST = 10_000
_ATTEMPTS = 1_000

_given: set[int] = set()


def free_port() -> int:
    """A TCP port of 127.0.0.1 on which nobody listens, never the same one twice.

    The port lies below those that the system gives to outgoing connections. While a server is
    away its clients knock again and again, and a client that was given the very port it knocks
    on would be connected to itself and keep the server from coming back.
    """
    highest = _first_outgoing_port()
    for _ in range(_ATTEMPTS):
        port = _LOWEST + secrets.randbelow(highest - _LOWEST)
        if port not in _given and _is_free(port):
            _given.add(port)
            return port
    raise OSError(f"no free port between {_LOWEST} and {highest} on 127.0.0.1")


def _first_outgoing_port() -> int:
    try:
        return max(int(_OUTGOING.read_text().split()[0]), _LOWEST + _ATTEMPTS)
    except (OSError, ValueError):
        return 32_768


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
