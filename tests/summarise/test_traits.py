"""Traits of sentences: each is a number that a reader of the sentence can count out."""
# ruff: noqa: RUF001 - dashes are the subject here

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from digest.model.article import Article
from digest.model.kind import TextKind
from digest.summarise.finds import announcements, figures, quoted
from digest.summarise.finds.study import Study, study
from digest.summarise.finds.traits import common_traits, is_barred, size

DAY = date(2026, 5, 4)
Make = Callable[..., Article]
Traits = dict[str, float]


def studied(make: Make, text: str, title: str = "Norrhaven", language: str = "en") -> Study:
    return study(make(text, title=title, language=language), DAY, DAY, TextKind.NEWS)


def rounded(traits: Traits, names: Traits) -> Traits:
    return {name: round(traits[name], 3) for name in names}


def of_last(make: Make, text: str, title: str = "Norrhaven") -> Traits:
    """Return the common traits of a text's last sentence."""
    found = studied(make, text, title)
    return common_traits(found, found.sentences[-1])


FILLER = "Ferries sail to Hallby in the morning and in the evening of each day. "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{'Ferry ' * 29}sails.", {"long": 0.0, "first": 1.0, "late": 0.0, "in the opening": 1.0}),
        (f"{'Ferry ' * 30}sails.", {"long": 0.1}),
        ("Ferries of Norrhaven sail in the evening of each day.", {"short": 0.0}),
        ("Ferries of Norrhaven sail in the evening each day.", {"short": 0.2}),
        (FILLER * 3 + FILLER.strip(), {"late": 0.753, "first": 0.0, "in the opening": 1.0}),
        (FILLER * 8 + f"{'S' * 39}. " + FILLER, {"in the opening": 0.0}),
        ("Hallby, Stenvik, Orrin and Brunvik have ferries (two each) in the morning.",
         {"commas": 0.5, "bracket": 1.0, "colon or semicolon": 0.0, "dash": 0.0, "capitals": 0.333}),
        ("Hallby, Stenvik, Orrin, Varn, Tarrow and Brunvik have ferries – small ones; each is old.",
         {"commas": 1.0, "bracket": 0.0, "colon or semicolon": 1.0, "dash": 1.0}),
        ("In the town of Norrhaven ferries sail in the morning of each day.", {"opens with a name": 0.0}),
        ("In the old Norrhaven ferries sail in the morning of each day.", {"opens with a name": 1.0}),
        ("The ferries of the town sail in the morning and at night every day.", {"text without capitals": 1.0}),
        ("The ferries of the town sail in the morning and at night.", {"text without capitals": 0.0}),
        ("More ferries of the town sail in the morning of each day.", {"opens with a further one": 1.0}),
        ("The more ferries of the town sail the more of them come.", {"opens with a further one": 1.0}),
        ("The few more ferries of the town sail in the morning.", {"opens with a further one": 0.0}),
    ],
)  # fmt: skip
def test_the_traits_that_all_finds_share(article: Make, text: str, expected: Traits) -> None:
    assert rounded(of_last(article, text), expected) == expected


@pytest.mark.parametrize(
    ("title", "loud"),
    [
        ("Norrhaven gets seven new ferries for its harbour", 1.0),
        ("Norrhaven gets new ferries for its harbour", 0.0),
        ("Norrhaven gets seven new ferries for its harbour, at last", 0.0),
    ],
)
def test_a_headline_without_any_stop_was_made_from_an_address(article: Make, title: str, loud: float) -> None:
    assert of_last(article, FILLER, title)["loud headline"] == loud


def test_the_headlines_stems_count_up_to_four(article: Make) -> None:
    words = ("ferries", "bridges", "slides", "barriers", "lanterns")
    for number in range(len(words) + 1):
        text = f"Bakers of the town speak of {' '.join(words[:number])} in the morning of each day."
        traits = of_last(article, text, " ".join(words).capitalize())
        assert traits["stems of the headline"] == min(number, 4) / 4
        assert traits["about the headline"] == number / 5


def test_the_size_of_a_number_is_its_order_of_magnitude() -> None:
    assert [size(value) for value in (0.0, 1.0, 100.0, 1e10, 1e12)] == [0.0, 0.0, 0.2, 1.0, 1.0]


def test_a_sentence_is_barred_by_one_trait_and_by_the_lack_of_one() -> None:
    traits = {"dash": 0.0, "doubt": 1.0, "planned": 1.0, "near": 0.0}
    assert not is_barred(traits, ("dash",), ("planned",))
    assert is_barred(traits, ("dash", "doubt"), ("planned",))
    assert is_barred(traits, ("dash",), ("planned", "near"))
    assert not is_barred(traits, ("dash",))


