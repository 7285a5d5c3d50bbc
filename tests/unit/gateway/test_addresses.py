"""Whose request it is, with and without proxies that may say so."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.addresses import MOST_HOPS, UNKNOWN, address_behind

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("::1")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("::1", ["[2001:db8::7]:443"], "2001:db8::7"),
        ("::1", ["2001:DB8:0::7"], "2001:db8::7"),
        ("10.0.0.1", ["198.51.100.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, unknown, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("", ["198.51.100.1"], UNKNOWN),
        ("/run/gateway.sock", ["198.51.100.1"], UNKNOWN),
    ],
)
def test_a_proxy_is_believed_only_when_it_is_trusted(peer, forwarded, client):
    assert address_behind(peer, forwarded, TRUSTED) == client


def test_without_trusted_proxies_nobody_is_believed():
    assert address_behind("10.0.0.1", ["198.51.100.1"], []) == "10.0.0.1"


def test_a_long_list_of_hops_costs_no_more_than_a_short_one():
    forwarded = [", ".join(["198.51.100.1"] + ["10.0.0.2"] * MOST_HOPS)]

    assert address_behind("10.0.0.1", forwarded, TRUSTED) == "10.0.0.2"


@given(peer=st.ip_addresses(v=4).map(str), forwarded=st.lists(st.text()))
def test_whatever_is_sent_nobody_speaks_for_another(peer, forwarded):
    assert address_behind(peer, forwarded, [ip_network("::1")]) == peer


@given(said=st.text())
def test_whatever_a_proxy_says_an_address_comes_out(said):
    assert address_behind("::1", [said], TRUSTED) != UNKNOWN
