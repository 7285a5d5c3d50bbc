"""Brokers that are thrown away."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.local.rabbitmq import LocalRabbitMQ


@contextmanager
def a_broker() -> Iterator[LocalRabbitMQ]:
    """A RabbitMQ of one's own, which may be killed; in the end it is, for that is quicker."""
    with (
        TemporaryDirectory(prefix="kabinet-rabbitmq-") as folder,
        LocalRabbitMQ(Path(folder)) as server,
    ):
        yield server
        server.kill()
