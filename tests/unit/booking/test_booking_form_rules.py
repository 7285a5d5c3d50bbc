"""Steps, colours and sites of booking forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.forms import STEPS, is_colour, is_palette, origin_of, steps_in_order


@given(st.lists(st.sampled_from(STEPS), unique=True))
def test_every_step_is_there_once_and_the_last_two_come_last(named: list[str]) -> None:
    try:
        order = steps_in_order(named)
    except ValueError:
        assert {"contact", "confirm"} & set(named)
        return
    assert sorted(order) == sorted(STEPS)
    assert order[-2:] == ("contact", "confirm")
    assert [step for step in order if step in named] == named


@pytest.mark.parametrize("written", ["#fff", "#1F6f5c", ""])
def test_a_colour_is_three_or_six_hexadecimal_digits(written: str) -> None:
    assert is_colour(written) and is_palette(written)


@pytest.mark.parametrize(
    "written", ["red", "#ff", "#12345", "#1f6f5c;", "url(x)", "#\uff11\uff12\uff13"]
)
def test_what_could_be_more_than_a_colour_is_none(written: str) -> None:
    assert not is_colour(written)


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://salon.example", "https://salon.example"),
        ("HTTPS://Salon.Example:443/", "https://salon.example"),
        ("https://salon.example:8443", "https://salon.example:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ("*", None),
        ("null", None),
        ("https://*", None),
        ("https://*.salon.example", None),
        ("http://salon.example", None),
        ("https://salon.example/path", None),
        ("https://salon.example?x", None),
        ("https://user@salon.example", None),
        ("https://salon.example:99999", None),
        ("https://salon.example, https://evil.example", None),
        ("https://salon.example\r\nX: y", None),
        ("https://", None),
        ("javascript://salon.example", None),
        ("", None),
    ],
)
def test_an_origin_is_one_site_over_tls(written: str, origin: str | None) -> None:
    assert origin_of(written) == origin


@given(st.text())
def test_whatever_is_typed_is_an_origin_that_stays_the_same_or_none(typed: str) -> None:
    origin = origin_of(typed)
    assert origin is None or origin_of(origin) == origin
