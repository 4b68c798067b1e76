"""Tests the templates of the public pages before a visitor requests a page."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from digest.pipeline.runtime import Runtime
from digest.web.pages import Pages
from digest.web.site import doors
from digest.web.visit import Visit

NOTHING = "trial"
"""Used in place of a token. It is no valid token."""


def try_pages(runtime: Runtime) -> str:
    """Compile all page templates, and fill those that a visitor may request, in each language.

    Return a sentence about what was done. Raises TemplateError, which names file and line, and SettingsError.
    """
    pages = Pages(runtime.settings)
    all_doors = doors(runtime, pages)
    places = {
        "token": NOTHING,
        "name": next(iter(runtime.settings.editions), ""),
        "answer": "yes",
        "date": f"{runtime.clock():%Y-%m-%d}",
    }
    for language in pages.languages:
        for door in all_doors:
            try:
                door.show(Visit(places=places, language=language))
            except HTTPException:  # the same page that a visitor gets: there is no such letter
                continue
    return f"compiled, and filled in {len(pages.languages)} languages"
