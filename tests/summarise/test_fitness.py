"""Which bullets a letter prints: by estimate, kind of text, and what the reader of the letter has seen before."""
# ruff: noqa: RUF001 - apostrophes of several languages are the subject here

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from digest.model.article import Article
from digest.model.kind import AFTER_NEWS, TextKind
from digest.model.story import Bullet, ScoredSentence, Story
from digest.summarise.bullets import candidates
from digest.summarise.fitness import NEWS, NO_NEWS, RESERVATION, UNSURE, bars
from digest.summarise.reading import read
from digest.summarise.unclear import is_unclear

Articles = Callable[..., Article]
Stories = Callable[..., Story]
BRIDGE = "The mayor of Carrick opened the new bridge over the river on Monday morning."
BAKERY = "A bakery in Graz will pay its apprentices four hundred pounds more a month."


@pytest.fixture
def marked(story: Stories, article: Articles) -> Callable[..., list[Bullet]]:
    """Give what returns the bullets of an article, given as sentences with their estimates."""

    def mark(estimates: dict[str, float], kind: TextKind = TextKind.NEWS, title: str = "Zorbit") -> list[Bullet]:
        one = article(" ".join(estimates), title=title)
        starts = {one.text.index(text): value for text, value in estimates.items()}
        scores = tuple(ScoredSentence(start=at, end=at + 9, score=value) for at, value in starts.items())
        return list(candidates(replace(story(one), kind=kind), scores={one.id: scores}))

    return mark


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        (TextKind.NEWS, NEWS),
        (TextKind.SPORT, NEWS),
        (TextKind.LIVE, NEWS),
        (TextKind.UNKNOWN, UNSURE),
        (TextKind.FEATURE, NO_NEWS),
        (TextKind.INTERVIEW, NO_NEWS),
        *((kind, NO_NEWS) for kind in sorted(AFTER_NEWS, key=str)),
    ],
)
def test_a_bullet_is_doubtful_below_the_bar_of_its_kind(
    marked: Callable[..., list[Bullet]], kind: TextKind, least: object
) -> None:
    assert bars(kind) == least
    bar = bars(kind)
    found = marked({BRIDGE: bar.two, BAKERY: bar.two - 0.001}, kind)
    assert [(each.text, each.doubtful) for each in found] == [(BRIDGE, False), (BAKERY, True)]
    found = marked({BRIDGE: bar.third, BAKERY: bar.third - 0.001}, kind)
    assert [(each.weak, each.doubtful) for each in found] == [(False, False), (True, False)]


def test_texts_that_are_no_news_need_more_than_news() -> None:
    assert NEWS.two < UNSURE.two < NO_NEWS.two
    assert all(each.two < each.third < 1 for each in (NEWS, UNSURE, NO_NEWS))


def test_what_is_good_enough_for_a_third_bullet_of_news_is_printed_although_it_looks_back() -> None:
    assert NEWS.third - RESERVATION >= NEWS.two


def test_a_bullet_that_hangs_on_one_that_is_not_printed_is_doubtful(marked: Callable[..., list[Bullet]]) -> None:
    they = "They were told by letter on Friday morning."
    told = marked({BRIDGE: 0.9, BAKERY: 0.8, they: 0.7})
    assert [each.doubtful for each in told] == [False, False, False]
    told = marked({BRIDGE: 0.9, BAKERY: NEWS.two - 0.01, they: 0.9})
    assert [each.doubtful for each in told] == [False, True, True]


def test_a_bullet_that_lacks_an_introduction_needs_a_higher_estimate(marked: Callable[..., list[Bullet]]) -> None:
    hidden = "Councillor Nell Tarrant of Ellery."
    surname = "Harbour pilots told Tarrant in May that nine of their boats were leaking."
    for estimate, doubtful in ((NEWS.two + RESERVATION + 0.01, False), (NEWS.two + 0.1, True)):
        found = marked({BRIDGE: 0.9, hidden: 0.1, surname: estimate})
        assert {each.text: each.doubtful for each in found}[surname] is doubtful


