"""Chooses which of a story's bullets a letter prints: those that most strict readers would print unchanged.

Each bullet gets a share, the estimated part of strict readers who would leave it as it is. The share depends on the
model's estimate, on the costs of what a reader has against the bullet (``reservations``), and on the chance that the
story is news. The bullet that the model prefers comes first if its share is at least LEAST, then the one with the
largest share. Both are printed if their mean is at least PAIR; a third one needs THIRD. Else the story is one line.

The share is a logistic regression on 961 verdicts of seven readers, stricter than the editor on whose labels the model
is fitted. Readers whose verdicts were left out of the fit left so many of 100 bullets as they were:

========  ==
share
========  ==
.5 to .6  59
.6 to .7  72
.7 to .8  70
.8 to .9  81
above .9  94
========  ==

Of those that the three constants print they left 78 of 100, and 84 of 100 news articles had two bullets.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from digest.model.kind import TextKind

CONSTANT, SLOPE, NEWS = -2.6, 4.35, 0.26
"""The log odds of a bullet, per unit of the estimate less reservations, and per unit of the log odds of news."""
LEAST = 0.45
"""The minimum share of a printed bullet."""
PAIR = 0.54
"""The minimum of the mean share of a story's first two bullets, or of its only bullet."""
THIRD = 0.78
"""The minimum share of a third bullet."""
_MOST_ODDS = 4.0
_USUAL: Mapping[TextKind, float] = MappingProxyType(
    {TextKind.NEWS: 0.8, TextKind.SPORT: 0.8, TextKind.LIVE: 0.8, TextKind.UNKNOWN: 0.45}
)
"""The mean chance of news, by kind."""
_USUAL_ELSE = 0.1


def news_odds(kind: TextKind, news: float | None) -> float:
    """Return the log odds that a story is news, sport or a live report, limited to 4 either way.

    ``news`` is the chance of it, None for a story that was not ranked: then it is the usual one of its kind.
    """
    chance = _USUAL.get(kind, _USUAL_ELSE) if news is None else news
    odds = math.log((chance + 0.001) / (1.001 - chance))
    return max(-_MOST_ODDS, min(_MOST_ODDS, odds))


def share_left(sure: float, odds: float) -> float:
    """Return the share of strict readers who leave a bullet, 0 to 1.

    ``sure`` is the model's estimate less the reservations, ``odds`` are the story's log odds of news.
    """
    return (1 + math.tanh((CONSTANT + SLOPE * sure + NEWS * odds) / 2)) / 2
