"""Alembic's entry: migrates over the connection that ``run.upgrade`` opened."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from digest.storage.schema.columns import Instant
from digest.storage.schema.whole import METADATA
from digest.storage.values import FrozenLetter, Value


def plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 - Alembic's hook
    """Write our column types into new scripts as what they are in the database."""
    if kind == "type" and isinstance(item, Value | FrozenLetter):
        return "sa.Text()"
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_item=plain_type,
    transactional_ddl=False,  # the transaction around us is the one that counts
)
context.run_migrations()
