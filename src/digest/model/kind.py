"""The kind of an article's text. It decides what a letter may say of it and where it may be placed."""

from __future__ import annotations

from enum import Enum


class TextKind(Enum):
    """The kinds of texts that a newspaper prints."""

    NEWS = "news"
    SPORT = "sport"
    FEATURE = "feature"
    """A portrait, an explanation, or a report that is not about an event of the day."""
    OPINION = "opinion"
    GUIDE = "guide"
    """Advice and service, such as recipes, deals, quizzes and horoscopes."""
    REVIEW = "review"
    LIST = "list"
    LIVE = "live"
    INTERVIEW = "interview"
    PROMO = "promo"
    """Advertising, by others or by the publisher itself."""
    UNKNOWN = "unknown"
    """No kind is likely enough. It is handled like NEWS."""


AFTER_NEWS = frozenset({TextKind.OPINION, TextKind.GUIDE, TextKind.REVIEW, TextKind.LIST, TextKind.PROMO})
"""These kinds never lead a letter, never give its subject, and are placed below the news."""
REPORTS = frozenset({TextKind.NEWS, TextKind.SPORT, TextKind.LIVE})
"""Reports of what happened."""
