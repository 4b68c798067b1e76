"""Decides which kind of page an article is on: by the page's data, checked against the text."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from digest.extract.addresses import host_and_path
from digest.model.article import ArticleKind

SHORTEST_TEXT = 250
"""Characters. A page with less text is a stub: a teaser, a wall, or a video with a caption."""
ARTICLE_TEXT = 1_200
"""Characters. With this much text, a page of a video or a gallery is an article."""
LONGEST_WALL = 4_000
"""Characters. A longer text is never a wall."""

_VIDEO_PATHS = frozenset({"video", "videos", "watch", "mediathek"})
_GALLERY_PATHS = frozenset(
    {"gallery", "galleries", "photo-gallery", "photos", "pictures", "slideshow", "fotostrecke", "bildergalerie"}
)
_LIVE_PATHS = frozenset({"liveblog", "live-blog", "liveticker", "live-updates", "live-news", "newsblog"})
_AGREEING = re.compile(
    r"\b(?:accept|agree|consent|reject|manage|opt out|allow|akzeptier|zu(?:zu)?stimm|einwillig|ablehn|accepte[rz]?\b"
    r"|refuser|acept|rechaz|accett|rifiut|aceit|akkoord|toestemm|godkänn|godta|acceptera|samtykk)",
)
_TRACKING = re.compile(
    r"\b(?:cookies?|trackers?|tracking|personal data|vendors|partners|partner[n]?|privacy|datenschutz|données"
    r"|datos personales|privacidad|dati personali|dados pessoais|gegevens|personuppgifter|personopplysninger)\b",
)
_YOURS = re.compile(
    r"\b(?:you|your|we|sie|ihre[mnrs]?|wir|vous|vos|votre|nous|usted|tus?|sus?|tuo[i]?|tua|je|uw|du|din|ditt|dine)\b"
)


def declared_kind(types: AbstractSet[str], others: AbstractSet[str], og_type: str, url: str) -> ArticleKind:
    """Return the kind that a page declares.

    Args:
        types: JSON-LD types of the page's article; empty if it names none.
        others: JSON-LD types of everything that the page describes.
        og_type: The page's ``og:type``.
        url: Its address. The path segments before the last are the newsroom's own sections.
    """
    sections = set((host_and_path(url) or ("", ""))[1].lower().split("/")[:-1])
    if "LiveBlogPosting" in others or sections & _LIVE_PATHS:
        return ArticleKind.LIVE_BLOG
    if og_type.lower().startswith("video") or ("VideoObject" in others and not types) or sections & _VIDEO_PATHS:
        return ArticleKind.VIDEO
    if ({"ImageGallery", "MediaGallery"} & others and not types) or sections & _GALLERY_PATHS:
        return ArticleKind.GALLERY
    return ArticleKind.ARTICLE


def kind_of(declared: ArticleKind, text: str) -> ArticleKind:
    """Return the kind of a page with this text. Enough text makes it an article, too little a stub."""
    if declared is ArticleKind.ARTICLE and len(text) < SHORTEST_TEXT:
        return ArticleKind.STUB
    watched = declared in {ArticleKind.VIDEO, ArticleKind.GALLERY}
    return ArticleKind.ARTICLE if watched and len(text) >= ARTICLE_TEXT else declared


def is_wall(text: str) -> bool:
    """Return whether a text is a request for consent: most of it speaks to the reader about tracking."""
    if len(text) > LONGEST_WALL:
        return False
    folded = text.casefold()
    asking = sum(len(part) for part in folded.split("\n\n") if _TRACKING.search(part) and _YOURS.search(part))
    return asking > len(folded) / 2 and _AGREEING.search(folded) is not None
