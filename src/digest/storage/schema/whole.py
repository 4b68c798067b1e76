"""All tables, for what works on the schema as a whole: migrations, copies."""

from __future__ import annotations

from digest.storage.schema import editions, mailing, people, press, users, watch, work
from digest.storage.schema.columns import METADATA

__all__ = ["METADATA", "editions", "mailing", "people", "press", "users", "watch", "work"]
