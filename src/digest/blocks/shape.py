"""The values of which a block is made: a question about one day, the answer of a kind of block, and two templates.

A publisher writes a block of its own as a Python package with an entry point in the group ``digest.blocks``. The name
of the entry point is the ``kind`` in the settings, and it leads to a ``BlockKind``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

GROUP = "digest.blocks"
"""The group of the entry points by which packages provide kinds of blocks."""


class NoBlock(ValueError):  # noqa: N818 - named after what happened
    """The block cannot be made. The message is the reason, for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPicture:
    """The picture of a block, served from our own site; width and height are in CSS pixels."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The input of a kind of block: the day of the letter, the settings of the block, and its data."""

    day: date
    language: str
    """BCP 47 tag of the letter."""
    zone: str
    """IANA name of the edition's time zone."""
    title: str = ""
    text: str = ""
    link: str = ""
    sponsor: str = ""
    picture: ShownPicture | None = None
    data: bytes = b""
    """What the block's ``source`` holds; empty without a source."""
    options: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[str, str] = field(default_factory=dict)
    """Name -> phrase in the letter's language. Phrases with plural forms are missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockKind:
    """One kind of block: a function that makes its values, and the templates that show them.

    ``value`` returns texts, numbers, booleans, lists and tables of them, or None when there is nothing to show on that
    day. It raises NoBlock when the data cannot be used. The templates are jinja2; they get ``block`` (the value),
    ``ask`` (the question) and ``words`` (the phrases). Without templates, ``blocks/KIND.html`` and ``blocks/KIND.txt``
    in the folders of templates are used; a file there also replaces the templates given here.
    """

    value: Callable[[Question], Mapping[str, object] | None]
    html: str = ""
    text: str = ""
