"""What a server's words about a recipient mean, under the name by which this room gives its judgement.

The rules lie in ``text.bounce_codes``: a relay's replies are judged by the same ones while letters leave, and rooms do
not import each other. Whoever reads what came back, within this room and outside, asks here.
"""

from __future__ import annotations

from digest.text.bounce_codes import Diagnosis, Kind, Stage, diagnose

__all__ = ["Diagnosis", "Kind", "Stage", "diagnose"]
