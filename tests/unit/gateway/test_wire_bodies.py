"""JSON bodies: which are read, and which nobody could work with."""

import pytest

from gateway.wire.bodies import MalformedJson, read_json


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"nope",
        b'"text"',
        b"12",
        b"null",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": "\\u0000"}',
        b'{"a": ["\\ud800"]}',
        b'{"\\u0000": 1}',
        b'{"a": "\x00"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_nobody_could_work_with_is_malformed(raw):
    with pytest.raises(MalformedJson):
        read_json(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"", {}),
        (b"  ", {}),
        (b"\xef\xbb\xbf{}", {}),
        (b"[1]", [1]),
        ('{"a": "é🙂"}'.encode(), {"a": "é🙂"}),
        (rb'{"a": "\ud83d\ude42"}', {"a": "🙂"}),
    ],
)
def test_other_bodies_are_read(raw, value):
    assert read_json(raw) == value
