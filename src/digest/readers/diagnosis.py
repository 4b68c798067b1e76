"""The meaning of a server's message about a recipient, as this room exports it.

The rules are in ``text.bounce_codes``. Replies of relays during a run are judged by the same rules, and rooms do not
import each other. Code that reads bounces, in this room or outside, imports them from here.
"""

from __future__ import annotations

from digest.text.bounce_codes import Diagnosis, Kind, Stage, diagnose

__all__ = ["Diagnosis", "Kind", "Stage", "diagnose"]
