"""Who is near each other counts as one."""

import pytest

from services.common.addresses import neighbourhood


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8::7", "2001:db8::/64"),
        ("2001:db8::ffff:7", "2001:db8::/64"),
        ("2001:db8:0:1::7", "2001:db8:0:1::/64"),
        ("[2001:db8::7]:443", "2001:db8::/64"),
        ("unknown", None),
        ("", None),
    ],
)
def test_neighbours_in_an_ipv6_network_are_one_origin(address: str, origin: str | None) -> None:
    assert neighbourhood(address) == origin
