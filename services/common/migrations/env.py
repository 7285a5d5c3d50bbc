"""Alembic's way in, the same for every service: ``services/common/migrate.py`` calls it."""

from typing import Any, Literal

from alembic import context

from services.common.db import BigId, Json, UTCDateTime


def render_item(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """Write our column types in plain SQLAlchemy, under the names the template defines."""
    if kind != "type":
        return False
    if isinstance(item, UTCDateTime):
        return "Instant"
    if item is BigId:
        return "BigId"
    if item is Json:
        return "Json"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    transaction_per_migration=True,
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