def of_number(make: Make, text: str, title: str = "Norrhaven", language: str = "en") -> Traits:
    found = studied(make, text, title, language)
    sentence = found.sentences[-1]
    number = figures.figure_of(sentence, found)
    assert number
    return figures.figure_traits(found, sentence, number)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("9,999 crowns", {"small money": 1.0, "money": 1.0, "share": 0.0, "count": 0.0, "small count": 0.0}),
        ("10,000 crowns", {"small money": 0.0, "size": 0.4, "large": 0.0}),
        ("1 million crowns", {"large": 1.0, "size": 0.6}),
        ("999,999 crowns", {"large": 0.0}),
        ("999 boats", {"small count": 1.0, "count": 1.0, "money": 0.0, "small money": 0.0}),
        ("1,000 boats", {"small count": 0.0, "size": 0.3}),
        ("5 per cent", {"small share": 1.0, "share": 1.0, "count": 0.0, "size": 0.0, "all of it": 0.0}),
        ("6 per cent", {"small share": 0.0}),
        ("99 per cent", {"all of it": 0.0}),
        ("100 per cent", {"all of it": 1.0, "large": 0.0, "small count": 0.0}),
        ("2.5 billion crowns", {"size": 0.94}),
        ("3 trillion crowns", {"size": 1.0}),
    ],
)
def test_a_number_is_money_a_share_or_a_count_and_large_or_small(article: Make, number: str, expected: Traits) -> None:
    text = f"The council of Norrhaven spoke of {number} in the evening of Monday."
    assert rounded(of_number(article, text), expected) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The council of Norrhaven spoke of 4,200 boats and 31 ships and 12 rafts.",
         {"numbers": 0.6, "only number": 0.0, "second number behind": 1.0, "number again": 0.0}),
        ("In Hallby there are 4,200 boats. In Norrhaven the council spoke of 4,200 boats.",
         {"only number": 1.0, "second number behind": 0.0, "number again": 1.0, "numbers": 0.2}),
        ("The council of Norrhaven spoke of about 4,200 boats.", {"hedged": 1.0, "limit": 0.0}),
        ("The council spoke of nearly all those many larger 4,200 boats.", {"hedged": 0.0}),
        ("The council of Norrhaven has up to 4,200 boats.", {"limit": 1.0}),
        ("The council of Norrhaven spoke of 4,200 people.", {"counts people": 1.0, "what is counted": 1.0}),
        ("The council spoke of 4,200 boats on Friday.", {"names a day": 1.0, "a calendar date": 0.0}),
        ("The council spoke of 4,200 boats on 12 June.", {"names a day": 0.0, "a calendar date": 1.0}),
        ("The council of Norrhaven spoke (as Hallby did of 4,200 boats) of ships.", {"an aside": 1.0}),
        ("The council of Norrhaven – with its 4,200 boats – spoke of ships.", {"an aside": 1.0}),
        ("The council of Norrhaven – one of many – has 4,200 boats – spoke of ships.", {"an aside": 0.0}),
        ("The council of Norrhaven – at last – has 4,200 boats.", {"an aside": 0.0}),
        ("The council of Norrhaven, which has 4,200 boats, spoke of ships.", {"an aside": 1.0}),
        ("The council (of Norrhaven) spoke of 4,200 boats.", {"an aside": 0.0}),
        ("The council spoke of 4,200 to 5,100 boats.", {"a span": 1.0}),
        ("The council spoke of between 4,200 and many boats.", {"a span": 1.0}),
        ("The council voted 3,100 votes to 1,800 for boats.", {"a span": 1.0}),
        ("The council spoke of 4,200 boats to many.", {"a span": 0.0}),
        ("4,200 boats lie in the harbour.", {"opens with the number": 1.0}),
        ("Some 4,200 boats lie in the harbour.", {"opens with the number": 0.0, "grim": 0.0, "a record": 0.0}),
        ("A survey of the council found 4,200 boats.", {"a survey": 1.0, "a part of those before": 0.0}),
        ("Among 4,200 boats the rest is old.", {"a survey": 0.0, "a part of those before": 1.0}),
        ("The storm on the coast killed 4,200 people.", {"grim": 1.0}),
        ("The council spoke of a record of 4,200 boats.", {"a record": 1.0}),
        ("The council also spoke of 4,200 boats.", {"adds something": 1.0}),
        ("The council spoke of 4,200 boats built in 2023.", {"an old year": 1.0}),
        ("The council spoke of 4,200 boats built in 2024.", {"an old year": 0.0}),
    ],
)  # fmt: skip
def test_what_surrounds_a_number_counts(article: Make, text: str, expected: Traits) -> None:
    assert rounded(of_number(article, text), expected) == expected


