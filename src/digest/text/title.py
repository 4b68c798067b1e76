"""Cleans titles to one line of text and removes the name of their site."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Collection, Iterable

from digest.text.ending import ended
from digest.text.glyphs import one_line


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


LONGEST_TITLE = 300
"""Characters. A longer title ends at a sentence or a clause, or else is cut at a word."""
LONGEST_MARKUP = 12_000
"""Only this many characters of a title's markup are read."""

REPEATED = 3
MOST_TITLES = 0.6
"""If this many titles of a source, and this share of them, have the same end, it is the source's name."""
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_SOFT_HYPHEN = "\u00ad"
_JOINT = re.compile(r"\s+(?:[|–—·•»:/›-]+|::)\s+|\s*[|｜]\s*|：|\s*--\s*(?=[^\x00-\u2e7f])")  # noqa: RUF001 - the dashes and bars of many scripts
_BAR = "|｜"  # noqa: RUF001 - the bar of Japanese papers
_LEAST_LEFT = 12
"""Characters that must remain when a site's name is removed from a longer title."""
_LEAST_WIDE = 4
"""The same for scripts in which one character is a syllable or a word."""
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\ud7af\uf900-\ufaff]")
_SECTION_WORDS = 3
"""Most words of a section ("World news") between bars before the site's name."""
_SHORTEST_LABEL = 3
"""A part of a host with fewer letters is not a site's name, such as "co" in co.uk."""
_SHORTEST_INITIALS = 3
_SHORTEST_WORD, _MOST_WORDS, _LONG_NAME = 4, 5, 6
"""A full name: letters from which a word needs a capital, most words, fewest letters of the host's name in it."""
_NO_NAMES = frozenset({"www", "m", "amp", "news", "edition", "mobile", "blog", "blogs"})
"""First parts of hosts that are not names of sites."""
_ENDINGS = _listed(
    """online digital news com co uk us de fr es it at ch net org tv web plus blog magazine magazin politics sport
        sports business international world"""
)
"""Endings that a site adds to its name in some titles only."""


def clean(markup: str) -> str:
    """Return a title as one line of at most LONGEST_TITLE characters, without tags, controls and soft hyphens.

    Entities are resolved twice, because many feeds and pages escape them once too often.
    """
    text = markup[:LONGEST_MARKUP]
    for _ in range(2):
        text = _TAG.sub("", text) if "<" in text else text
        text = html.unescape(text) if "&" in text else text
    text = one_line(_TAG.sub("", text).replace(_SOFT_HYPHEN, ""))
    text = text if len(text) <= LONGEST_TITLE else ended(text, LONGEST_TITLE)
    if len(text) <= LONGEST_TITLE:
        return text
    return text[: LONGEST_TITLE + 1].rsplit(" ", 1)[0].rstrip()[:LONGEST_TITLE]


def site_names(site: str, host: str) -> frozenset[str]:
    """Return the names of a site, squeezed: its own name and those in its host."""
    labels = [label for label in host.lower().split(":")[0].split(".") if label not in _NO_NAMES]
    names = {squeezed(site), squeezed("".join(labels)), squeezed("".join(labels[:-1]))}
    names |= {squeezed(label) for label in labels[:-1] if len(label) >= _SHORTEST_LABEL}
    return frozenset(names - {""})


def repeated_ends(titles: Collection[str]) -> frozenset[str]:
    """Return, squeezed, the text after the last separator that most titles of one source share: the source's name.

    An end that only some titles have may be a speaker ("... - minister") or an agency, and is kept.
    """
    ends: dict[str, set[str]] = {}
    for title in set(titles):
        joint = deque(_JOINT.finditer(title), maxlen=1)
        if joint:
            ends.setdefault(squeezed(title[joint[0].end() :]), set()).add(title[: joint[0].start()])
    least = max(REPEATED, MOST_TITLES * len(set(titles)))
    return frozenset(end for end, before in ends.items() if end and len(before) >= least)


def squeezed(name: str) -> str:
    """Return the form in which names of sites are compared: small letters and digits, without a leading "the"."""
    letters = "".join(c for c in name.casefold() if c.isalnum())
    return letters.removeprefix("the") if len(letters) > len("the") + 2 else letters


def without_site(title: str, names: frozenset[str]) -> str:
    """Return a title without its site's name at either end; empty when it is only that name.

    A section between bars before the name is removed, too. A part is the site's name if the part or its initials are in
    ``names``. Other parts are kept: 13 of 15 other parts after a dash belonged to the headline.
    """
    if squeezed(title) in names:
        return ""
    joints = list(_JOINT.finditer(title))
    start, end = 0, len(title)
    while joints and is_site(title[joints[-1].end() : end], names):
        end, joints = _without_sections(title, joints)
    if joints and is_site(title[: joints[0].start()], names):
        start = joints[0].end()
    shorter = title[start:end].strip()
    least = _LEAST_WIDE if _WIDE.search(shorter) else _LEAST_LEFT
    return shorter if len(shorter) >= least else title


def _without_sections(title: str, joints: list[re.Match[str]]) -> tuple[int, list[re.Match[str]]]:
    """Return where a title ends without its last part and the sections before it, and the remaining separators."""
    last = joints[-1]
    end, left = last.start(), joints[:-1]
    while left and _is_bar(last) and _is_bar(left[-1]) and _is_section(title, left[-1], end):
        end, left = left[-1].start(), left[:-1]
    return end, left


def _is_section(title: str, joint: re.Match[str], end: int) -> bool:
    """Return whether a part is a section's name: it is short, and the text before it is a headline by itself."""
    behind, before = title[joint.end() : end].split(), title[: joint.start()]
    return len(behind) <= _SECTION_WORDS and (len(before.split()) > _SECTION_WORDS or bool(_WIDE.search(before)))


def _is_bar(joint: re.Match[str]) -> bool:
    return any(bar in joint.group() for bar in _BAR)


def is_site(part: str, names: Iterable[str]) -> bool:
    """Return whether a part of a title is the site's name, host or initials, perhaps with a usual ending."""
    name = squeezed(part)
    initials = "".join(word[0] for word in part.casefold().split() if word[0].isalnum())
    known = set(names)
    return bool(name) and (
        name in known
        or (len(initials) >= _SHORTEST_INITIALS and initials in known)
        or any(name + ending in known or name.removesuffix(ending) in known for ending in _ENDINGS)
        or _ends_with_the_name(part, known)
    )


def _ends_with_the_name(part: str, known: set[str]) -> bool:
    """Return whether a part is a full name with the host's name last ("The Old Harbour Courier", courier.example)."""
    words = part.split()
    long = [word for word in words if len(word) >= _SHORTEST_WORD]
    capital = all(word[:1].isupper() for word in long)
    return (
        1 < len(words) <= _MOST_WORDS
        and capital
        and len(long[-1:]) == 1
        and squeezed(words[-1]) in {name for name in known if len(name) >= _LONG_NAME}
    )
