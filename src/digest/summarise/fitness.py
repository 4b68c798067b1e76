"""Which of a story's bullets a letter prints: by the model's estimate, the kind of text, and what else is printed.

    estimate - reservations ─▶ bar of the kind ─▶ doubtful (not printed), weak (no third bullet)

The bars come from the verdicts of six readers, stricter than the editor on whose labels the model is fitted, on 870
bullets of 300 articles. In news they kept 36 of 100 bullets with an estimate of .5 to .6, about 68 from .6 to .8, 87
from .9 on; in texts of an unknown kind 25 up to .6, 48 from .6 to .8 and 76 above; in guides, lists, opinions and
features 26 of 100, whatever the estimate below .9. With these bars 95 of 100 news articles have two bullets, as many
as with one reservation and .5, and the readers keep 1.2 more of 100 that are printed, the editor 1.1 (cross-validated).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from digest.model.kind import TextKind


@dataclass(frozen=True, slots=True)
class Bars:
    """The least estimates, less reservations, of the first two bullets of a story, and of a third one."""

    two: float
    third: float


NEWS = Bars(0.46, 0.75)
UNSURE = Bars(0.6, 0.8)
NO_NEWS = Bars(0.8, 0.9)
BARS: Mapping[TextKind, Bars] = MappingProxyType(
    {
        TextKind.NEWS: NEWS,
        TextKind.SPORT: NEWS,
        TextKind.LIVE: NEWS,
        TextKind.UNKNOWN: UNSURE,
    }
)
"""The bars of each kind; other kinds have those of NO_NEWS."""


def bars(kind: TextKind) -> Bars:
    """Return the bars of a kind of text."""
    return BARS.get(kind, NO_NEWS)
