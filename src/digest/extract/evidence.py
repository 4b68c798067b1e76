"""Observations about a line: its form, its place in text and markup, what it repeats, and what its words say.

Each observation is a named number, mostly 1, so that a decision can be explained. Observations of form and place hold
in every language.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from digest.extract.blocks import Block, Context, PageLayout
from digest.extract.candidates import LONG, Line, Signature, signature, signatures
from digest.extract.repeated_lines import fingerprint
from digest.extract.vocabulary import LONGEST_NOTICE, WORD, places, said, words_of

Observations: TypeAlias = dict[str, float]

PLACES = ("before the text", "after the text", "outside the text", "passed", "news")
"""In these places all other observations have additional weights: a date is residue above the text, but not in it."""

TINY, SHORT, RUNNING = 20, 60, 120
"""Limits in characters: a line is tiny below the first, short below the second, running text above the third."""
_SAMPLE = 300
"""Only this many characters of a line are read for its form."""
_MOSTLY = 0.9
_LEVELS = 6
"""The names of this many elements around a line are read."""
_SHORTEST_TITLE, _SHORTEST_NAME, _SHORTEST_OPENING = 15, 4, 40

_STOP = re.compile(r"[.!?…。！？।][\"'”’»›」』）)\]]*\Z")  # noqa: RUF001 - the stops of other scripts
_CLOCK = re.compile(r"\b\d{1,2}[.:]\d{2}\b")
_DAY = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[-./年]\d{1,2}[-./月]\d{1,2}|\b(?:19|20)\d{2}\b")
_GLUED = re.compile(r"[a-zà-ÿ.!?][A-ZÀ-Ý][a-z]")
_QUOTES = "\"'“„«»‘「"  # noqa: RUF001 - quotation marks
_DASHES = "-–—•*"  # noqa: RUF001 - the signs that lists begin with
_ARROWS = re.compile("[»›→▶➔►]")  # noqa: RUF001 - the signs that links begin with
_AROUND_TAGS = """figure figcaption aside footer header nav form button blockquote table li ul ol dl article main
section address details h1 h2 h3 h4 h5 h6 p div td"""
_AROUND = frozenset(_AROUND_TAGS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about the article before its lines are judged."""

    titles: tuple[str, ...] = ()
    """Every form of the title in the page and the feed."""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    site_name: str = ""
    news: bool = False
    """The page's data call it a news article."""


@dataclass(slots=True)
class _Text:
    """Values that the lines of one text share."""

    main: Context | None
    """The element that holds most of the text; None without long lines."""
    around_main: frozenset[Context]
    shape: tuple[str, str]
    signatures: frozenset[Signature]
    lengths: list[int]
    """Lengths of the taken lines, in order."""
    first_long: int
    last_long: int
    """Indexes of the first and the last line of running text among the taken lines."""
    titles: tuple[str, ...]
    title_words: tuple[frozenset[str], ...]
    subtitle: str
    authors: tuple[str, ...]
    site_name: str
    heading: int
    """Index of the block of the last h1 before the text; -1 without one."""
    links: dict[Context, float]
    """Share of link text in each element."""
    seen: dict[tuple[Context | None, str, str], list[str]] = field(default_factory=dict)


def observe(lines: Sequence[Line], page: PageLayout, known: Known) -> list[Observations]:
    """Return the observations of each line, without those that are zero."""
    text = _common(lines, page, known)
    keys = [fingerprint(line.text) for line in lines]
    repeats = Counter(keys)
    found = []
    index = -1
    for line, key in zip(lines, keys, strict=True):
        index += line.taken
        seen = _form(line.text)
        seen.update(_position(max(index, 0), text))
        seen.update(_resemblance(line.text, key, text))
        seen.update(_markup(line, text, page))
        seen.update(dict.fromkeys(said(line.text), 1.0))
        seen.update({"bias": 1.0, "news": known.news, "repeated": repeats[key] > 1, "passed": not line.taken})
        found.append({name: float(value) for name, value in seen.items() if value})
    return found


