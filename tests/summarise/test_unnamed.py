"""A bullet that opens with "He" is found when nothing printed before it names its person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.extract.article import article_id
from digest.model.article import Article, TextOrigin
from digest.model.ids import SourceId
from digest.model.story import Bullet
from digest.summarise.unnamed import opens_with_person, sentence_before, unnamed

TEXT = (
    "The harbour pilot Ivo Marten was taken off a sinking tug on Sunday night. "
    "Marten had waited for three hours on the wheelhouse roof. "
    "He told the crew of the lifeboat that the pumps had failed one after the other. "
    "The tug went down before dawn in 40 metres of water."
)
HEADLINE = "Pilot rescued from the roof of a sinking tug"


def article(text: str = TEXT, language: str = "en") -> Article:
    url = "https://paper.example/tug"
    now = datetime(2026, 11, 23, 5, tzinfo=UTC)
    return Article(
        id=article_id(url, HEADLINE, text),
        source_id=SourceId(1),
        url=url,
        link=url,
        title=HEADLINE,
        text=text,
        origin=TextOrigin.PAGE,
        first_seen=now,
        language=language,
    )


def bullet(words: str, made: Article) -> Bullet:
    start = made.text.index(words)
    end = made.text.index(".", start) + 1
    return Bullet(
        article_id=made.id, link=made.link, source_name="Paper", text=made.text[start:end], start=start, end=end
    )


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ((HEADLINE,), "He"),
        ((HEADLINE, "The tug went down before dawn in 40 metres of water."), "He"),
        (("Marten saved from a sinking tug",), ""),
        ((HEADLINE, "The harbour pilot Ivo Marten was taken off a sinking tug on Sunday night."), ""),
        ((HEADLINE, "had waited for three hours on the wheelhouse roof"), ""),
    ],
    ids=["headline alone", "another sentence", "named in the headline", "named in a bullet", "sentence before it"],
)
def test_a_pronoun_needs_its_person_before_it(before: tuple[str, ...], found: str) -> None:
    made = article()
    assert unnamed(made, bullet("He told", made), before) == found


def test_a_person_is_looked_for_in_the_five_sentences_before() -> None:
    between = ["The tug sank.", "It was dark.", "Rain fell.", "A bell rang."]
    opening, closing = "The harbour pilot Ivo Marten was on board.", "He told the crew that the pumps had failed."
    near = article(" ".join((opening, *between, closing)))
    far = article(" ".join((opening, *between, "Nobody heard it.", closing)))
    assert [unnamed(made, bullet("He told", made), ("Marten is saved",)) for made in (near, far)] == ["", "He"]


def test_other_openings_are_no_finding() -> None:
    made = article()
    assert unnamed(made, bullet("The tug", made), (HEADLINE,)) == ""
    assert unnamed(made, bullet("Marten had", made), (HEADLINE,)) == ""


def test_a_noun_for_the_person_is_enough() -> None:
    made = article(
        "A man was taken off a sinking tug on Sunday night, the coastguard said. "
        "The man was not hurt. "
        "He told the crew that the pumps had failed one after the other."
    )
    assert unnamed(made, bullet("He told", made), ("Man rescued from the roof of a sinking tug",)) == ""
    assert unnamed(made, bullet("He told", made), ("Tug sinks off Port Sennet",)) == "He"


def test_the_first_sentence_of_an_article_has_none_before_it() -> None:
    made = article("She kept a diary for 71 years and never missed a day. It is now in the county archive of Tarrow.")
    first = bullet("She kept", made)
    assert sentence_before(made, first) is None
    assert unnamed(made, first, ("A diary of 71 years comes home",)) == "She"
    assert unnamed(made, first, ("The diary of Edda Lorne comes home",)) == ""
    assert unnamed(made, first, ("Diarist Lorne comes home",)) == ""


def test_the_sentence_before_is_the_span_that_a_bullet_would_use() -> None:
    made = article()
    span = sentence_before(made, bullet("He told", made))
    assert span is not None
    assert made.text[slice(*span)] == "Marten had waited for three hours on the wheelhouse roof."


def test_a_language_whose_pronouns_are_not_known_has_no_finding() -> None:
    made = article(language="xx")
    assert unnamed(made, bullet("He told", made), (HEADLINE,)) == ""


def test_a_regional_language_has_the_pronouns_of_its_language() -> None:
    assert opens_with_person("He said so.", "en-GB")
    assert not opens_with_person("Tarrow said so.", "en-GB")


def test_a_quotation_that_opens_with_a_pronoun_is_no_opening() -> None:
    assert not opens_with_person("“He was late,” said Tarrow.", "en")


def test_sentences_without_a_space_between_them_follow_each_other() -> None:
    made = article("港で船が沈んだ。彼は船員を救った。", language="ja")
    second = Bullet(article_id=made.id, link="", source_name="Paper", text="彼は船員を救った。", start=8, end=17)
    assert sentence_before(made, second) == (0, 8)
