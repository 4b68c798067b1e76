"""The HTML part: a filled template with its style sheet inlined once."""

from __future__ import annotations

import logging
import re

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
"""Text like an event handler; our own markup has no attribute whose name begins with "on"."""


def html_part(door: jinja2.Environment, view: LetterView, words: Catalogue, colours: Palette) -> str:
    """Return the HTML of a letter with inline styles; the rules for dark mode and phones stay in its head.

    Raises:
        TemplateError: a template is broken, or its output is not HTML.
    """
    page = fill(door, f"email/{view.greeting}.html", letter=view, words=words, colours=colours)
    return defused(inlined(BLANK_LINES.sub("\n", page.strip())))


def defused(page: str) -> str:
    """Return ``page`` with template braces and text like an event handler as character references.

    Both come from articles and are shown unchanged. But relays fill templates, and filters match without parsing.
    """
    return HANDLER.sub(r"\1&#61;", page).replace("{{", "&#123;{").replace("{%", "&#123;%")


def inlined(page: str) -> str:
    """Return ``page`` with its style sheet inlined by premailer, without spaces in those styles.

    ``!important`` must stay (dark rules override inline ones by it), nothing may be fetched, and widths are written
    by hand. The spaces would be 1 KB of 30.
    """
    from premailer import Premailer  # noqa: PLC0415 - takes 0.2 s to import, and most commands render nothing

    try:
        root = etree.fromstring(page, etree.HTMLParser())
        Premailer(
            root,
            keep_style_tags=False,
            remove_classes=False,
            strip_important=False,
            disable_validation=True,
            cssutils_logging_level=SILENT,
            disable_basic_attributes=["width", "height"],
            allow_network=False,
            align_floating_images=False,
        ).transform(pretty_print=False)
    except (etree.LxmlError, ValueError, AssertionError, TypeError) as error:
        raise TemplateError(f"the letter's HTML or style sheet cannot be read: {error}") from error
    for element in root.iter("*"):
        style = element.get("style")
        if style:
            element.set("style", style.replace("; ", ";").replace(", ", ","))
    return etree.tostring(root.getroottree(), method="html", encoding="unicode").strip() + "\n"
