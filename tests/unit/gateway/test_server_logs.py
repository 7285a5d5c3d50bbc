"""gunicorn's messages are JSON lines, without the address that was asked for."""

import pytest

from tests.unit.common.test_common_logs import logged

SECRET = "0123456789abcdef0123456789abcdef"
SET_UP = "from gunicorn.config import Config; from gateway.server_logs import Logger\n"


@pytest.mark.parametrize(
    ("call", "event"),
    [
        (
            f"exception('Error handling request %s %s', 'GET', '/a/{SECRET}?phone=1')",
            "Error handling request GET [path]",
        ),
        (
            f"warning('Invalid HTTP request line: \\'GET /{SECRET} it\\\\\\'s\\'')",
            "Invalid HTTP request line: [quoted]",
        ),
        ("info('Listening at: %s (%s)', 'http://127.0.0.1:8080', 1)", None),
    ],
)
def test_no_message_of_the_server_names_an_address(call: str, event: str | None) -> None:
    [line] = logged(f"{SET_UP}Logger(Config()).{call}")

    assert line["event"] == (event or "Listening at: http://127.0.0.1:8080 (1)")
    assert (line["service"], line["logger"]) == ("kitchen", "gunicorn.error")
    assert SECRET not in str(line)
