"""What every step of the corridor works with: the settings, the stores, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from digest.model.article import Article
from digest.model.meter import UNMETERED, Meter
from digest.model.source import FeedEntry
from digest.pipeline.kept import Kept
from digest.pipeline.stores import Stores
from digest.settings import Settings

if TYPE_CHECKING:
    from digest.storage.attempts import AttemptLog
    from digest.storage.editions import ShareOut

Clock = Callable[[], datetime]
"""Gives the present instant, aware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """One installation, open for work."""

    settings: Settings
    stores: Stores
    clock: Clock
    picture: Callable[[str], bytes] | None = None
    """Fetches a picture through the guard; raises FetchError. None where there is no web to fetch from."""
    article: Callable[[FeedEntry], Article] | None = None
    """Reads the article of an entry through the guard; raises FetchError, and RefusedAct where there is none."""
    document: Callable[[str], bytes] | None = None
    """Fetches a small document through the guard, as ``picture`` does."""
    meter: Meter = UNMETERED
    """Takes note of what happens, for whoever watches the service."""
    attempts: AttemptLog | None = None
    """Notes which items this process is at work on; None where nobody would read it."""
    share_out: ShareOut | None = None
    """Books the jobs that send a frozen edition, where other machines send as well."""
    kept: Kept = field(default_factory=Kept, compare=False)
    """What composing may use again when only the editor's acts changed."""
