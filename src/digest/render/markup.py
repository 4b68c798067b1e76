"""The HTML part of a letter: a filled template, with the rules of its style sheet written into its elements."""

from __future__ import annotations

import logging
import re
from functools import cache, lru_cache
from typing import Any

import jinja2
from lxml import etree

from digest.errors import TemplateError
from digest.render.catalogue import Catalogue
from digest.render.environment import fill
from digest.render.palette import Palette
from digest.render.view import LetterView

SILENT = logging.CRITICAL
BLANK_LINES = re.compile(r"\n\s*\n")
HANDLER = re.compile(r"(\son\w+)=", re.IGNORECASE)
"""Text that looks like an event handler. Our own markup has no attribute whose name begins with "on"."""

INLINING: dict[str, Any] = {
    "keep_style_tags": False,
    "remove_classes": False,
    "strip_important": False,
    "disable_validation": True,
    "cssutils_logging_level": SILENT,
    "disable_basic_attributes": ["width", "height"],
    "allow_network": False,
    "align_floating_images": False,
}
MOST_SHEETS = 16
"""Number of style sheets whose parsed rules are cached: one for each brand, morning and evening, and for trials."""


def html_part(door: jinja2.Environment, view: LetterView, words: Catalogue, colours: Palette) -> str:
    """Return the HTML of a letter with inline styles; the rules for dark mode and phones stay in its head.

    Raises:
        TemplateError: a template is broken, or its output is not HTML.
    """
    page = fill(door, f"email/{view.greeting}.html", letter=view, words=words, colours=colours)
    return defused(inlined(BLANK_LINES.sub("\n", page.strip())))


def defused(page: str) -> str:
    """Return ``page`` with template braces, and text that looks like an event handler, as character references.

    Both come from articles and look the same to readers. But relays fill templates, and filters search without parsing.
    """
    return HANDLER.sub(r"\1&#61;", page).replace("{{", "&#123;{").replace("{%", "&#123;%")


def inlined(page: str) -> str:
    """Return ``page`` with the rules of its style sheet in ``style`` attributes (by premailer), without spaces in them.

    ``!important`` must stay, since dark rules override inline ones by it; nothing may be fetched, and widths are
    written by hand. The spaces would be 1 KB of 30.
    """
    try:
        root = etree.fromstring(page, etree.HTMLParser())
        _inliner()(root, **INLINING).transform(pretty_print=False)
    except (etree.LxmlError, ValueError, AssertionError, TypeError) as error:
        raise TemplateError(f"the letter's HTML or style sheet cannot be read: {error}") from error
    for element in root.iter("*"):
        style = element.get("style")
        if style:
            element.set("style", style.replace("; ", ";").replace(", ", ","))
    return etree.tostring(root.getroottree(), method="html", encoding="unicode").strip() + "\n"


@cache
def _inliner() -> type[Any]:
    """Return premailer's class, changed to parse each style sheet once: parsing takes half of the time of inlining."""
    from premailer import Premailer  # noqa: PLC0415 - takes 0.2 s to import, and most commands render nothing

    @lru_cache(maxsize=MOST_SHEETS)
    def parsed(sheet: str, place: int) -> tuple[list[tuple[Any, ...]], str]:
        """Return the rules to inline, and the text of those that stay in the head."""
        plain = Premailer("", **INLINING)
        rules, others = plain._parse_style_rules(sheet, place)  # noqa: SLF001 - what is overridden below
        return rules, plain._css_rules_to_string(others) if others else ""  # noqa: SLF001

    class Inliner(Premailer):  # type: ignore[misc] # it has no types
        def _parse_style_rules(self, css_body: str, ruleset_index: int) -> tuple[list[tuple[Any, ...]], str]:
            return parsed(css_body, ruleset_index)

        def _css_rules_to_string(self, rules: str) -> str:
            return rules

    return Inliner
