from __future__ import annotations

import pytest

from digest.summarise.reading import likeness, read
from digest.summarise.topics import HEAD, TOPIC, topics

TEXT = (
    "The harbour of Port Ellery will close on Monday. The council sold the harbour for 48 million pounds. "
    "Dockers wept at the gate in the rain. The council will meet again in June about the dockers."
)


def told() -> list[dict[str, float]]:
    rows = topics(read(TEXT, "Harbour to close", "en"))
    return [dict(zip(TOPIC, row, strict=True)) for row in rows]


def test_a_sentence_of_the_head_is_compared_with_the_others_of_it() -> None:
    one, two, *_ = read(TEXT, "", "en").sentences
    assert HEAD == 3
    assert told()[0]["like the head"] < likeness(one, two)
    assert told()[2]["like the head"] == 0.0
    assert told()[3]["like the head"] > 0.0


def test_new_words_are_those_that_no_earlier_sentence_has() -> None:
    assert [row["new words"] for row in told()] == pytest.approx([1.0, 5 / 6, 1.0, 2 / 4])


def test_an_article_without_words_has_no_topics() -> None:
    assert list(topics(read("", "", "en"))) == []
