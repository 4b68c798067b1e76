"""Which bullets a letter prints: by estimate, kind of text, and what the reader of the letter has seen before."""
# ruff: noqa: RUF001 - apostrophes of several languages are the subject here

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from digest.model.article import Article
from digest.model.kind import REPORTS, TextKind
from digest.model.story import Bullet, ScoredSentence, Story
from digest.summarise.bullets import candidates
from digest.summarise.fitness import CONSTANT, LEAST, NEWS, PAIR, SLOPE, THIRD, news_odds
from digest.summarise.reading import Reading, Sentence, read
from digest.summarise.reservations import (
    ASIDE,
    CUT,
    FEW,
    LATE,
    LATE_FROM,
    LOOKS_BACK,
    NOUN,
    REPEATS,
    SURNAME,
    reservations,
    speaks_of_writer,
    unintroduced,
)
from digest.summarise.unclear import opens_with_known_noun, points, surnames_alone

Articles = Callable[..., Article]
Stories = Callable[..., Story]
BRIDGE = "The mayor of Carrick opened the new bridge over the river Orrin for walkers and cyclists on Monday morning."
BAKERY = "A bakery in Graz will pay its nine apprentices four hundred pounds more a month from next summer on."
FERRY = "The ferry to the islands of Ellery will stop for nine weeks in spring, after a storm broke two of its engines."
PAST = (
    "In 2016 the old mill in Tolmin was sold to nine of its workers, who paid two million pounds for the ruined place."
)
NELL = "Councillor Nell Tarrant of Ellery."
TOLD = "Harbour pilots told Tarrant in May that nine of their oldest boats were leaking oil into the river Orrin."
"""Each but NELL has at least FEW_NEW stems."""


def sure(share: float, kind: TextKind = TextKind.NEWS, news: float | None = None) -> float:
    """Return the estimate of a bullet without reservations that this share of readers leave."""
    return (math.log(share / (1 - share)) - CONSTANT - NEWS * news_odds(kind, news)) / SLOPE


@pytest.fixture
def marked(story: Stories, article: Articles) -> Callable[..., list[Bullet]]:
    """Give what returns the bullets of an article, given as sentences with their estimates."""

    def mark(
        estimates: dict[str, float], kind: TextKind = TextKind.NEWS, title: str = "", news: float | None = None
    ) -> list[Bullet]:
        one = article(" ".join(estimates), title=title)
        starts = {one.text.index(text): value for text, value in estimates.items()}
        scores = tuple(ScoredSentence(start=at, end=at + 9, score=value) for at, value in starts.items())
        return list(candidates(replace(story(one), kind=kind, news=news), scores={one.id: scores}))

    return mark


def printed(found: Sequence[Bullet]) -> list[str]:
    return [each.text for each in found if not each.doubtful]


def test_two_bullets_are_printed_when_enough_readers_leave_them_on_the_whole(
    marked: Callable[..., list[Bullet]],
) -> None:
    assert printed(marked({BRIDGE: sure(PAIR + 0.09), BAKERY: sure(PAIR - 0.08)})) == [BRIDGE, BAKERY]
    assert printed(marked({BRIDGE: sure(PAIR - 0.01), BAKERY: sure(PAIR - 0.02)})) == []


def test_a_bullet_that_too_few_leave_is_not_printed_however_sure_the_other_is(
    marked: Callable[..., list[Bullet]],
) -> None:
    assert printed(marked({BRIDGE: sure(0.97), BAKERY: sure(LEAST + 0.01)})) == [BRIDGE, BAKERY]
    assert printed(marked({BRIDGE: sure(0.97), BAKERY: sure(LEAST - 0.01)})) == [BRIDGE]


def test_of_two_bullets_that_are_not_sure_enough_together_one_may_be_sure_enough_alone(
    marked: Callable[..., list[Bullet]],
) -> None:
    assert printed(marked({BRIDGE: sure(PAIR + 0.01), BAKERY: sure(PAIR - 0.03)})) == [BRIDGE]


def test_a_third_bullet_must_be_surer_than_the_first_two_need_be(marked: Callable[..., list[Bullet]]) -> None:
    pair = {BRIDGE: sure(0.95), BAKERY: sure(0.9)}
    assert printed(marked({**pair, FERRY: sure(THIRD + 0.01)})) == [BRIDGE, BAKERY, FERRY]
    assert printed(marked({**pair, FERRY: sure(THIRD - 0.01)})) == [BRIDGE, BAKERY]
    assert [each.weak for each in marked({**pair, FERRY: sure(THIRD - 0.01)})] == [False, False, True]
    assert [each.weak for each in marked({BRIDGE: sure(0.95), BAKERY: sure(THIRD - 0.01)})] == [False, True]


