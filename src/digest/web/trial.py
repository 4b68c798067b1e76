"""The public pages tried before a visitor asks for them."""

from __future__ import annotations

from starlette.exceptions import HTTPException

from digest.pipeline.runtime import Runtime
from digest.web.pages import Pages
from digest.web.site import doors
from digest.web.visit import Visit

NOTHING = "trial"
"""What stands for a token: it opens nothing."""


def try_pages(runtime: Runtime) -> str:
    """Compile all templates of the pages, and fill those that a visitor may ask for, in each language.

    Returns what was done. Raises TemplateError, which names file and line, and SettingsError.
    """
    pages = Pages(runtime.settings)
    all_doors = doors(runtime, pages)
    places = {
        "token": NOTHING,
        "name": next(iter(runtime.settings.editions), ""),
        "date": f"{runtime.clock():%Y-%m-%d}",
    }
    for language in pages.languages:
        for door in all_doors:
            try:
                door.show(Visit(places=places, language=language))
            except HTTPException:  # as a visitor would be told: there is no such letter
                continue
    return f"compiled, and filled in {len(pages.languages)} languages"