def test_a_bullet_that_looks_back_needs_a_higher_estimate(marked: Callable[..., list[Bullet]]) -> None:
    past = "In 2016 the old bakery in Graz was sold to nine of its apprentices."
    for estimate, doubtful in ((NEWS.two + RESERVATION + 0.01, False), (NEWS.two + 0.1, True)):
        found = marked({BRIDGE: 0.9, past: estimate})
        assert {each.text: each.doubtful for each in found}[past] is doubtful


INTRODUCED = [
    ("en", "Tarrant", "Nell Tarrant wrote to the council in May.", "Harbour pilots told Tarrant that nine boats leak."),
    ("en", "Tarrant", "Nell Tarrant wrote to the council.", "Harbour pilots told Ms. Tarrant that nine boats leak."),
    ("en", "letter", "The pilots wrote a letter in May.", "The letter says that nine of the boats are leaking."),
    ("en", "request", "The pilots made a request in May.", "Nine boats stayed in port in response to that request."),
    ("fr", "Tarrant", "Nelle Tarrant a écrit au conseil.", "Les pilotes ont dit à Tarrant que neuf bateaux fuient."),
    ("fr", "lettre", "Les pilotes ont envoyé une lettre.", "La lettre affirme que neuf des bateaux prennent l’eau."),
    ("de", "Brief", "Die Lotsen schrieben einen Brief.", "Der Brief nennt neun Boote, die im Hafen lecken."),
    ("es", "carta", "Los pilotos enviaron una carta.", "La carta dice que nueve de los barcos hacen agua."),
]


@pytest.mark.parametrize(("language", "name", "first", "second"), INTRODUCED)
def test_what_another_sentence_introduces_is_unclear_without_it(
    language: str, name: str, first: str, second: str
) -> None:
    text = f"{first} {second}"
    reading = read(text, "Zorbit", language)
    assert is_unclear(text, reading, 1, [])
    assert is_unclear(text, reading, 1, reading.sentences[:1]) is ("that request" in second)
    if "that request" not in second:
        assert not is_unclear(text, read(text, f"Zorbit {name}", language), 1, [])
    assert not is_unclear(text, reading, 0, [])


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
    assert is_unclear(text, reading, len(sentences) - 1, [reading.sentences[place] for place in said])


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
    assert not is_unclear(text, reading, len(sentences) - 1, [reading.sentences[place] for place in said])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Nine boats stayed in port because of these leaks, the pilots said."),
        ("en", "Nine boats were sold after that decision of the council in May."),
        ("de", "Neun Boote blieben wegen dieser Lecks im Hafen, sagten die Lotsen."),
        ("fr", "Neuf bateaux sont restés au port à cause de ces fuites, selon les pilotes."),
        ("es", "Nueve barcos siguen en el puerto por esas fugas, según los pilotos."),
    ],
)
def test_a_demonstrative_points_to_something_outside_the_bullet(language: str, text: str) -> None:
    assert is_unclear(text, read(text, "Zorbit", language), 0, [])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Nine boats will leave the harbour this week, said those who own them."),
        ("en", "The pilots said of the council that it had known of the leaks in May."),
        ("en", "Mayor Nell Tarrant will close the harbour this Monday and this summer."),
        ("de", "Neun Boote verlassen den Hafen in dieser Woche und an diesem Montag."),
        ("fr", "Neuf bateaux quitteront le port cette semaine, ce qui inquiète les pilotes."),
        ("es", "Nueve barcos saldrán del puerto esta semana y este lunes de nuevo."),
        ("de", "Die Lotsen sagten dem Hafenmeister, dass neun Boote im Hafen lecken."),
        ("pl", "Statki wyszły z portu w tym tygodniu, powiedział kapitan portu."),
    ],
)
def test_times_and_whole_names_are_clear(language: str, text: str) -> None:
    assert not is_unclear(text, read(text, "Zorbit", language), 0, [])