def test_the_preferred_bullet_is_printed_with_the_surest_other_if_enough_leave_it(
    marked: Callable[..., list[Bullet]],
) -> None:
    for share, shown in ((LEAST + 0.01, [TOLD, BAKERY]), (LEAST - 0.01, [BAKERY, FERRY])):
        estimates = {NELL: 0.1, TOLD: sure(share) + SURNAME, BAKERY: sure(0.78), FERRY: sure(0.77)}
        told = marked(estimates, title="Harbour pilots")
        assert told[0].text == TOLD
        assert printed(told) == shown


def test_what_leans_on_a_bullet_that_is_not_printed_is_not_printed_alone(
    marked: Callable[..., list[Bullet]],
) -> None:
    they = "They were told of their higher wages by letter on Friday morning, weeks before the local paper wrote of it."
    told = marked({BAKERY: sure(LEAST + 0.005), they: sure(PAIR + 0.005)})
    assert [each.text for each in told] == [BAKERY, they]
    assert printed(told) == []


def test_the_surest_others_are_printed_not_the_next(marked: Callable[..., list[Bullet]]) -> None:
    long = FERRY.replace("storm", "storm, the worst that the harbour pilots of Port Ellery have seen for a long time,")
    told = marked({BRIDGE: 1.2, BAKERY: sure(0.7), long: sure(0.71)})
    assert [each.text for each in told] == [BRIDGE, BAKERY, long]
    assert printed(told) == [BRIDGE, long]


@pytest.mark.parametrize("kind", sorted(TextKind, key=str))
def test_a_story_that_was_not_ranked_has_the_usual_chance_of_its_kind(
    marked: Callable[..., list[Bullet]], kind: TextKind
) -> None:
    least = sure(PAIR, kind)
    assert (least > sure(PAIR)) is (kind not in REPORTS)
    assert (least > sure(PAIR, TextKind.UNKNOWN)) is (kind not in REPORTS | {TextKind.UNKNOWN})
    assert printed(marked({BRIDGE: least + 0.001, BAKERY: least + 0.001}, kind)) == [BRIDGE, BAKERY]
    assert printed(marked({BRIDGE: least - 0.001, BAKERY: least - 0.001}, kind)) == []


def test_the_likelier_a_story_is_news_the_more_readers_leave_its_bullets(marked: Callable[..., list[Bullet]]) -> None:
    estimate = sure(PAIR, news=0.5)
    assert len(printed(marked({BRIDGE: estimate, BAKERY: estimate}, news=0.51))) == 2
    assert not printed(marked({BRIDGE: estimate, BAKERY: estimate}, news=0.49))
    assert sure(PAIR, news=0.0) < 1.1
    assert sure(PAIR, news=1.0) > 0.3


def test_a_bullet_that_hangs_on_one_that_is_not_printed_is_doubtful(marked: Callable[..., list[Bullet]]) -> None:
    they = "They were told of their higher wages by letter on Friday morning, weeks before the local paper wrote of it."
    told = marked({BRIDGE: 1.0, BAKERY: 0.95, they: 0.9})
    assert printed(told) == [BRIDGE, BAKERY, they]
    told = marked({BRIDGE: 0.9, BAKERY: sure(LEAST - 0.01), they: 0.9})
    assert printed(told) == [BRIDGE]


def test_a_bullet_that_lacks_an_introduction_needs_a_higher_estimate(marked: Callable[..., list[Bullet]]) -> None:
    for estimate, shown in ((sure(LEAST) + SURNAME + 0.01, True), (sure(LEAST) + 0.1, False)):
        assert (TOLD in printed(marked({BRIDGE: 1.1, NELL: 0.1, TOLD: estimate}))) is shown


def test_a_bullet_that_looks_back_needs_a_higher_estimate(marked: Callable[..., list[Bullet]]) -> None:
    for estimate, shown in ((sure(LEAST) + LOOKS_BACK + 0.01, True), (sure(LEAST) + 0.1, False)):
        assert (PAST in printed(marked({BRIDGE: 1.1, PAST: estimate}))) is shown


def test_a_bullet_that_says_little_new_needs_a_higher_estimate(marked: Callable[..., list[Bullet]]) -> None:
    short = "A bakery in Graz will pay more."
    for estimate, shown in ((sure(LEAST) + FEW + 0.01, True), (sure(LEAST) + 0.1, False)):
        assert (short in printed(marked({BRIDGE: 1.1, short: estimate}))) is shown


