"""What an edition did not take of what was read in its window, and why: worked out anew from what it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from digest.edition.intake import refusal
from digest.edition.plan_filters import Cause, Refusal
from digest.model.article import Article
from digest.pipeline.editions.snapshot import stored_basis
from digest.pipeline.runtime import Runtime
from digest.storage.editions import StoredEdition

EXAMPLES = 3
"""Titles that are named for each reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An article that an edition did not take, and why."""

    article: Article
    source: str
    why: Refusal

    def __str__(self) -> str:
        return f"{self.article.title} ({self.source}): {self.why.words}"


def refused(runtime: Runtime, row: StoredEdition) -> tuple[Refused, ...]:
    """Return the articles of an edition's window that it did not take, in order of cause, words and URL."""
    basis, stores = stored_basis(row.seen), runtime.stores
    plan = basis.plan if basis else runtime.settings.editions.get(row.key.name)
    if plan is None:
        return ()
    cut = basis.cut if basis else min(runtime.clock(), row.expires)
    known = basis.sources if basis else tuple(stored.source for stored in stores.sources.all())
    sources = {source.id: source for source in known}
    found: list[Refused] = []
    for article in stores.articles.window(cut - plan.window, cut):
        source = sources.get(article.source_id)
        why = refusal(article, source, plan, cut)
        if why is not None:
            found.append(Refused(article=article, source=source.name if source else article.site_name, why=why))
    return tuple(sorted(found, key=lambda each: (each.why.cause.value, each.why.words, each.article.url)))


def advertorials(runtime: Runtime, row: StoredEdition) -> tuple[str, ...]:
    """Return a line for each article that an edition left out as advertising."""
    return tuple(str(each) for each in refused(runtime, row) if each.why.cause is Cause.ADVERTORIAL)


def in_words(found: Iterable[Refused]) -> Iterator[str]:
    """Yield a line for each reason with how many articles it kept out, and the titles of the first of them."""
    for words, group in groupby(found, key=lambda each: each.why.words):
        titles = [each.article.title for each in group]
        more = f" and {len(titles) - EXAMPLES} more" if len(titles) > EXAMPLES else ""
        yield f"{words}: {'; '.join(titles[:EXAMPLES])}{more}"
