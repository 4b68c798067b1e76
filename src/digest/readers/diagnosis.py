"""The meaning of a server's message about a recipient. The rules are in ``text.bounce_codes``.

They are imported from there because replies of relays are judged by the same rules, and rooms do not import each other.
Code that reads bounces imports them from here.
"""

from __future__ import annotations

from digest.text.bounce_codes import Diagnosis, Kind, Stage, diagnose

__all__ = ["Diagnosis", "Kind", "Stage", "diagnose"]
