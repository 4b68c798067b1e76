"""A block of a letter that is no story: a line of the house, dates, weather, markets, or one of the paper's own."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from digest.settings.types import Text


class BlockSettings(Struct, frozen=True, kw_only=True):
    """One block of a letter."""

    kind: Text
    """``line``, ``donation``, ``dates``, ``weather``, ``markets``, or the name of a block of your own (an entry point
    of the group ``digest.blocks``)."""
    place: Literal["lead", "top", "end"] = "end"
    """After the lead story, after the top stories, or before the footer."""
    title: str = ""
    """Its heading; empty means the usual one of its kind."""
    text: str = ""
    """The text of a line or a donation."""
    link: str = ""
    """Address to which the block links."""
    sponsor: str = ""
    """Who pays for a line: it gets the label "Advertisement" with this name."""
    picture: str = ""
    """A picture of a line: a file, or an http(s) address; it is made smaller and served by your site (``site.url``)."""
    alt: str = ""
    """What the picture shows, for those who do not see it."""
    source: str = ""
    """A file, or an http(s) address, with the block's data: JSON, or a calendar (.ics)."""
    first: date | None = None
    """First date of the editions that show it."""
    last: date | None = None
    """Last date of the editions that show it."""
    options: dict[str, str] = field(default_factory=dict)
    """Further values, as its kind needs them."""
    seconds: Annotated[float, Meta(ge=0.1, le=30)] = 10.0
    """How long the block may take; after that the letter leaves without it."""
