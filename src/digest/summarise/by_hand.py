"""Bullets that an editor chooses: any sentence of an article, whole or in part, always word for word."""

from __future__ import annotations

from dataclasses import replace

from digest.model.article import Article
from digest.model.story import Bullet
from digest.summarise.passage import fragment
from digest.summarise.reading import Sentence, read
from digest.summarise.trim import bounds


def chosen(article: Article, start: int, end: int, source_name: str) -> Bullet:
    """Return the bullet of a span of an article; ValueError unless it is a part of one sentence, cut between words."""
    sentence = _around(article, start, end)
    text = article.text[start:end]
    if text != text.strip() or not any(map(str.isalnum, text)):
        raise ValueError("a bullet begins and ends with a word of the article")
    if _splits_a_word(article.text, start) or _splits_a_word(article.text, end):
        raise ValueError("a bullet is cut between words, not inside one")
    first, last = (
        sentence.start + edge for edge in bounds(article.text[sentence.start : sentence.end], article.language)
    )
    return Bullet(
        article_id=article.id,
        link=article.link,
        source_name=source_name,
        text=text,
        start=start,
        end=end,
        cut_start=_says_something(article.text[min(first, start) : start]),
        cut_end=_says_something(article.text[end : max(last, end)]),
        fragment=fragment(article.text, start, end),
    )


def cut(article: Article, bullet: Bullet, words: str) -> Bullet:
    """Return a bullet of the part ``words`` of the bullet's sentence; ValueError when the sentence does not have it.

    Any white space counts as one space.
    """
    sentence = _around(article, bullet.start, bullet.end)
    wanted = words.split()
    if not wanted:
        raise ValueError("a bullet needs words; to take it out, remove it")
    found = _span(article.text[sentence.start : sentence.end], wanted)
    if found is None:
        raise ValueError("that is not what the article says: a bullet may be cut at its beginning and its end only")
    start, end = found
    made = chosen(article, sentence.start + start, sentence.start + end, bullet.source_name)
    return replace(made, score=bullet.score)


def _around(article: Article, start: int, end: int) -> Sentence:
    for sentence in read(article.text, article.title, article.language).sentences:
        if sentence.start <= start < end <= sentence.end:
            return sentence
    raise ValueError("a bullet is one sentence of the article, or a part of one")


def _span(sentence: str, wanted: list[str]) -> tuple[int, int] | None:
    """Return where words come one after the other in a sentence, with any white space between them."""
    flat, places = list[str](), list[int]()
    for place, character in enumerate(sentence):
        if character.isspace() and (not flat or flat[-1] == " "):
            continue
        flat.append(" " if character.isspace() else character)
        places.append(place)
    at = "".join(flat).find(" ".join(wanted))
    if at < 0:
        return None
    return places[at], places[at + len(" ".join(wanted)) - 1] + 1


def _splits_a_word(text: str, at: int) -> bool:
    around = text[at - 1 : at + 1] if 0 < at < len(text) else ""
    return len(around) > 1 and around.isalnum() and around.isascii()


def _says_something(cut_off: str) -> bool:
    return any(map(str.isalnum, cut_off))
