from __future__ import annotations

import dataclasses
import math

import pytest

from digest.summarise.reading import likeness, read
from digest.summarise.scorer import shipped
from digest.summarise.topics import HEAD, TOPIC, TRAITS, topics, traits

TEXT = (
    "The harbour of Port Ellery will close on Monday. The council sold the harbour for 48 million pounds. "
    "Dockers wept at the gate in the rain. The council will meet again in June about the dockers."
)


def told() -> list[dict[str, float]]:
    rows = topics(read(TEXT, "Harbour to close", "en"), shipped().keywords)
    return [dict(zip(TOPIC, row, strict=True)) for row in rows]


def test_the_traits_of_a_word_say_where_and_how_often_it_stands() -> None:
    seen = traits(read(TEXT, "Harbour to close", "en"))
    assert dict(zip(TRAITS, seen["harbour"], strict=True)) == pytest.approx(
        {
            "in the title": 1.0,
            "in the first sentence": 1.0,
            "place": 0.0,
            "sentences": math.log(2),
            "share of sentences": 0.5,
            "a number": 0.0,
        }
    )
    assert dict(zip(TRAITS, seen["48"], strict=True))["a number"] == 1.0
    assert dict(zip(TRAITS, seen["docker"], strict=True))["place"] == pytest.approx(math.log(3))


def test_a_word_of_the_title_and_the_opening_is_likelier_than_a_late_one() -> None:
    chances = shipped().keywords.chances(traits(read(TEXT, "Harbour to close", "en")))
    assert 0 < chances["june"] < chances["council"] < chances["harbour"] < 1


def test_a_sentence_of_the_head_is_compared_with_the_others_of_it() -> None:
    one, two, *_ = read(TEXT, "", "en").sentences
    assert HEAD == 3
    assert told()[0]["like the head"] < likeness(one, two)
    assert told()[2]["like the head"] == 0.0
    assert told()[3]["like the head"] > 0.0


def test_new_words_are_those_that_no_earlier_sentence_has() -> None:
    assert [row["new words"] for row in told()] == pytest.approx([1.0, 5 / 6, 1.0, 2 / 4])


def test_keywords_need_a_weight_for_each_trait() -> None:
    with pytest.raises(ValueError, match="trait"):
        dataclasses.replace(shipped().keywords, weights=(1.0,))


def test_an_article_without_words_has_no_topics() -> None:
    assert list(topics(read("", "", "en"), shipped().keywords)) == []
