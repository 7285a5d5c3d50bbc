"""What travels beside the arguments of a call, and what becomes of nonsense in it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.calls import Call, call_of, headers

NOW = datetime(2030, 6, 3, 6, tzinfo=UTC)
NOTHING = Call(now=NOW)
texts = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=200)
ids = st.none() | st.integers(1, 2**63 - 1)


def read(sent: dict[str, Any]) -> Call:
    """Read headers as nameko hands them over: without their prefix."""
    return call_of({name.removeprefix("nameko."): value for name, value in sent.items()}, now=NOW)


@given(
    request_id=texts,
    command_id=texts,
    deadline=st.floats(0, 4e9),
    viewer=st.fixed_dictionaries({"partner_id": ids, "user_id": ids}),
    locale=st.sampled_from(["en", "fr", "fr-FR"]),
)
def test_what_is_sent_arrives(
    request_id: str, command_id: str, deadline: float, viewer: dict[str, Any], locale: str
) -> None:
    call = read(
        headers(
            request_id=request_id,
            command_id=command_id,
            deadline=deadline,
            viewer=viewer,
            locale=locale,
        )
    )

    assert call.now == NOW
    assert (call.request_id, call.command_id) == (request_id, command_id)
    assert call.viewer == viewer
    assert call.locale == locale
    assert call.deadline == pytest.approx(deadline, abs=0.001)


def test_headers_carry_the_prefix_that_nameko_passes_on() -> None:
    sent = headers(request_id="r", command_id="c", deadline=1.5, viewer={}, locale="en")

    assert set(sent) == {
        "nameko.request_id",
        "nameko.command_id",
        "nameko.deadline",
        "nameko.viewer",
        "nameko.locale",
    }
    assert all(isinstance(value, str) for value in sent.values())


@pytest.mark.parametrize(
    "garbage",
    [
        None,
        5,
        [],
        {"a": [1]},
        b"\xff",
        "\x00",
        "line\nbreak",
        "\ud800",
        "[" * 100_000,
        "nan",
        "inf",
        "-inf",
        10**400,
        "[1, 2]",
        '"text"',
    ],
    ids=lambda value: repr(value)[:20],
)
@pytest.mark.parametrize("header", ["deadline", "viewer"])
def test_garbage_counts_as_absent(header: str, garbage: Any) -> None:
    call = call_of({header: garbage}, now=NOW)

    if header == "deadline" and garbage == 5:
        assert call.deadline == 5
    else:
        assert call == NOTHING


@pytest.mark.parametrize("garbage", [None, 5, [], {"a": 1}, b"\xff", "\x00", "a\nb", "\ud800"])
@pytest.mark.parametrize("header", ["request_id", "command_id", "locale"])
def test_a_text_that_no_database_or_log_could_take_counts_as_absent(
    header: str, garbage: Any
) -> None:
    assert call_of({header: garbage}, now=NOW) == NOTHING


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.lists(st.integers())))
def test_no_header_can_make_reading_fail(context: dict[str, Any]) -> None:
    call = call_of(context, now=NOW)

    assert call.seconds_left is None or call.seconds_left <= 86_400


def test_long_ids_are_cut() -> None:
    call = call_of({"request_id": "r" * 1000, "command_id": "c" * 1000}, now=NOW)

    assert (len(call.request_id), len(call.command_id)) == (200, 300)


def test_nobody_waits_when_no_deadline_was_sent() -> None:
    assert NOTHING.seconds_left is None


def test_what_is_left_shrinks_and_ends_below_zero() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=10)

    left = Call(now=NOW, deadline=soon.timestamp()).seconds_left
    assert left is not None and 5 < left <= 10
    past = Call(now=NOW, deadline=soon.timestamp() - 60).seconds_left
    assert past is not None and past < 0


def test_a_deadline_at_the_end_of_time_means_a_day() -> None:
    assert Call(now=NOW, deadline=1e300).seconds_left == 86_400


def test_the_viewer_is_a_mapping_or_nothing() -> None:
    assert call_of({"viewer": json.dumps({"partner_id": 3})}, now=NOW).viewer == {"partner_id": 3}
