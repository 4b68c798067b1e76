"""What every step of the pipeline uses: the settings, the stores, and the clock."""

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
    from digest.fetch.discovery import FoundSource
    from digest.storage.attempts import AttemptLog
    from digest.storage.frozen_letters import ShareOut

Clock = Callable[[], datetime]
"""Returns the present instant, aware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """One installation, ready for use: settings, stores, clock, and functions that reach the web."""

    settings: Settings
    stores: Stores
    clock: Clock
    picture: Callable[[str], bytes] | None = None
    """Fetches a picture, checked by the address guard; raises FetchError. None without web access."""
    article: Callable[[FeedEntry], Article] | None = None
    """Reads an entry's article, checked by the address guard; raises FetchError, and RefusedAct without an article."""
    discover: Callable[[str], FoundSource] | None = None
    """Finds how the site at a URL lists its articles, checked by the address guard; raises FetchError."""
    document: Callable[[str], bytes] | None = None
    """Fetches a small document, in the same way as ``picture``."""
    data: Callable[[str, float], bytes] | None = None
    """Fetches the data of a block within some seconds, checked by the address guard; raises FetchError."""
    meter: Meter = UNMETERED
    """Receives measurements for monitoring."""
    attempts: AttemptLog | None = None
    """Records the items that this process works on, to find those that crash it. None where nobody would read it."""
    share_out: ShareOut | None = None
    """Stores the jobs that send a frozen edition, where several machines send letters."""
    kept: Kept = field(default_factory=Kept, compare=False)
    """Cache of what can be used again when an edition is composed with other acts."""
