"""Which articles of its period an edition did not use, and why.

Each report of an edition names the advertising that it left out, so composing stores that list. All other reasons are
computed again on request, from the stored inputs of the edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

from digest.edition.intake import refusal
from digest.edition.plan_filters import Refusal
from digest.errors import ItemSetAside
from digest.model.article import Article
from digest.model.quarantine import Guard, ItemKind
from digest.model.source import Source
from digest.pipeline.editions.snapshot import readable_basis
from digest.pipeline.quarantine import watching
from digest.pipeline.runtime import Runtime
from digest.storage.editions import StoredEdition
from digest.storage.values import Unreadable

ADVERTORIALS = "advertorials"
"""Key in the stored record of an edition for the articles left out as advertising."""
EXAMPLES = 3
"""Number of titles that are named for each reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An article that an edition did not use, and why."""

    article: Article
    source: str
    why: Refusal

    @classmethod
    def of(cls, article: Article, source: Source | None, why: Refusal) -> Refused:
        """Return an article with the name of its source, or of its site when the source was removed."""
        return cls(article=article, source=source.name if source else article.site_name, why=why)

    def __str__(self) -> str:
        return f"{self.article.title} ({self.source}): {self.why.words}"


def setting_aside(guard: Guard) -> Unreadable:
    """Return a function that sets aside a story or an article whose database row cannot be read."""

    def unreadable(key: str, written: str, error: Exception) -> None:
        with suppress(ItemSetAside), guard(ItemKind.STORY, key, written.encode("utf-8", "backslashreplace")):
            raise error

    return unreadable


def refused(runtime: Runtime, row: StoredEdition) -> tuple[Refused, ...]:
    """Return the articles of an edition's period that it did not use, ordered by cause, text and URL."""
    basis, stores = readable_basis(row.seen), runtime.stores
    plan = basis.plan if basis else runtime.settings.editions.get(row.key.name)
    if plan is None:
        return ()
    cut = basis.cut if basis else min(runtime.clock(), row.expires)
    known = basis.sources if basis else tuple(stored.source for stored in stores.sources.all())
    sources = {source.id: source for source in known}
    found: list[Refused] = []
    with watching(runtime, f"explain {row.key}") as watch:
        for article in stores.articles.window(cut - plan.window, cut, unreadable=setting_aside(watch.item)):
            source = sources.get(article.source_id)
            data = article.title.encode("utf-8", "backslashreplace")
            with suppress(ItemSetAside), watch.item(ItemKind.ACCOUNT, article.id, data):
                why = refusal(article, source, plan, cut)
                if why is not None:
                    found.append(Refused.of(article, source, why))
    return tuple(sorted(found, key=_place))


def in_lines(found: Iterable[Refused]) -> tuple[str, ...]:
    """Return one line of text for each article, ordered by cause, text and URL."""
    return tuple(map(str, sorted(found, key=_place)))


def _place(each: Refused) -> tuple[str, str, str]:
    return (each.why.cause.value, each.why.words, each.article.url)


def advertorials(row: StoredEdition) -> tuple[str, ...]:
    """Return one line of text for each article that was left out as advertising when the edition was composed."""
    return tuple(row.seen.get(ADVERTORIALS, ()))


def in_words(found: Iterable[Refused]) -> Iterator[str]:
    """Yield one line of text for each reason, with the number of articles and the first titles."""
    for words, group in groupby(found, key=lambda each: each.why.words):
        titles = [each.article.title for each in group]
        more = f" and {len(titles) - EXAMPLES} more" if len(titles) > EXAMPLES else ""
        yield f"{words}: {'; '.join(titles[:EXAMPLES])}{more}"
