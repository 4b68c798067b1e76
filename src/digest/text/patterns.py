"""Regular expressions that are compiled at their first use.

The command line and each worker import rooms that they may not use. Compiling all patterns of a room takes longer than
importing the rest of it.
"""

from __future__ import annotations

import re
from functools import cache


@cache
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return the compiled pattern, the same object for every call. Raises re.error for an invalid pattern."""
    return re.compile(pattern, flags)


def phrases(*alternatives: str) -> re.Pattern[str]:
    """Return a pattern of phrases for plain words: lower case, one blank between two words, nothing else."""
    return re.compile("|".join(rf"\b(?:{phrase})" for phrase in alternatives))