def test_a_number_of_the_headline_and_of_the_opening_is_known(article: Make) -> None:
    text = "The council of Norrhaven spoke of 4,200 boats."
    for title, known in (("Town has 4200 boats", 1.0), ("Town has 4,200 boats", 1.0), ("Town has 420 boats", 0.0)):
        assert of_number(article, text, title)["number in the headline"] == known
    assert of_number(article, text)["number in the opening"] == 1.0
    assert of_number(article, FILLER * 9 + text)["number in the opening"] == 0.0


@pytest.mark.parametrize(
    ("text", "language", "digits"),
    [
        ("Some 4,200 boats came with 1 2 3 4 flags.", "en", "4,200"),
        ("Some 4,200 boats came with 1 2 3 4 5 flags.", "en", ""),
        ("The Nikkei 225 papers are in the town of Norrhaven.", "en", ""),
        ("Nikkei 225 papers are in the town of Norrhaven.", "en", "225 "),
        ("The council spoke of 2020 boats in Norrhaven.", "en", ""),
        ("The council of 31 boats spoke of 4,200 ships.", "en", "4,200"),
        ("Man sprach in der Stadt von Hallby 225 Mal.", "de", "225 "),
    ],
    ids=["five numbers", "six numbers", "a name", "a name at the start", "a year", "a unit first", "German"],
)
def test_a_sentence_has_one_number_that_counts_something(article: Make, text: str, language: str, digits: str) -> None:
    found = studied(article, text, language=language)
    number = figures.figure_of(found.sentences[-1], found)
    assert (number.group() if number else "").startswith(digits or "\0" if number else digits)


def of_event(make: Make, text: str) -> Traits:
    found = studied(make, text)
    sentence = found.sentences[-1]
    named = announcements.mentions_in(sentence, found)
    event = announcements.event_of(sentence, found, named)
    assert event
    return announcements.next_traits(found, sentence, named, event)


VOTE = "The council will vote on the budget of the harbour"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{VOTE} on 12 May.", {"near": 1.0, "days ahead": 0.044, "dates": 0.333, "a date": 1.0, "a weekday": 0.0}),
        (f"{VOTE} on 13 May.", {"near": 0.0, "a habit": 0.0}),
        (f"As every year, {VOTE.lower()} on 13 May.", {"a habit": 1.0}),
        (f"{VOTE} on Wednesday.", {"a date": 0.0, "a weekday": 1.0, "days ahead": 0.011}),
        (f"{VOTE} on 31 October.", {"days ahead": 1.0}),
        (f"{VOTE} (at last on 12 May).", {"ends with the date": 1.0}),
        (f"{VOTE} on 12 May in it.", {"ends with the date": 0.0}),
        (f"{VOTE} on 12 May, on 13 May, on 14 May and on 15 May.", {"dates": 1.0, "a passed date": 0.0}),
        (f"{VOTE} on 12 May, not on 3 May.", {"dates": 0.667, "a passed date": 1.0}),
        (f"{VOTE} on 12 May, not on 4 May.", {"a passed date": 1.0}),
        (f"On 12 May {VOTE.lower()}.", {"opens with the date": 1.0, "planned": 1.0, "verb beside the date": 1.0}),
        (f"{'On a day of council sessions, on'} 12 May {VOTE.lower()}.", {"opens with the date": 0.0, "planned": 0.0}),
        (f"{VOTE} at the 12 May's session.", {"whose date": 1.0, "planned": 0.0}),
        ("The council, which will vote on 12 May, is large.", {"relative clause": 1.0, "planned": 0.0}),
        (f"{VOTE}: on 12 May.", {"planned": 0.0}),
        (f"{VOTE} (a port) on 12 May.", {"planned": 1.0}),
        (f"{VOTE} {'of the harbour port ' * 6}on 12 May.", {"planned": 0.0, "verb beside the date": 0.0}),
        (f"{VOTE} {'of the port ' * 3}on 12 May.", {"planned": 1.0, "verb beside the date": 0.0}),
    ],
)
def test_the_traits_of_an_announcement(article: Make, text: str, expected: Traits) -> None:
    assert rounded(of_event(article, text), expected) == expected