def _common(lines: Sequence[Line], page: PageLayout, known: Known) -> _Text:
    weights: Counter[Context] = Counter()
    shapes: Counter[tuple[str, str]] = Counter()
    for line in lines:
        if line.taken and line.block is not None and len(line.text) > LONG:
            context = line.block.context
            weights[context.parent or context] += len(line.text)
            shapes[context.tag, context.names] += len(line.text)
    main = weights.most_common(1)[0][0] if weights else None
    lengths = [len(line.text) for line in lines if line.taken]
    running = [index for index, length in enumerate(lengths) if length > RUNNING]
    return _Text(
        main=main,
        around_main=frozenset(main.lineage()) if main else frozenset(),
        shape=shapes.most_common(1)[0][0] if shapes else ("", ""),
        signatures=signatures(lines),
        lengths=lengths,
        first_long=running[0] if running else 0,
        last_long=running[-1] if running else len(lengths),
        titles=tuple(dict.fromkeys(filter(None, map(fingerprint, known.titles)))),
        title_words=tuple(frozenset(WORD.findall(title.casefold())) for title in known.titles if title),
        subtitle=fingerprint(known.subtitle),
        authors=tuple(fingerprint(name) for name in known.authors if len(name) > _SHORTEST_NAME),
        site_name=known.site_name.casefold(),
        heading=_heading(lines, page),
        links=_link_shares(lines, page),
    )


def _heading(lines: Sequence[Line], page: PageLayout) -> int:
    first = next((line.block.index for line in lines if line.taken and line.block), 0)
    return max((b.index for b in page.blocks[: first + 1] if b.context.tag == "h1"), default=-1)


def _around(context: Context) -> tuple[Context, ...]:
    return tuple(islice(context.lineage(), 1, 3))


def _link_shares(lines: Sequence[Line], page: PageLayout) -> dict[Context, float]:
    linked = dict.fromkeys((c for line in lines if line.block for c in _around(line.block.context)), 0)
    size = dict.fromkeys(linked, 1)
    for block in page.blocks:
        context = block.context.parent
        for _ in range(2):
            if context is None:
                break
            if context in linked:
                linked[context] += block.linked
                size[context] += len(block.text)
            context = context.parent
    return {context: linked[context] / size[context] for context in size}


def _form(line: str) -> Observations:
    length = len(line)
    sample = line[:_SAMPLE]
    letters = sum(map(str.isalpha, sample))
    words = sample.split()
    stop = _STOP.search(line) is not None
    seen: Observations = {
        "length": min(math.log1p(length), 7) - 4.5,
        "no-stop": not stop,
        "question": line.endswith("?"),
        "colon": line.endswith(":"),
        "few letters": letters < 0.6 * len(sample),
        "table": line.startswith("|"),
        "quote": line[0] in _QUOTES,
        "lower start": line[0].islower(),
        "glued": _GLUED.search(sample) is not None,
    }
    if length >= SHORT:
        seen["no-stop long"] = not stop
    else:
        seen |= {"tiny": length < TINY, "short": length >= TINY, "stop short": stop}
    if length < RUNNING:
        seen |= {
            "middle": length >= SHORT,
            "shouting": letters > 0 and sum(map(str.isupper, line)) > 0.6 * letters,
            "capitals": sum(w[0].isupper() for w in words) / len(words) if len(words) > 2 else 0,  # noqa: PLR2004
            "bracketed": line[0] in "([{" and line[-1] in ")]}",
            "dashed": line[0] in _DASHES,
            "bar": "|" in line,
            "slash": "/" in line,
            "arrow": _ARROWS.search(line) is not None,
            "clock": _CLOCK.search(line) is not None,
            "day": _DAY.search(line) is not None,
        }
    half = len(words) // 2
    seen["double"] = half > 1 and words[:half] == words[half:]
    return seen


def _position(index: int, text: _Text) -> Observations:
    lengths = text.lengths
    last = len(lengths) - 1
    place = index / last if last > 0 else 0.5
    near = [*lengths[max(0, index - 3) : index], *lengths[index + 1 : index + 4]]
    return {
        "first": index == 0,
        "second": index == 1,
        "third": index == 2,  # noqa: PLR2004 - the name says what it means
        "last": index == last,
        "last but one": index == last - 1,
        "last but two": index == last - 2,
        "in the last tenth": place > 0.9,  # noqa: PLR2004
        "in the last third": place > 0.67,  # noqa: PLR2004
        "before the text": index < text.first_long,
        "after the text": index > text.last_long,
        "among short lines": sum(n < SHORT for n in near) / len(near) if near else 0.0,
        "few lines": last < 5,  # noqa: PLR2004
    }


