"""Which bullets a letter prints: by estimate, kind of text, and what the reader of the letter has seen before."""
# ruff: noqa: RUF001 - apostrophes of several languages are the subject here

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from digest.model.article import Article
from digest.model.kind import AFTER_NEWS, TextKind
from digest.model.story import Bullet, ScoredSentence, Story
from digest.summarise.bullets import candidates
from digest.summarise.fitness import NEWS, NO_NEWS, UNSURE, bars
from digest.summarise.reading import Reading, Sentence, read
from digest.summarise.reservations import LATE, LATE_FROM, LOOKS_BACK, SURNAME, reservations, unintroduced
from digest.summarise.unclear import opens_with_known_noun, points, surnames_alone

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


def test_a_bullet_of_news_that_the_model_is_sure_of_is_printed_although_it_looks_back() -> None:
    assert NEWS.two + LOOKS_BACK < 1
    assert NEWS.third - SURNAME < NEWS.two < NEWS.third - LATE


def test_a_bullet_that_hangs_on_one_that_is_not_printed_is_doubtful(marked: Callable[..., list[Bullet]]) -> None:
    they = "They were told by letter on Friday morning."
    told = marked({BRIDGE: 0.9, BAKERY: 0.8, they: 0.7})
    assert [each.doubtful for each in told] == [False, False, False]
    told = marked({BRIDGE: 0.9, BAKERY: NEWS.two - 0.01, they: 0.9})
    assert [each.doubtful for each in told] == [False, True, True]


def test_a_bullet_that_lacks_an_introduction_needs_a_higher_estimate(marked: Callable[..., list[Bullet]]) -> None:
    hidden = "Councillor Nell Tarrant of Ellery."
    surname = "Harbour pilots told Tarrant in May that nine of their boats were leaking."
    for estimate, doubtful in ((NEWS.two + SURNAME + 0.01, False), (NEWS.two + 0.1, True)):
        found = marked({BRIDGE: 0.9, hidden: 0.1, surname: estimate})
        assert {each.text: each.doubtful for each in found}[surname] is doubtful


def test_a_bullet_that_looks_back_needs_a_higher_estimate(marked: Callable[..., list[Bullet]]) -> None:
    past = "In 2016 the old bakery in Graz was sold to nine of its apprentices."
    for estimate, doubtful in ((NEWS.two + LOOKS_BACK + 0.01, False), (NEWS.two + 0.1, True)):
        found = marked({BRIDGE: 0.9, past: estimate})
        assert {each.text: each.doubtful for each in found}[past] is doubtful


def cost(text: str, reading: Reading, place: int, said: Sequence[Sentence]) -> float:
    return reservations(text, reading, place, said, reading.title)


def unclear(text: str, reading: Reading, place: int, said: Sequence[Sentence]) -> bool:
    """Return whether a sentence has something that only sentences outside the letter introduce."""
    alone = any(surnames_alone(text, reading, reading.sentences[place], said))
    return alone or opens_with_known_noun(reading, place, said) or points(reading.sentences[place].text, "en")


