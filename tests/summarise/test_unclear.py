"""Which persons and things of a bullet only a sentence outside the letter introduces: one rule at its bounds."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from digest.summarise.reading import Reading, Sentence, read
from digest.summarise.unclear import is_unclear


def lacks_introduction(text: str, reading: Reading, place: int, said: Sequence[Sentence]) -> bool:
    return is_unclear(text, reading, place, said)


LETTER = "The pilots wrote a letter in May."
TARRANT = "Councillor Nell Tarrant wrote to the council."


@pytest.mark.parametrize(
    ("sentences", "said"),
    [
        ((LETTER, "The long letter says that nine of the boats are leaking."), ()),
        ((LETTER, "Nobody came.", "The letter says that nine of the boats are leaking."), ()),
        ((LETTER, "Nobody came.", "The letter says that nine of the boats are leaking."), (1,)),
        ((TARRANT, "Pilots of Port Ellery told Tarrant that nine boats leak."), ()),
        (("Then Tarrant spoke.", TARRANT, "Pilots told Tarrant that nine boats leak, and then left."), ()),
        (("The pilot Kim Ong wrote to the council.", "Other pilots told Ong that nine boats leak."), ()),
    ],
)
def test_a_bullet_needs_the_sentence_that_introduces_its_person_or_thing(
    sentences: tuple[str, ...], said: tuple[int, ...]
) -> None:
    text = " ".join(sentences)
    reading = read(text, "Zorbit", "en")
    assert len(reading.sentences) == len(sentences)
    assert lacks_introduction(text, reading, len(sentences) - 1, [reading.sentences[place] for place in said])


@pytest.mark.parametrize(
    ("sentences", "said"),
    [
        ((LETTER, "The very long letter says that nine of the boats are leaking."), ()),
        ((LETTER, "Nobody came.", "The letter says that nine of the boats are leaking."), (0, 1)),
        ((LETTER, "The council says that nine of the boats are leaking."), ()),
        ((LETTER, "Another letter says that nine of the boats are leaking."), ()),
        ((TARRANT, "Pilots told Nell Tarrant that nine boats leak."), ()),
        (("Ms. Tarrant wrote to the council.", "Pilots told Tarrant that nine boats leak."), ()),
        (("Nell Tarrants wrote to the council.", "Pilots told Tarrant that nine boats leak."), ()),
        (("One left yesterday evening.", "Yesterday Tarrant wrote.", "Pilots told Tarrant that boats leak."), ()),
        (("The Old Harbour was closed.", "Pilots left Harbour and said that no harbour is safe."), ()),
        (("The tailor Kim Li wrote to the council.", "Pilots told Li that nine boats leak."), ()),
    ],
)
def test_a_bullet_with_nothing_to_introduce_is_clear(sentences: tuple[str, ...], said: tuple[int, ...]) -> None:
    text = " ".join(sentences)
    reading = read(text, "Zorbit", "en")
    assert len(reading.sentences) == len(sentences)
    assert not lacks_introduction(text, reading, len(sentences) - 1, [reading.sentences[place] for place in said])
