"""Alembic's entry point: migrates over the connection that ``run.upgrade`` opened."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from digest.storage.schema.columns import Instant
from digest.storage.schema.whole import METADATA
from digest.storage.values import FrozenLetter, Value


def plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 - Alembic's hook
    """Return the plain SQL type of our column types for new scripts; False for all other types."""
    if kind == "type" and isinstance(item, Value | FrozenLetter):
        return "sa.Text()"
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_item=plain_type,
    transactional_ddl=False,  # only the transaction around this one matters
)
context.run_migrations()
