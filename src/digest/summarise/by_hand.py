"""Bullets that an editor chooses: any sentence of an article, whole or in part, always word for word."""

from __future__ import annotations

from dataclasses import replace

from digest.model.article import Article
from digest.model.story import Bullet
from digest.summarise.passage import fragment
from digest.summarise.reading import Sentence, read
from digest.summarise.trim import bounds

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
STOPS = f".!?{ELLIPSIS}"
CLOSING = f"{STOPS},;: \N{EN DASH}\N{EM DASH}-"
"""Marks with which an editor may close a cut, or that stay at its end."""


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

    Any white space counts as one space. The case of the first letter and the marks at the end do not matter: a cut
    that was closed with a full stop is the same cut.
    """
    sentence = _around(article, bullet.start, bullet.end)
    wanted = words.split()
    if not wanted:
        raise ValueError("a bullet needs words; to take it out, remove it")
    said = article.text[sentence.start : sentence.end]
    found = _span(said, wanted) or _span_of_words(said, " ".join(wanted))
    if found is None:
        whole = " ".join(said.split())
        raise ValueError(
            f"the article says: “{whole}” A bullet keeps these words: take words away at the beginning or at the end, "
            "and neither add nor change one in between"
        )
    start, end = found[0], _to_the_stop(said, found[1])
    made = chosen(article, sentence.start + start, sentence.start + end, bullet.source_name)
    return replace(made, score=bullet.score)


def whole_sentence(article: Article, bullet: Bullet) -> tuple[int, int]:
    """Return the span of the sentence that a bullet is a part of. Raises ValueError when there is none."""
    sentence = _around(article, bullet.start, bullet.end)
    return sentence.start, sentence.end


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


def _span_of_words(sentence: str, wanted: str) -> tuple[int, int] | None:
    """Return where words are in a sentence apart from the marks at their edges and the case of the first letter."""
    core = wanted.lstrip(f"{ELLIPSIS}. ").rstrip(CLOSING)
    if not core:
        return None
    cased = (core, core[0].upper() + core[1:], core[0].lower() + core[1:])
    return next((found for words in cased if (found := _span(sentence, words.split()))), None)


def _to_the_stop(sentence: str, end: int) -> int:
    """Return the end of a part with the sentence's own full stop, when nothing else follows the part."""
    rest = sentence[end:].rstrip()
    return end + len(rest) if rest and not rest.strip(STOPS) else end


def _splits_a_word(text: str, at: int) -> bool:
    around = text[at - 1 : at + 1] if 0 < at < len(text) else ""
    return len(around) > 1 and around.isalnum() and around.isascii()


def _says_something(cut_off: str) -> bool:
    return any(map(str.isalnum, cut_off))
