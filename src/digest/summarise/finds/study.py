"""The sound sentences of an article, which all finders choose from."""
# ruff: noqa: RUF001 - apostrophes are the subject here

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from digest.model.article import Article
from digest.model.finds import Find
from digest.model.kind import TextKind
from digest.model.story import Bullet
from digest.summarise.assessment import Assessment, assess
from digest.summarise.day_phrases import WEEKDAYS
from digest.summarise.days import Timing
from digest.summarise.finds.dangling import Dangling, dangling
from digest.summarise.finds.finder_words import FIXED, MONTHS, POINTING
from digest.summarise.finds.word_pattern import pattern
from digest.summarise.lexicon import lexicon
from digest.summarise.passage import fragment
from digest.summarise.reading import Sentence
from digest.text.patterns import compiled
from digest.text.words import STOP_WORDS, content_words

NO_PRONOUN = 6
"""A pronoun among so many first words has nothing in its sentence that it could mean."""
LONGEST, MOST_CHARACTERS = 42, 500
"""Most words and characters of a find."""
_LOOSE_STOP = r"\w [.,](?: |$)|\s['’] s\b|\w ['’] |\b[A-Z]{3,}[a-rt-zà-ÿ]{1,2}\b|[A-Z]À\b"
"""Stops apart from their word, and words without a space between: the text was taken apart, and is not sure."""
_TORN = ("...", "…", "[…]", "[...]")
"""Marks with which a text breaks off."""
_CLOSING = "’”'"
"""A sentence that opens with one of these marks is the rest of another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """An article with the sentences from which finders choose; ``written`` and ``read`` are local dates."""

    article: Article
    title: frozenset[str]
    """Stems of its headline."""
    sentences: tuple[Sentence, ...]
    unclear: Dangling
    """The sentences that need an earlier one for a name or a thing."""
    estimates: Mapping[int, float]
    """The model's estimate of each sentence as a bullet, by the start of the sentence (see ``scorer.Model``)."""
    written: date
    read: date
    kind: TextKind

    @property
    def language(self) -> str:
        """The article's language."""
        return self.article.language


def study(
    article: Article,
    written: date,
    read_on: date,
    kind: TextKind = TextKind.UNKNOWN,
    assessment: Assessment | None = None,
) -> Study:
    """Return the sentences of an article that may be used on the day ``read_on``.

    ``kind`` is the kind of its story. ``assessment`` is that of the article for these dates, if it was made before.
    """
    assessment = assessment or assess(article, written, read_on)
    reading = assessment.reading
    timely = [
        sentence
        for sentence in reading.sentences
        if _is_sound(sentence) and assessment.timing(sentence) is Timing.RIGHT
    ]
    return Study(
        article=article,
        title=reading.title,
        sentences=tuple(timely),
        unclear=dangling(reading) if timely else Dangling(),
        estimates=assessment.estimates,
        written=written,
        read=read_on,
        kind=kind,
    )


def _is_sound(sentence: Sentence) -> bool:
    whole = not sentence.objection and sentence.words <= LONGEST and len(sentence.text) <= MOST_CHARACTERS
    text = sentence.text
    return whole and not compiled(_LOOSE_STOP).search(text) and text[0] not in _CLOSING and not text.endswith(_TORN)


def is_personal(sentence: Sentence, language: str) -> bool:
    """Return whether the writer speaks of himself or to the reader, outside quotation marks."""
    known = lexicon(language)
    own = set(sentence.own) - ({"us"} if "US" in sentence.tokens else set())
    return not (known.first_person | known.second_person).isdisjoint(own)


def points_elsewhere(sentence: Sentence, language: str) -> bool:
    """Return whether a sentence has words that point to another one, or a pronoun without anything that it means."""
    return bool(pattern(POINTING[language]).search(sentence.text)) or has_loose_pronoun(sentence, language)


def opens_with_unknown(sentence: Sentence, studied: Study) -> bool:
    """Return whether a sentence opens with "the" and a common noun that the headline does not have.

    Nouns of which everybody knows one ("the president") do not count. In the first sentence of an article, "the"
    points to nothing before.
    """
    tokens = sentence.tokens
    if not sentence.start or tokens[0].casefold() not in lexicon(studied.language).definite:
        return False
    named = studied.language != "de" and any(token[:1].isupper() for token in tokens[1:3])
    known = pattern(FIXED[studied.language])
    return (
        not named
        and not known.fullmatch(tokens[1:2][0] if tokens[1:2] else "")
        and studied.title.isdisjoint(content_words(" ".join(tokens[1:4]), studied.language))
    )


def has_loose_pronoun(sentence: Sentence, language: str) -> bool:
    """Return whether a pronoun comes before any name or noun of its sentence that it could mean."""
    known = lexicon(language)
    tokens = sentence.tokens
    subject = next((place for place, word in enumerate(sentence.small[:NO_PRONOUN]) if word in known.subjects), None)
    if subject is not None:
        return not _names_before(tokens[:subject], language)
    personal = next((place for place, token in enumerate(tokens) if token.casefold() in known.persons), 0)
    return personal > 0 and not any(token[:1].isupper() for token in tokens[1:personal])


def _names_before(tokens: Sequence[str], language: str) -> bool:
    """Return whether the words before a pronoun name somebody or something: "The ministry of Norrhaven says it".

    A weekday, a month and a word that opens the sentence are no names. In German every noun has a capital.
    """
    if language == "de":
        return False
    days = pattern(f"{MONTHS[language]} {WEEKDAYS[language]}".replace(" ", "|"))
    small = STOP_WORDS.get(language, frozenset())
    named = (
        word for place, word in enumerate(tokens) if word[:1].isupper() and (place or word.casefold() not in small)
    )
    return any(not days.fullmatch(word) for word in named)


def about_headline(sentence: Sentence, title: frozenset[str]) -> float:
    """Return the share of the headline's stems in a sentence."""
    return len(sentence.stems.keys() & title) / max(1, len(title))


def find(  # noqa: PLR0913 - the parts of a find
    studied: Study,
    sentence: Sentence,
    source_name: str,
    *,
    why: str,
    figure: str = "",
    speaker: str = "",
    credit: str = "",
    leans: bool = False,
    sureness: float = 0.0,
) -> Find:
    """Return a sentence as a find, with its link."""
    article = studied.article
    start, end = sentence.told_start, sentence.told_end
    passage = Bullet(
        article_id=article.id,
        link=article.link,
        source_name=source_name,
        text=sentence.text,
        start=start,
        end=end,
        cut_start=any(map(str.isalnum, article.text[sentence.start : start])),
        cut_end=any(map(str.isalnum, article.text[end : sentence.end])),
        fragment=fragment(article.text, start, end),
    )
    return Find(passage=passage, figure=figure, speaker=speaker, credit=credit, leans=leans, why=why, sureness=sureness)


def best_first(scored: Iterator[tuple[float, Find]]) -> tuple[Find, ...]:
    """Return finds in order of their score, the highest first; equal ones in their order."""
    return tuple(found for _, found in sorted(scored, key=lambda each: -each[0]))