def test_a_bullet_that_mostly_repeats_comes_late_or_was_cut_costs() -> None:
    text = "But the old bridge of Carrick was painted green on Monday. " * LATE_FROM + BRIDGE
    reading = read(text, "New bridge", "en")
    assert reading.sentences[0].text.startswith("the old")
    assert cost(text, reading, 0, []) > 0
    assert cost(text, reading, LATE_FROM, []) > 0
    alone = read(BRIDGE, "New bridge", "en")
    assert cost(BRIDGE, alone, 0, []) == 0
    assert reservations(BRIDGE, alone, 0, [], alone.sentences[0].stems.keys()) > 0


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        ((BRIDGE,), 0.0),
        (("Nell Tarrant wrote in May.", "Harbour pilots told Tarrant that nine boats leak."), 0.3),
        (("In 2016 the old bakery in Graz was sold to nine of its apprentices.",), 0.5),
        (("Nine boats stayed in port because of these leaks, the pilots said.",), 0.2),
        (("The pilots wrote a letter in May.", "The letter says that nine of the boats are leaking."), 0.2),
        (("Nell Tarrant wrote in May.", "Harbour pilots told Tarrant about these nine boats."), 0.3 + 0.2),
        (("But nine boats left the harbour of Ellery on Monday.",), 0.15),
        ((*[f"Boat number {n} left the harbour." for n in range(12)], BRIDGE), 0.0),
        ((*[f"Boat number {n} left the harbour." for n in range(13)], BRIDGE), 0.15),
    ],
)
def test_each_sign_costs_a_bullet_what_strict_readers_had_against_it(
    sentences: tuple[str, ...], expected: float
) -> None:
    text = " ".join(sentences)
    reading = read(text, "Zorbit", "en")
    assert len(reading.sentences) == len(sentences)
    assert cost(text, reading, len(sentences) - 1, []) == pytest.approx(expected)


def test_a_bullet_repeats_when_less_than_half_of_its_stems_are_new() -> None:
    reading = read("Boats left Ellery harbour.", "Zorbit", "en")
    stems = sorted(reading.sentences[0].stems)
    assert len(stems) == 4
    costs = [reservations("", reading, 0, [], set(stems[:known])) for known in range(5)]
    assert costs == pytest.approx([0.0, 0.0, 0.0, 0.25, 0.25])


def test_the_bars_are_where_readers_kept_two_of_three_bullets() -> None:
    assert [(each.two, each.third) for each in (NEWS, UNSURE, NO_NEWS)] == [(0.46, 0.75), (0.6, 0.8), (0.8, 0.9)]


def test_of_two_candidates_that_are_worth_the_same_the_one_that_does_not_look_back_is_chosen(
    marked: Callable[..., list[Bullet]],
) -> None:
    past = "In 2016 the old bakery in Graz was sold to nine of its apprentices."
    ferry = "The ferry to the islands will stop for nine weeks in the spring."
    found = marked({BRIDGE: 0.9, past: 0.7, ferry: 0.69})
    assert [each.text for each in found] == [BRIDGE, ferry, past]


def test_a_long_bullet_needs_no_higher_estimate_to_be_printed(marked: Callable[..., list[Bullet]]) -> None:
    long = "The ferry to the islands" + ", the harbour of Ellery and the old mill" * 4 + " will stop in the spring."
    found = marked({BRIDGE: 0.9, long: NEWS.two, BAKERY: NEWS.two - 0.02})
    assert {each.text: each.doubtful for each in found} == {BRIDGE: False, long: False, BAKERY: True}


INTRODUCED = [
    ("en", "Tarrant", "Nell Tarrant wrote to the council in May.", "Harbour pilots told Tarrant that nine boats leak."),
    ("en", "Tarrant", "Nell Tarrant wrote to the council.", "Harbour pilots told Ms. Tarrant that nine boats leak."),
    (
        "en",
        "Tarrant",
        "Nell J. Tarrant wrote in May.",
        "After a talk in Port Ellery, Ms. Tarrant said nine boats leak.",
    ),
    ("fr", "Tarrant", "Nelle Tarrant a écrit au conseil.", "Les pilotes parlent d'Ellery, Tarrant de neuf bateaux."),
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
    assert cost(text, reading, 1, []) > 0
    assert (cost(text, reading, 1, reading.sentences[:1]) > 0) is ("that request" in second)
    if "that request" not in second:
        assert cost(text, read(text, f"Zorbit {name}", language), 1, []) == 0
    assert cost(text, reading, 0, []) == 0


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
    assert unclear(text, reading, len(sentences) - 1, [reading.sentences[place] for place in said])


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
    assert not unclear(text, reading, len(sentences) - 1, [reading.sentences[place] for place in said])


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
    assert unintroduced(text, read(text, "Zorbit", language), 0, []) > 0


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
    assert cost(text, read(text, "Zorbit", language), 0, []) == 0
