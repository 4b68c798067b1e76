"""What kind of text an article is: what may be said of it, and where it may stand in a letter."""

from __future__ import annotations

from enum import Enum


class TextKind(Enum):
    """The kinds of texts that a newspaper prints."""

    NEWS = "news"
    SPORT = "sport"
    FEATURE = "feature"
    """A portrait, an explanation, a report without an event of the day."""
    OPINION = "opinion"
    GUIDE = "guide"
    """Advice and service: recipes, deals, quizzes and horoscopes among it."""
    REVIEW = "review"
    LIST = "list"
    LIVE = "live"
    INTERVIEW = "interview"
    PROMO = "promo"
    """Somebody's advertising, or the publisher's own."""
    UNKNOWN = "unknown"
    """No kind is likely enough: to be treated as news is."""


AFTER_NEWS = frozenset({TextKind.OPINION, TextKind.GUIDE, TextKind.REVIEW, TextKind.LIST, TextKind.PROMO})
"""What never leads a letter and never gives its subject, and stands below the news."""
