"""Sentences of an article that need an earlier one: for a person, for a thing, or for what they add to."""

from __future__ import annotations

import pytest

from digest.summarise.finds.dangling import adds, dangling
from digest.summarise.reading import read

FIRST = "Nell Tarrant, a pilot, wrote to the council about the leaks."


def needs(*texts: str, title: str = "Zorbit", language: str = "en") -> tuple[list[str], list[str]]:
    """Return the sentences that need an earlier one for a name, and those that need one for a thing."""
    reading = read(" ".join(texts), title, language)
    assert [each.text for each in reading.sentences] == list(texts)
    found = dangling(reading)
    names, things = (
        [each.text for each in reading.sentences if each.start in held] for held in (found.names, found.things)
    )
    return names, things


def test_a_surname_needs_the_sentence_that_introduces_the_person() -> None:
    alone = "Pilots of Ellery told Tarrant that nine boats leak."
    assert needs(FIRST, alone)[0] == [alone]
    assert needs(FIRST, alone, title="Tarrant writes to the council")[0] == []


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        ("Ms. Tarrant spoke for all pilots of the harbour on Monday.", False),
        ("Ms. Tarrant, a pilot of the harbour, spoke on Monday.", True),
        ("Ms. Tarrant spoke on Monday in front of the new mayor.", True),
        (f"Ms. Tarrant {'xxxx ' * 10}mayor spoke.", True),
        (f"Ms. Tarrant {'xxxx ' * 12}mayor spoke.", False),
        (f"The mayor {'xxxx ' * 10}Ms. Tarrant spoke.", True),
        (f"The mayor {'xxxx ' * 11}Ms. Tarrant spoke.", False),
    ],
)
def test_an_office_near_a_name_or_words_behind_it_say_who_it_is(text: str, *, explained: bool) -> None:
    assert needs(FIRST, text)[0] == ([] if explained else [text])


def test_a_definite_noun_needs_the_sentence_that_introduces_the_thing() -> None:
    first = "A letter of nine pilots reached the council on Monday."
    of_it = "On Friday the letter was read to all councillors."
    assert needs(first, of_it)[1] == [of_it]
    assert needs(first, of_it, title="A letter to the council")[1] == []


@pytest.mark.parametrize(
    ("text", "further"),
    [
        ("More orders came in.", True),
        ("Two more boats leak.", True),
        ("The council wants more boats.", False),
        ("More than 400 people came.", False),
        ("More than ever before came.", True),
    ],
)
def test_a_sentence_that_opens_with_more_adds_to_the_one_before(text: str, *, further: bool) -> None:
    (sentence,) = read(text, "Zorbit", "en").sentences
    assert adds(sentence, "en") is further


def test_a_language_without_lists_needs_nothing() -> None:
    assert needs("Nell Tarrant przyszła.", "Potem Tarrant wyszła.", language="pl") == ([], [])
