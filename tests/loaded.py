"""What reading pages loads late, loaded on import: by the process from which the tests' worker processes are forked."""

from __future__ import annotations

from contextlib import suppress

from digest.errors import Unreadable
from digest.extract.article import extract
from digest.extract.workers import _WARMING

with suppress(Unreadable):
    extract(_WARMING.page, _WARMING.entry)