def test_a_first_bullet_without_the_headline_needs_a_higher_estimate(marked: Callable[..., list[Bullet]]) -> None:
    for title, shown in (("Bridge opened in Carrick", True), ("Bridge of sighs, harbours of Ellery, pilots", False)):
        found = marked({BRIDGE: sure(PAIR + 0.05), BAKERY: sure(PAIR - 0.05) + 0.01}, title=title)
        assert (len(printed(found)) == 2) is shown


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I decided that it was time to leave the company."),
        ("en", "It was time, so I thought, to leave the company."),
        ("en", "It was time to leave my company."),
        ("de", "Dann habe ich die Firma verlassen."),
        ("fr", "J’ai quitté mon entreprise en mai."),
        ("es", "Entonces dejé mi empresa."),
    ],
)
def test_a_writer_who_speaks_of_himself_costs(language: str, text: str) -> None:
    assert speaks_of_writer(read(text, "Zorbit", language).sentences[0], language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The First World War, or World War I, ended in November."),
        ("en", "“I decided that it was time,” said Nell Tarrant."),
        ("en", "We decided that it was time to leave the company."),
        ("pl", "Wtedy odszedłem z mojej firmy."),
    ],
)
def test_numbers_quotations_and_other_languages_do_not_speak_of_the_writer(language: str, text: str) -> None:
    assert not speaks_of_writer(read(text, "Zorbit", language).sentences[0], language)


def cost(text: str, reading: Reading, place: int, said: Sequence[Sentence]) -> float:
    """Return the costs of what a reader of the bullet alone would not understand."""
    return unintroduced(text, reading, place, said) + NOUN * opens_with_known_noun(reading, place, said)


def unclear(text: str, reading: Reading, place: int, said: Sequence[Sentence]) -> bool:
    """Return whether a sentence has something that only sentences outside the letter introduce."""
    alone = any(surnames_alone(text, reading, reading.sentences[place], said))
    return alone or opens_with_known_noun(reading, place, said) or points(reading.sentences[place].text, "en")


def test_a_bullet_that_mostly_repeats_comes_late_or_was_cut_costs() -> None:
    text = f"But {BRIDGE[0].lower()}{BRIDGE[1:]} " * LATE_FROM + BRIDGE
    reading = read(text, "", "en")
    assert reading.sentences[0].text.startswith("the mayor")
    assert reservations(text, reading, 0, [], frozenset()) == CUT
    assert reservations(text, reading, LATE_FROM - 1, [], frozenset()) == pytest.approx(CUT + NOUN)
    assert reservations(text, reading, LATE_FROM, [], frozenset()) == LATE + NOUN
    alone = read(BRIDGE, "", "en")
    assert reservations(BRIDGE, alone, 0, [], frozenset()) == 0
    assert reservations(BRIDGE, alone, 0, [], alone.sentences[0].stems.keys()) == REPEATS + FEW


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        ((BRIDGE,), 0.0),
        (("Nell Tarrant wrote in May.", "Harbour pilots told Tarrant that nine boats leak."), 0.3),
        (("In 2016 the old bakery in Graz was sold to nine of its apprentices.",), 0.5),
        (("Nine boats stayed in port because of these leaks, the pilots said.",), 0.2),
        (("The pilots wrote a letter in May.", "The letter says that nine of the boats are leaking."), 0.15),
        (("Nell Tarrant wrote in May.", "Harbour pilots told Tarrant about these nine boats."), 0.3 + 0.2),
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
    assert costs == pytest.approx([FEW + ASIDE] * 3 + [FEW + ASIDE + REPEATS] * 2)


def test_of_two_candidates_that_are_worth_the_same_the_one_that_does_not_look_back_is_chosen(
    marked: Callable[..., list[Bullet]],
) -> None:
    past = "In 2016 the old bakery in Graz was sold to nine of its apprentices."
    ferry = "The ferry to the islands will stop for nine weeks in the spring."
    found = marked({BRIDGE: 0.9, past: 0.7, ferry: 0.69})
    assert [each.text for each in found] == [BRIDGE, ferry, past]


def test_a_long_bullet_needs_no_higher_estimate_to_be_printed(marked: Callable[..., list[Bullet]]) -> None:
    long = "The ferry to the islands" + ", the harbour of Ellery and the old mill" * 4 + " will stop in the spring."
    assert long in printed(marked({BRIDGE: sure(PAIR + 0.05), long: sure(PAIR - 0.05) + 0.001}))


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
