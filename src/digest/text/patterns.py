"""Regular expressions that are compiled when they are first used.

The command line and each worker import rooms of which they may never read a word; compiling all that a room knows takes
longer than importing the rest of it.
"""

from __future__ import annotations

import re
from functools import cache


@cache
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return the compiled pattern, the same one at every call; raises re.error where it is none."""
    return re.compile(pattern, flags)


def phrases(*alternatives: str) -> re.Pattern[str]:
    """Return a pattern of phrases over plain words: lower case, one blank between two of them, nothing else."""
    return re.compile("|".join(rf"\b(?:{phrase})" for phrase in alternatives))
