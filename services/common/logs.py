"""JSON logs, one object a line, with the request id of the work at hand.

Telephone numbers and e-mail addresses are masked wherever they slip in.
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

NO_DATE = r"(?!(?:19|20)\d\d-\d\d-\d\d(?!\d))"
PHONE = re.compile(
    # with its plus: E.164 has up to 15 digits
    rf"(?<![\w.-])\+\d(?:[ ().-]{{0,2}}{NO_DATE}\d){{6,14}}"
    # as people type it, unless it is a part of something else
    rf"|(?<![\w.:/#-])(?:{NO_DATE}\d(?:[ ()-]{{0,2}}{NO_DATE}\d){{8,14}}"
    r"|\d\d(?:[ .-]\d\d){3,5}|\d{3}\.\d{3}\.\d{4})(?!\w|[:.-]\w)"
)
# What PostgreSQL says of a row that it refuses: all its values.
ROW = re.compile(r"(DETAIL:\s+Failing row contains )\(.*", re.DOTALL)
EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")
NOISY = ("nameko.containers", "nameko.messaging", "amqp", "kombu", "werkzeug")
TECHNICAL = {
    "timestamp",
    "level",
    "logger",
    "service",
    "request_id",
    "event_id",
    "command_id",
}


def redact(value: str) -> str:
    """The text without a refused row, and with what looks like a phone number or e-mail masked."""
    return PHONE.sub("[phone]", EMAIL.sub("[email]", ROW.sub(r"\1[row]", value)))


def set_up_logs(*, service: str, level: str = "INFO") -> None:
    """Send this process's logs, its libraries' included, to standard error as JSON."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _named(service),
                _masked,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)


def _named(service: str) -> Processor:
    def add(_logger: Any, _method: str, entry: EventDict) -> EventDict:
        entry.setdefault("service", service)
        return entry

    return add


def _masked(_logger: Any, _method: str, entry: EventDict) -> EventDict:
    for key, value in entry.items():
        if key not in TECHNICAL:
            entry[key] = _mask(value)
    return entry


def _mask(value: Any) -> Any:
    """The value with every text in it masked, however deep, and anything unusual as text."""
    if isinstance(value, Mapping):
        return {str(key): _mask(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_mask(inner) for inner in value]
    if value is None or isinstance(value, int | float):
        return value
    return redact(str(value))
