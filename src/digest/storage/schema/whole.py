"""All tables, for work on the whole schema: migrations and copies."""

from __future__ import annotations

from digest.storage.schema import api, editions, mailing, people, press, users, watch, webhooks, work
from digest.storage.schema.columns import METADATA

__all__ = ["METADATA", "api", "editions", "mailing", "people", "press", "users", "watch", "webhooks", "work"]
