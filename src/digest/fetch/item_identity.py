"""Tells apart the items of a feed that share a link, and recognises an item that was listed before.

A link identifies an article, whatever its fragment and trackers are: feeds list one article more than once. But a live
blog, a podcast and a link blog give several items one link, and some feeds link every item to the front page. The rule:

- Items of one listing that share a link are separate items if their headlines differ, and their ids or their links as
  written differ too. Without such a difference they are separate if at least SHARED_BY headlines share the link.
- An item that links to the front page of its site, or to the page that the feed belongs to, has no page of its own.
- An item that comes back with another id is the same item, unless its headline or its date and text are others.

A separate item is identified by its link and its id. Its text is that of the feed, because the page shows all of them;
only a link with a query of its own leads to a page of its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from urllib.parse import quote, urlsplit

from digest.model.source import FeedEntry
from digest.text.urls import canonical
from digest.text.words import words

SHARED_BY = 3
"""A link with so many different headlines does not identify an article, nor does an id."""
COMPARED = 30
"""An item is compared with this many items before it in its listing, so that a long listing takes linear time."""
LONGEST_MARK = 600
"""Characters of a mark that are stored. A longer one is stored as its SHA-256 hash: databases limit what they index."""
ALIKE = 0.5
"""More than this share of the shorter text's words is in the other: both are about one thing."""
_TEXT_CHARACTERS = 2_000
_VERSION = re.compile(r"[:#@?&=._/-]*(?:v|rev|version)?\d{1,4}$", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")


def separated(listed: Sequence[FeedEntry], home: str) -> tuple[FeedEntry, ...]:
    """Return the entries of one listing; those that share a link and are separate items have an identity of their own.

    ``home`` is the address of the page that the listing belongs to. Items of one article keep one identity.
    """
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(listed):
        if entry.has_page:
            groups[entry.url].append(place)
    found = list(listed)
    for places in groups.values():
        members = [listed[place] for place in places]
        items = _items(members) if len(members) > 1 else [0]
        if max(items) > 0 or _is_no_article(members[0], home):
            for place, entry in zip(places, _marked(members, items), strict=True):
                found[place] = entry
    return tuple(found)


def addresses(listed: Iterable[FeedEntry]) -> frozenset[str]:
    """Return all identities that the entries may have in the database."""
    return frozenset(address for entry in listed for address in (entry.url, canonical(entry.link), *_own(entry)))


def recognised(listed: Sequence[FeedEntry], known: Mapping[str, FeedEntry]) -> tuple[FeedEntry, ...]:
    """Return the entries of a listing, each under the identity that it has in the database.

    ``known`` holds the stored entries by identity (see ``addresses``). An entry whose link is known for another item of
    its source gets an identity of its own.
    """
    renamed: dict[str, FeedEntry] = {}
    taken = {entry.url for entry in listed}
    for entry in listed:
        if entry.url not in renamed:
            renamed[entry.url] = _recognised(entry, known, taken)
            taken.add(renamed[entry.url].url)
    return tuple(replace(entry, url=renamed[entry.url].url, has_page=renamed[entry.url].has_page) for entry in listed)


def _recognised(entry: FeedEntry, known: Mapping[str, FeedEntry], taken: Collection[str]) -> FeedEntry:
    page, own = canonical(entry.link), _own(entry)
    before = known.get(page)
    stored = next((address for address in (entry.url, *own) if address in known and address != page), None)
    if stored is not None:
        return replace(entry, url=stored, has_page=known[stored].has_page)
    if before is None or before.source_id != entry.source_id:
        return entry
    if entry.url != page and page not in taken and _was(before, entry):
        return replace(entry, url=page, has_page=before.has_page)
    if entry.url == page and own and _is_another(before, entry):
        return replace(entry, url=own[0], has_page=False)
    return entry


def _was(before: FeedEntry, entry: FeedEntry) -> bool:
    """Return whether a stored entry of the same link, which was its only one then, is this item of several."""
    one, other = _claim(before), _claim(entry)
    if one and one == other:
        return True
    return (not one or not other or _are_versions(one, other)) and _alike(before.title, entry.title)


def _is_another(before: FeedEntry, entry: FeedEntry) -> bool:
    """Return whether an entry is another item than the stored one of the same link and source.

    Feeds change ids when they are built anew, and headlines when they are edited. Both together mean another item.
    """
    one, other = _claim(before), _claim(entry)
    if not one or not other or one == other:
        return False
    if before.published is not None and before.published == entry.published:
        return False
    titles, texts = _alike(before.title, entry.title), _alike_texts(before, entry)
    if _are_versions(one, other):
        return not titles and not texts
    if not titles:
        return True
    dated_anew = None not in {before.published, entry.published}
    return dated_anew and (texts is False or (texts is None and _numbers(before.title) != _numbers(entry.title)))


def _is_no_article(entry: FeedEntry, home: str) -> bool:
    """Return whether a link leads to a front page, or to the page that the feed itself belongs to."""
    parts = urlsplit(entry.url)
    if parts.path in {"", "/"} and not parts.query:
        return True
    return entry.url == home and bool(_claim(entry))


def _items(members: Sequence[FeedEntry]) -> list[int]:
    """Return, for each entry of one link, the number of the item that it belongs to; numbers count from 0."""
    ids = _telling_ids(members)
    crowded = len({_headline(entry) for entry in members}) >= SHARED_BY
    firsts: list[int] = []
    by_id: dict[str, int] = {}
    by_headline: defaultdict[str, list[int]] = defaultdict(list)
    found: list[int] = []
    for place, entry in enumerate(members):
        near = [*by_headline[_headline(entry)][-COMPARED:], *range(max(0, len(firsts) - COMPARED), len(firsts))]
        item = by_id.get(ids[place]) if ids[place] else None
        if item is None:
            pairs = ((number, firsts[number]) for number in near)
            item = next(
                (n for n, first in pairs if _are_one(members[first], ids[first], entry, ids[place], crowded=crowded)),
                len(firsts),
            )
        if item == len(firsts):
            firsts.append(place)
            by_headline[_headline(entry)].append(item)
        if ids[place]:
            by_id.setdefault(ids[place], item)
        found.append(item)
    return found


def _are_one(one: FeedEntry, one_id: str, other: FeedEntry, other_id: str, *, crowded: bool) -> bool:
    """Return whether two entries of one listing and link are the same item."""
    ids_differ = bool(one_id and other_id and one_id != other_id)
    links_differ = _tail(one) != _tail(other)
    if _headline(one) == _headline(other):
        return _alike_texts(one, other) is not False or not (ids_differ or links_differ)
    if ids_differ:
        numbered = one_id.startswith("#") and _are_versions(one_id, other_id)
        return numbered and _alike(one.title, other.title) and _alike_texts(one, other) is not False
    if links_differ:
        return _alike(one.title, other.title)
    return not crowded


def _marked(members: Sequence[FeedEntry], items: Sequence[int]) -> list[FeedEntry]:
    """Return the entries, each with the identity of its item: the link, and a mark that is its own."""
    ids = _telling_ids(members)
    marks: dict[int, str] = {}
    firsts = {item: members[place] for place, item in reversed(list(enumerate(items)))}
    pages = Counter(entry.link.partition("#")[0] for entry in firsts.values())
    used: set[str] = set()
    for place, (entry, item) in enumerate(zip(members, items, strict=True)):
        if item not in marks:
            choices = _marks(entry) if ids[place] else _marks(replace(entry, guid=""))
            marks[item] = next((mark for mark in choices if mark not in used), f"{_headline(entry)} {item}")
            used.add(marks[item])
    return [
        replace(
            entry,
            url=_address(entry, marks[item]),
            has_page=len(firsts) > 1 and bool(urlsplit(entry.link).query) and pages[entry.link.partition("#")[0]] == 1,
        )
        for entry, item in zip(members, items, strict=True)
    ]


def _telling_ids(members: Sequence[FeedEntry]) -> list[str]:
    """Return what the id of each entry says beyond its link; empty for an id that many headlines have."""
    ids = [_telling(entry) for entry in members]
    headlines: defaultdict[str, set[str]] = defaultdict(set)
    for guid, entry in zip(ids, members, strict=True):
        headlines[guid].add(_headline(entry))
    return [guid if len(headlines[guid]) < SHARED_BY else "" for guid in ids]


def _telling(entry: FeedEntry) -> str:
    """Return the id of an entry, or its fragment if the rest of the id is the link; empty when it is the link."""
    if not entry.guid.startswith(("http://", "https://")):
        return entry.guid
    try:
        same = canonical(entry.guid) == canonical(entry.link)
    except ValueError:
        return entry.guid
    if not same:
        return entry.guid
    fragment = urlsplit(entry.guid).fragment
    return f"#{fragment}" if fragment else ""


def _claim(entry: FeedEntry) -> str:
    """Return what distinguishes an entry from others of its link; empty when nothing does."""
    fragment = urlsplit(entry.link).fragment
    return _telling(entry) or (f"#{fragment}" if fragment else "")


def _tail(entry: FeedEntry) -> str:
    """Return the query and fragment of a link as written."""
    parts = urlsplit(entry.link)
    return (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def _own(entry: FeedEntry) -> list[str]:
    """Return the identities that an entry may have as one of several of its link, the likeliest first."""
    return [_address(entry, mark) for mark in _marks(entry)]


def _marks(entry: FeedEntry) -> list[str]:
    """Return what may distinguish an entry from others of its link: its id, the tail of its link, its headline."""
    return [mark for mark in (_telling(entry), _tail(entry), _headline(entry)) if mark]


def _address(entry: FeedEntry, mark: str) -> str:
    written = quote(mark)
    if len(written) > LONGEST_MARK:
        written = sha256(mark.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{canonical(entry.link)}#{written}"


def _headline(entry: FeedEntry) -> str:
    """Return what an item is known by: its title in lower case, or the beginning of its text."""
    said = entry.title or (entry.summary or entry.content)[:200]
    return " ".join(said.casefold().split())


def _are_versions(one: str, other: str) -> bool:
    """Return whether two ids differ only in a number at their end, as those of two versions of an article may."""
    return _VERSION.sub("", one) == _VERSION.sub("", other)


def _numbers(title: str) -> list[str]:
    return _NUMBER.findall(title)


def _alike_texts(one: FeedEntry, other: FeedEntry) -> bool | None:
    """Return whether two entries have similar texts; None when one of them has no text."""
    texts = [f"{entry.summary} {entry.content}".strip()[:_TEXT_CHARACTERS] for entry in (one, other)]
    return _alike(*texts) if all(texts) else None


def _alike(one: str, other: str) -> bool:
    """Return whether two texts have most words of the shorter one in common; two empty texts are alike."""
    here, there = set(words(one)), set(words(other))
    return here == there or len(here & there) > ALIKE * min(len(here), len(there))