@pytest.mark.parametrize(
    ("day", "seen"), [("31 October", True), ("1 November", False), ("5 May", True), ("4 May", False)]
)
def test_an_event_is_ahead_by_a_day_to_half_a_year(article: Make, day: str, *, seen: bool) -> None:
    found = studied(article, f"{VOTE} on {day}.")
    named = announcements.mentions_in(found.sentences[0], found)
    assert named
    assert bool(announcements.event_of(found.sentences[0], found, named)) is seen


def test_the_event_is_the_first_that_is_planned_or_else_the_first(article: Make) -> None:
    for text, day in (
        ("The large budget of the harbour fair of 9 May is old, and all will vote on 12 May.", date(2026, 5, 12)),
        ("The council spoke of 9 May and of 12 May.", date(2026, 5, 9)),
    ):
        found = studied(article, text)
        event = announcements.event_of(found.sentences[0], found, announcements.mentions_in(found.sentences[0], found))
        assert event is not None
        assert event.first == day


def of_quotation(make: Make, inside: str, behind: str = "said Ida Lund, a pilot of the harbour.") -> Traits:
    found = studied(make, f"“{inside},” {behind}")
    sentence = found.sentences[-1]
    saying = quoted.saying_of(sentence)
    assert saying
    speaker = quoted.speaker_of(saying, found, sentence)
    assert speaker
    return quoted.quote_traits(found, sentence, saying, speaker)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("Ships " * 25 + "sail", {"long quotation": 0.0, "short quotation": 0.0}),
        ("Ships " * 26 + "sail", {"long quotation": 0.1}),
        ("Ships of the town come back with herring", {"short quotation": 0.0, "numbers quoted": 0.0}),
        ("Ships of the town come back again", {"short quotation": 0.2, "opens with the quotation": 1.0}),
        ("Ships 1, 2, 3, 4 and 5 of the town come back", {"numbers quoted": 1.0, "commas quoted": 1.0}),
        ("Ships come with 12 barrels of herring, with salt", {"numbers quoted": 0.333, "commas quoted": 0.5}),
        ("It came back with the herring of the town", {"vague opening": 1.0}),
        ("See that ships of the town come back again", {"vague opening": 0.0}),
        ("Our ships of the town come back with herring", {"we": 1.0, "in the first person": 0.0}),
        ("I saw ships of the town come back with herring", {"we": 0.0, "in the first person": 1.0}),
        ("It is that this that this that this comes back", {"pronouns": 1.0}),
        ("Ships of this town come back with our herring", {"pronouns": 0.25}),
    ],
)
def test_the_traits_of_a_quotation(article: Make, inside: str, expected: Traits) -> None:
    assert rounded(of_quotation(article, inside), expected) == expected


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        (f"Boats {'sail ' * 40}home.", True),
        (f"Boats {'sail ' * 41}home.", False),
        (f"Boats {'herringing ' * 39}by {'x' * 61}.", True),
        (f"Boats {'herringing ' * 39}by {'x' * 62}.", False),
        ("Boats of the town sail home , and others stay.", False),
        ("Boats of the town sail home with herring.", True),
    ],
    ids=["42 words", "43 words", "500 characters", "501 characters", "a loose comma", "an ordinary one"],
)
def test_a_find_is_a_sound_sentence_of_at_most_42_words_and_500_characters(
    article: Make, text: str, *, sound: bool
) -> None:
    assert bool(studied(article, text).sentences) is sound


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("Late on Monday, nobody said that it was open.", 0.0),
        ("On that Monday it was open to boats of all kinds.", 1.0),
        ("Boats of all the old and new kinds were there when it was open.", 0.0),
        ("In the harbour on that day she saw nobody at all.", 1.0),
        ("In the harbour on that day Ida saw that she was alone.", 0.0),
    ],
)
def test_a_pronoun_is_loose_before_any_name_or_among_the_first_six_words(
    article: Make, text: str, loose: float
) -> None:
    assert of_last(article, text)["loose pronoun"] == loose


@pytest.mark.parametrize(
    ("text", "title", "unknown"),
    [
        ("The harbour of the town is closed for boats.", "Norrhaven", 1.0),
        ("The harbour of the town is closed for boats.", "A harbour closes", 0.0),
        ("The Norrhaven harbour is closed for boats today.", "Hallby", 0.0),
        ("A harbour of the town is closed for boats today.", "Norrhaven", 0.0),
        ("The old and large harbour of it is closed for boats.", "A harbour closes", 1.0),
    ],
)
def test_a_sentence_opens_with_a_thing_that_the_headline_does_not_have(
    article: Make, text: str, title: str, unknown: float
) -> None:
    assert of_last(article, f"Ferries sail in the morning of each day. {text}", title)["unknown subject"] == unknown
    assert of_last(article, text, title)["unknown subject"] == 0.0
