"""Everything that is found in one story."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from digest.model.article import Article
from digest.model.finds import Find, Sought, StoryFinds
from digest.model.ids import SourceId
from digest.model.kind import AFTER_NEWS, TextKind
from digest.model.story import Story
from digest.summarise.assessment import Assess
from digest.summarise.days import ReadingDay
from digest.summarise.finds.announcements import announcements
from digest.summarise.finds.figures import figures
from digest.summarise.finds.finder_words import GRIM, LANGUAGES
from digest.summarise.finds.quoted import quoted
from digest.summarise.finds.story_name import StoryName, story_name
from digest.summarise.finds.study import Study, study
from digest.text.patterns import compiled
from digest.text.words import content_words

_COUNTED = frozenset({TextKind.NEWS, TextKind.SPORT, TextKind.FEATURE, TextKind.UNKNOWN})
"""Kinds of stories whose numbers and coming events are shown."""
_QUOTED = _COUNTED | {TextKind.INTERVIEW}
"""Kinds of stories that quote people."""
EVERYTHING = Sought()
LIGHT_OPENING = 2_000
"""So many characters of an article decide whether it is light."""
MOST_ARTICLES = 3
"""So many articles of a story are read for sentences, the lead first."""


def story_finds(
    story: Story,
    headline: str,
    source_names: Mapping[SourceId, str],
    day: ReadingDay,
    assessed: Assess | None = None,
    sought: Sought = EVERYTHING,
) -> StoryFinds:
    """Return what was found in a story's articles. Opinions, guides and advertising have nothing.

    ``source_names`` are the names to show as sources. ``day`` is the day on which the edition is read. ``assessed``
    returns an article's assessment for that day; without it each article is assessed anew. Only what is ``sought`` is
    looked for.
    """
    lead, kind = story.articles[0], story.kind
    if kind in AFTER_NEWS:
        return StoryFinds()
    named = StoryName()
    if sought.names:
        outlets = frozenset(name.casefold() for name in (*source_names.values(), lead.site_name))
        named = story_name(headline, story.articles, outlets)
    coming, numbers = sought.coming and kind in _COUNTED, sought.numbers and kind in _COUNTED
    quotes = sought.quotes and kind in _QUOTED
    usable = tuple(filter(_is_usable, story.articles[:MOST_ARTICLES])) if coming or numbers or quotes else ()
    studies = tuple(_studied(article, day, kind, assessed) for article in usable)
    names = [source_names.get(each.article.source_id, each.article.site_name) for each in studies]
    pairs = list(zip(studies, names, strict=True))
    about = frozenset(content_words(headline, lead.language))
    return StoryFinds(
        slug=named.words,
        slug_why=named.why,
        other_slugs=named.others,
        coming=_surest(announcements, pairs, lead, about) if coming else (),
        numbers=_surest(figures, pairs, lead, about) if numbers else (),
        quotes=_surest(quoted, pairs, lead, about) if quotes else (),
        light=sought.light and kind is TextKind.FEATURE and _is_light(lead),
    )


def _surest(
    finder: Callable[[Study, str], tuple[Find, ...]],
    studies: Iterable[tuple[Study, str]],
    lead: Article,
    about: frozenset[str],
) -> tuple[Find, ...]:
    """Return the finds of a story's articles, the surest first.

    They are shown with the story's headline. A sentence of another article than the lead shares a stem with it.
    """
    found = [
        find
        for studied, name in studies
        for find in finder(studied, name)
        if studied.article.id == lead.id or about & set(content_words(find.passage.text, studied.language))
    ]
    return tuple(sorted(found, key=lambda each: -each.sureness))


def _is_light(article: Article) -> bool:
    """Return whether an article has no word of death, crime or politics in its title and opening."""
    words = GRIM.get(article.language)
    said = f"{article.title}\n{article.text[:LIGHT_OPENING]}"
    return words is not None and not compiled(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE).search(said)


def _is_usable(article: Article) -> bool:
    return article.language in LANGUAGES and not article.sponsored and bool(article.text)


def _studied(article: Article, day: ReadingDay, kind: TextKind, assessed: Assess | None) -> Study:
    written: date = day.written(article.published or article.first_seen)
    return study(article, written, day.read, kind, assessed(article) if assessed else None)