def _resemblance(line: str, key: str, text: _Text) -> Observations:
    found: Observations = {}
    if text.titles and len(line) < LONGEST_NOTICE:
        words = words_of(line)
        found["is the title"] = key in text.titles
        found["holds the title"] = any(len(t) > _SHORTEST_TITLE and t != key and t in key for t in text.titles)
        found["part of the title"] = len(key) > _SHORTEST_NAME and any(key != t and key in t for t in text.titles)
        found["like the title"] = max(_likeness(words, title) for title in text.title_words)
    subtitle, opening = text.subtitle, key[:_SHORTEST_OPENING]
    if subtitle and key:
        part = len(key) > _SHORTEST_OPENING and key in subtitle
        found["is the subtitle"] = key == subtitle or part
        found["opens as the subtitle"] = key != subtitle and opening == subtitle[:_SHORTEST_OPENING]
    if any(author in key for author in text.authors):
        found["names an author"] = 1.0
        found["names an author short"] = len(line) < SHORT
        found["opens with an author"] = key.startswith(text.authors)
    found["names the site"] = len(text.site_name) >= _SHORTEST_NAME and text.site_name in line.casefold()
    return found


def _likeness(words: frozenset[str], title: frozenset[str]) -> float:
    """Return the share of words that both have, of all words of the two."""
    common = len(words & title)
    return common / (len(words) + len(title) - common) if common else 0.0


def _markup(line: Line, text: _Text, page: PageLayout) -> Observations:
    block = line.block
    if block is None:
        return {"nowhere": 1.0}
    context = block.context
    links = [text.links.get(around, 0.0) for around in _around(context)] or [0.0]
    after = block.index - text.heading if text.heading >= 0 else 0
    found = _of_block(line, block, page)
    found |= {f"in {tag}": 1.0 for tag in context.around & _AROUND}
    found |= {
        f"tag {context.tag}" if context.tag in _AROUND else "tag other": 1.0,
        "links around": links[0],
        "links further around": links[-1],
        "just after the heading": 0 < after <= 2,  # noqa: PLR2004 - blocks
        "soon after the heading": 2 < after <= 6,  # noqa: PLR2004
    }
    place = (context.parent, context.tag, context.names)
    if place not in text.seen:
        text.seen[place] = [*_named(context, text), *_relation(context, text)]
    return found | dict.fromkeys(text.seen[place], 1.0)


def _of_block(line: Line, block: Block, page: PageLayout) -> Observations:
    size = max(1, len(block.text))
    bold = block.bold > _MOSTLY * size
    return {
        "linked": min(1.0, block.linked / size),
        "all linked": block.linked > _MOSTLY * size,
        "bold": bold,
        "bold short": bold and len(line.text) < RUNNING,
        "cut": len(block.text) > 1.3 * len(line.text),
        "joined": len(block.text) * 1.3 < len(line.text),
        "picture text": len(block.key) > 8 and block.key in page.pictures,  # noqa: PLR2004 - "Portrait" is no evidence
    }


def _named(context: Context, text: _Text) -> set[str]:
    found = {f"itself named {name}" for name in places(context.names)}
    for around in islice(context.lineage(), _LEVELS):
        if around in text.around_main:
            break
        found |= {f"named {name}" for name in places(around.names)}
    return found


def _relation(context: Context, text: _Text) -> list[str]:
    if text.main is None:
        return ["no main"]
    hops, meeting = next((hop, c) for hop, c in enumerate(context.lineage()) if c in text.around_main)
    inside = meeting is text.main
    rise = text.main.depth - meeting.depth
    same_tag = context.tag == text.shape[0]
    said_of_it = {
        "beside the text": inside and hops == 1,
        "below the text": inside and hops == 2,  # noqa: PLR2004 - levels
        "deep below the text": inside and hops > 2,  # noqa: PLR2004
        "around the text": hops == 0,
        "outside the text": not inside,
        "rise 1": rise == 1,
        "rise 2": rise == 2,  # noqa: PLR2004
        "rise more": rise > 2,  # noqa: PLR2004
        "fall more": hops > 3,  # noqa: PLR2004
        "same shape": (context.tag, context.names) == text.shape,
        "same signature": signature(context) in text.signatures,
        "same tag": same_tag,
        "same tag other names": same_tag and context.names != text.shape[1],
    }
    return [name for name, holds in said_of_it.items() if holds]
