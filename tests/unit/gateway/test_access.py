"""The Authorization header's variants, and the table that every route must be in."""

import time

import pytest
from flask import Flask

from gateway.access import AccessError, Credentials, credentials_of, guard
from gateway.callers import ANYBODY


@pytest.mark.parametrize(
    ("header", "partner", "user"),
    [
        ("Bearer p", "p", None),
        ("Bearer p, User u", "p", "u"),
        ("Bearer p,User u", "p", "u"),
        ("Bearer p, User  u", "p", "u"),
        ("Bearer p,u", "p", "u"),
        ("Bearer p, USer u", "p", "u"),
        ("bearer  p , user u ", "p", "u"),
        ("Bearer p, User", "p", None),
        ("Bearer p, User ", "p", None),
        ("Bearer p,", "p", None),
        ("Bearer p, Userland", "p", "Userland"),
        ("Bearer p-._~+/=", "p-._~+/=", None),
    ],
)
def test_every_variant_that_clients_send_is_understood(header, partner, user):
    assert credentials_of(header) == Credentials(partner, user)


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "p", "User u", "Basic cDpw", "Bearer p q", "Bearer ,u"],
)
def test_another_header_carries_nothing(header):
    assert credentials_of(header) == Credentials()


def an_app() -> Flask:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/one", "one", lambda: "")
    return app


def test_a_gateway_whose_table_lacks_a_route_does_not_start():
    with pytest.raises(AccessError, match="one"):
        guard(an_app(), {})


def test_a_gateway_whose_table_names_an_unknown_route_does_not_start():
    with pytest.raises(AccessError, match="two"):
        guard(an_app(), {"one": ANYBODY, "two": ANYBODY})


def test_a_header_made_to_hurt_is_read_at_once() -> None:
    """In more than one way of reading it, it would take seconds: 8,000 squared."""
    begun = time.process_time()
    credentials_of(f"Bearer a,{' ' * 8000},")

    assert time.process_time() - begun < 0.5
