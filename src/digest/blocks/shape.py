"""What a block is made of: a question about one day, the value that a kind gives for it, and two templates.

A paper writes a block of its own as a Python package with an entry point in the group ``digest.blocks``. The name of
the entry point is the ``kind`` in the settings, and it leads to a ``BlockKind``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

GROUP = "digest.blocks"
"""The group of entry points that are kinds of blocks."""


class NoBlock(ValueError):  # noqa: N818 - named after what happened
    """A kind cannot make its block; the message is the reason, for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPicture:
    """The picture of a block on our own site; width and height are in CSS pixels."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a kind is asked: the day of the letter, the settings of the block, and its data."""

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
    """The letter's phrases in its language, by name, without those that have plural forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockKind:
    """One kind of block.

    ``value`` returns texts, numbers, booleans, lists and tables of them, or None when there is nothing to show on that
    day. It raises NoBlock when the data cannot be used. The templates are jinja2; they get ``block`` (the value),
    ``ask`` (the question) and ``words`` (the phrases). Without templates, ``blocks/KIND.html`` and ``blocks/KIND.txt``
    in the folders of templates are used; a file there also replaces the templates given here.
    """

    value: Callable[[Question], Mapping[str, object] | None]
    html: str = ""
    text: str = ""
