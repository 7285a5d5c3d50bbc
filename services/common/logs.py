"""JSON logs, one object a line, with the request id of the work at hand.

Telephone numbers and e-mail addresses are masked wherever they slip in.
"""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

PHONE = re.compile(r"(?<![\w.:-])\+?\d[\d ()-]{7,16}\d(?![\w:.-])")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
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
    """The text with everything that looks like a phone number or e-mail masked."""
    return PHONE.sub("[phone]", EMAIL.sub("[email]", value))


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
        if isinstance(value, str) and key not in TECHNICAL:
            entry[key] = redact(value)
    return entry
