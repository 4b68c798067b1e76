"""A title without what a page hangs on to it: the site's name, a tail, the words for searches."""

from __future__ import annotations

import re
from collections.abc import Mapping

from digest.extract.addresses import host_and_path
from digest.extract.byline import plain

_TITLE_JOINT = re.compile(r"\s+[|–—·•»:/-]+\s+|\s*[|：｜]\s*")  # noqa: RUF001 - dashes are what is meant
_TAIL = re.compile(r"\s+[-|–—·•]|[|：｜]")  # noqa: RUF001 - as Japanese papers write it
_SHORTEST_FORM = 15
"""Characters; a shorter form of the title may be a kicker."""


def without_tail(title: str, others: tuple[str, ...]) -> str:
    """Return the title cut to another form of it when all that it has more is a tail behind a dash, bar or colon."""
    for other in others:
        tail = title.removeprefix(other)
        if len(other) >= _SHORTEST_FORM and tail != title and _TAIL.match(tail):
            return other
    return title


def without_site(title: str, site: str, url: str) -> str:
    """Return the title without the site's name at either end; empty when it is nothing else.

    A piece is cut only when it equals the site's name or its host: of 15 other pieces after a dash 13 were headline.
    """
    host = (host_and_path(url) or ("", ""))[0]
    known = {plain(name) for name in (site, host, *host_names(host)) if name}
    joints = list(_TITLE_JOINT.finditer(title))
    if joints and plain(title[joints[-1].end() :]) in known:
        return without_site(title[: joints[-1].start()], site, url)
    if joints and plain(title[: joints[0].start()]) in known:
        return title[joints[0].end() :]
    return "" if plain(title) in known else title


def host_names(host: str) -> tuple[str, ...]:
    """Return the names that a host goes by: without its suffix, and its longest label alone."""
    labels = host.split(".")
    return (".".join(labels[:-1]), max(labels[:-1], key=len)) if len(labels) > 1 else ()


def best_first(forms: list[tuple[str, str]], seen: set[str]) -> list[tuple[str, str]]:
    """Return the forms of a title in the order of trust; each is given with its source, OpenGraph before the rest.

    OpenGraph gives way where it was written for searches and feeds rather than for readers.

    Args:
        forms: what each source says.
        seen: what stands in an h1, as ``plain`` writes it.
    """
    by = {source: plain(title) for title, source in forms}
    favoured = "json-ld" if _is_for_searches(by, seen) else "h1" if _is_alone(by) else ""
    return sorted(forms, key=lambda form: form[1] != favoured)


def _is_for_searches(by: Mapping[str, str], seen: set[str]) -> bool:
    """Tell whether OpenGraph and title tag share one form of the title, and JSON-LD has another, seen in an h1."""
    shared = by.get("opengraph")
    return shared is not None and shared == by.get("title") and by.get("json-ld") in seen - {shared}


def _is_alone(by: Mapping[str, str]) -> bool:
    """Tell whether OpenGraph has a form that stands neither in title tag nor h1, on a page without JSON-LD.

    The h1 is the publisher's own title on such pages of 11 hosts of the development data, OpenGraph on those of one.
    """
    form = by.get("opengraph")
    return form is not None and "json-ld" not in by and form != by.get("h1") and form not in by.get("title", form)
