"""A bullet that opens with "He" although nobody was named before, and the sentence that would name the person.

bullet, article, texts printed before ─ unnamed ─▶ the pronoun, when no text before it names its person
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from digest.model.article import Article
from digest.model.story import Bullet
from digest.summarise.lexicon import lexicon
from digest.summarise.reading import Reading, Sentence, read
from digest.text.languages import primary_tag
from digest.text.words import tokens

REACH = 5
"""Number of earlier sentences in which the pronoun's person is looked for."""
NAME_IN_FULL = 2
"""Least number of capitalised words of a name that names a person in full."""


def unnamed(article: Article, bullet: Bullet, before: Sequence[str]) -> str:
    """Return the pronoun for one person that opens a bullet, when the texts before it do not name that person.

    ``before`` are the headline and the earlier bullets of the story. The person is named when they have a name, or a
    noun for a person, from the sentences that lead to the bullet in its article. Empty when the bullet opens with
    another word, or in a language whose pronouns are not known.
    """
    if not opens_with_person(bullet.text, article.language):
        return ""
    reading = read(article.text, article.title, article.language)
    earlier = _earlier(reading, bullet)
    if earlier and _is_printed(article, earlier[-1], before):
        return ""
    printed = {word.lower() for text in before for word in tokens(text)}
    known = printed & set(_persons(reading, earlier)) if earlier else _names(before)
    return "" if known else tokens(bullet.text)[0]


def opens_with_person(text: str, language: str) -> bool:
    """Return whether a text opens with a pronoun for one person, and not with a quotation."""
    opening = next(iter(tokens(text)), "")
    return opening.lower() in lexicon(primary_tag(language) or "").persons and text.startswith(opening)


def sentence_before(article: Article, bullet: Bullet) -> tuple[int, int] | None:
    """Return the span of the sentence before a bullet's own, as a bullet would use it; None for the first one."""
    earlier = _earlier(read(article.text, article.title, article.language), bullet)
    return (earlier[-1].told_start, earlier[-1].told_end) if earlier else None


def _earlier(reading: Reading, bullet: Bullet) -> tuple[Sentence, ...]:
    """Return the sentences that end before the bullet's own begins, at most REACH, in order."""
    return tuple(sentence for sentence in reading.sentences if sentence.end <= bullet.start)[-REACH:]


def _is_printed(article: Article, sentence: Sentence, before: Sequence[str]) -> bool:
    """Return whether a sentence, or a part of it, is one of the texts printed before."""
    whole = article.text[sentence.start : sentence.end]
    return any(text in whole for text in before)


def _persons(reading: Reading, sentences: Sequence[Sentence]) -> Iterator[str]:
    """Yield words that may stand for a person: last names, and nouns such as "man", in lower case."""
    full = [_in_full(sentence.tokens) for sentence in reading.sentences]
    last = {name for names in full for name in names}
    nouns = lexicon(reading.language).generic
    for sentence in sentences:
        yield from last & {word.lower() for word in sentence.tokens if word[0].isupper()}
        yield from nouns & sentence.vocabulary


def _in_full(words: Sequence[str]) -> set[str]:
    """Return the last words of names that have at least two capitalised words, in lower case."""
    found, run = set[str](), list[str]()
    for word in (*words, ""):
        if word[:1].isupper():
            run.append(word)
            continue
        if len(run) >= NAME_IN_FULL:
            found.add(run[-1].lower())
        run = []
    return found


def _names(texts: Sequence[str]) -> Collection[str]:
    """Return the capitalised words after the first word of each text."""
    return [word for text in texts for word in tokens(text)[1:] if word[:1].isupper()]
