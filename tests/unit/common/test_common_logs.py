"""Logs are JSON, carry the request id, and show no phone number."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


def logged(code: str, *, level: str = "INFO") -> list[dict[str, Any]]:
    """What a process that sets up its logs and then runs this code writes, line by line."""
    program = f"""
import logging, structlog
from services.common.logs import set_up_logs

set_up_logs(service="kitchen", level="{level}")
log = structlog.get_logger("stove")
{textwrap.dedent(code)}
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_line_is_an_object_that_says_who_when_and_what() -> None:
    [entry] = logged('log.info("kettle_boiled", water_ml=500)')

    assert entry.pop("timestamp").endswith("Z")
    assert entry == {
        "event": "kettle_boiled",
        "level": "info",
        "logger": "stove",
        "service": "kitchen",
        "water_ml": 500,
    }


def test_the_request_id_is_on_every_line_of_its_request() -> None:
    entries = logged(
        """
        with structlog.contextvars.bound_contextvars(request_id="req-1"):
            log.info("ours")
            logging.getLogger("library").warning("theirs")
        log.info("later")
        """
    )

    assert [entry.get("request_id") for entry in entries] == ["req-1", "req-1", None]


def test_libraries_log_in_json_too() -> None:
    [entry] = logged('logging.getLogger("library").warning("%s cups", 3)')

    assert entry["event"] == "3 cups"
    assert (entry["level"], entry["logger"], entry["service"]) == ("warning", "library", "kitchen")


def test_an_exception_is_one_line_with_its_trace_and_without_the_phone() -> None:
    entries = logged(
        """
        def pour(phone):
            raise ValueError(f"nobody at {phone} or ann@example.com")

        for report in (log.exception, logging.getLogger("library").exception):
            try:
                pour("+33612345678")
            except ValueError:
                report("pouring failed for 06 12 34 56 78")
        """
    )

    assert len(entries) == 2
    for entry in entries:
        assert "Traceback" in entry["exception"]
        assert "in pour" in entry["exception"]
        assert "nobody at [phone] or [email]" in entry["exception"]
        assert entry["event"] == "pouring failed for [phone]"


def test_phones_are_masked_however_deep_they_lie() -> None:
    [entry] = logged(
        """
        log.info(
            "deep",
            fields={"client": [{"phone": "+33612345678"}, ("ann@example.com",)]},
            error=ValueError("+33612345678"),
        )
        """
    )

    assert entry["fields"] == {"client": [{"phone": "[phone]"}, ["[email]"]]}
    assert entry["error"] == "[phone]"


def test_numbers_and_ids_keep_their_shape() -> None:
    [entry] = logged(
        'log.info("x", n=12345678901, f=0.5, b=True, none=None, request_id="1234567890")'
    )

    assert (entry["n"], entry["f"], entry["b"], entry["none"]) == (12345678901, 0.5, True, None)
    assert entry["request_id"] == "1234567890"


def test_what_json_does_not_know_is_written_as_text() -> None:
    [entry] = logged('import datetime; log.info("x", day=datetime.date(2030, 6, 3), kinds={"a"})')

    assert entry["day"] == "2030-06-03"
    assert entry["kinds"] == ["a"]


def test_the_level_decides_what_is_written() -> None:
    entries = logged('log.info("quiet"); log.warning("loud")', level="WARNING")

    assert [entry["event"] for entry in entries] == ["loud"]


def test_the_chatter_of_the_framework_stays_out() -> None:
    code = """
    for name in ("nameko.containers", "amqp", "kombu.mixins"):
        logging.getLogger(name).warning("chatter")
        logging.getLogger(name).error("trouble")
    """

    assert [entry["event"] for entry in logged(code)] == ["trouble"] * 3
