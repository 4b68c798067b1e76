"""Sentences that announce an event, read on Monday, 4 May 2026, one day after they were written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from digest.model.article import Article
from digest.model.kind import TextKind
from digest.summarise.finds.announcements import announcements, may_announce
from digest.summarise.finds.dates import mentions, names_past_year
from digest.summarise.finds.study import study

WRITTEN, READ = date(2026, 5, 3), date(2026, 5, 4)
Make = Callable[..., Article]

AHEAD = [
    ("en", "The court in Norrhaven will rule on the night trains on Thursday."),
    ("en", "The barrier law is due to take effect on 3 June after eleven years of delay."),
    ("en", "The council will vote on the harbour budget on May 12, 2026."),
    ("en", "The handball final takes place in Hallby on Saturday."),
    ("en", "On Wednesday the ferry company is to present its new timetable."),
    ("en", "Voters in the upland will choose a new regional assembly in June."),
    ("de", "Das Gericht in Nordhafen wird am Donnerstag über die Nachtzüge entscheiden."),
    ("de", "Die neue Brücke soll am 3. Juni für den Verkehr freigegeben werden."),
    ("fr", "Le tribunal de Norrhaven rendra sa décision sur les trains de nuit jeudi."),
    ("fr", "Le conseil votera le budget du port le 12 mai après deux ans de débats."),
    ("es", "El tribunal de Norrhaven decidirá el jueves sobre los trenes nocturnos."),
    ("es", "El consejo de Norrhaven votará el presupuesto del puerto el 12 de mayo."),
    ("en", "The council of Norrhaven will decide on Thursday whether the night trains return."),
    ("de", "Der Rat von Nordhafen wird am Donnerstag darüber entscheiden, ob die Nachtzüge wieder fahren."),
    ("fr", "Le conseil de Norrhaven doit décider jeudi si les trains de nuit circulent de nouveau."),
    ("es", "El consejo de Norrhaven va a decidir el jueves si vuelven los trenes nocturnos."),
    ("en", "The new harbour law of Norrhaven is expected to take effect at 11:59 p.m. on Thursday."),
    ("de", "Das Hafengesetz von Nordhafen soll um 23:59 Uhr am Donnerstag in Kraft treten."),
    ("en", "Mayor Ida Lund announced that she will leave the council of Norrhaven on 3 June."),
    ("en", "The mayor of Norrhaven on Wednesday will name a new head of the harbour court."),
    ("en", "The results of the harbour election in Norrhaven will be announced on Saturday."),
    ("en", "The council of Norrhaven will hear the pilots on Thursday, a first step that could end the strike."),
    ("fr", "Le tribunal de Norrhaven devrait se prononcer mercredi sur les trains de nuit."),
]
NOT_AHEAD = [
    ("en", "The court in Norrhaven ruled on the night trains on Thursday.", "it is past"),
    ("en", "The court in Norrhaven may rule on the night trains on Thursday.", "it is a doubt"),
    ("en", "The council will vote on the harbour budget on April 12, 2026.", "the date has passed"),
    ("en", "The harbour will be closed, the port authority announced on Thursday evening.", "the day is the speaker's"),
    (
        "en",
        "The ferry will carry the passengers who were stranded on Thursday to the mainland.",
        "another clause's day",
    ),
    ("en", "If the court agrees, the night trains will run again on Thursday.", "it is a condition"),
    ("en", "The council will vote on the plan that was first drawn up on May 12, 2019.", "it looks back"),
    ("en", "We will meet our readers in the harbour hall on Thursday evening.", "the writer speaks of himself"),
    ("en", "The barrier will be finished in the spring of the year after next at the latest.", "it has no date"),
    ("en", "The next survey of the harbour bed is due to start on 3 June 2031.", "it is years ahead"),
    ("de", "Das Gericht könnte am Donnerstag über die Nachtzüge in Nordhafen entscheiden.", "it is a doubt"),
    ("fr", "Le tribunal de Norrhaven pourrait rendre sa décision sur les trains jeudi.", "it is a doubt"),
    ("es", "El tribunal de Norrhaven podría decidir el jueves sobre los trenes nocturnos.", "it is a doubt"),
    (
        "en",
        "The Thursday market in Hallby will be as small as that of last spring, traders say.",
        "a part of the subject",
    ),
    ("en", "The mayor named a pilot to fill the open seat until the election in September.", "nobody announces it"),
    ("en", "The harbour talks in Norrhaven will go on until Thursday.", "it has begun"),
    ("de", "Die Gespräche über den Hafen von Nordhafen werden bis Donnerstag dauern.", "it has begun"),
    ("fr", "Les négociations sur le port de Norrhaven dureront jusqu'à jeudi.", "it has begun"),
    ("es", "Las negociaciones sobre el puerto de Norrhaven durarán hasta el jueves.", "it has begun"),
    ("en", "The council of Norrhaven will vote on the harbour budget in the coming weeks.", "it has no day"),
    ("de", "Der Rat von Nordhafen wird in den kommenden Wochen über den Haushalt abstimmen.", "it has no day"),
    ("fr", "Le conseil de Norrhaven votera le budget du port dans les prochaines semaines.", "it has no day"),
    ("es", "El consejo de Norrhaven votará el presupuesto del puerto en las próximas semanas.", "it has no day"),
    ("en", "The council of Norrhaven will pay for the ferry that sank last Thursday.", "the day has passed"),
    ("fr", "Le conseil de Norrhaven va payer pour le bac qui a coulé jeudi dernier.", "the day has passed"),
    ("fr", "La maire Ida Mira a critiqué le tribunal de Norrhaven à la radio, jeudi.", "a name is no verb"),
    ("fr", "Le prix du bac de Norrhaven doit augmenter, a-t-on appris jeudi à la mairie.", "the day is the speaker's"),
    ("en", "Norrhaven announced on Thursday that the harbour court will move.", "the day is the speaker's"),
    ("ru", "Совет Норрхавена решит в четверг, вернутся ли ночные поезда.", "the language has no lists"),
    ("ar", "سيقرر مجلس نورهافن يوم الخميس عودة القطارات الليلية.", "the language has no lists"),
    ("sv", "Domstolen i Norrhaven ska avgöra frågan om nattågen på torsdag.", "the language has no lists"),
]


def found(make: Make, text: str, language: str, written: date = WRITTEN, read: date = READ) -> list[str]:
    told = make(text, title="Norrhaven", language=language)
    return [each.passage.text for each in announcements(study(told, written, read, TextKind.NEWS), "Gazette")]


def possible(make: Make, text: str, language: str, written: date = WRITTEN, read: date = READ) -> list[str]:
    """Return the sentences that may be printed, sure or not."""
    told = make(text, title="Norrhaven", language=language)
    return [sentence.text for sentence, *_ in may_announce(study(told, written, read, TextKind.NEWS))]


@pytest.mark.parametrize(("language", "text"), AHEAD)
def test_a_sentence_with_a_coming_date_may_be_printed(article: Make, language: str, text: str) -> None:
    assert possible(article, text, language) == [text]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The court in Norrhaven will rule on the night trains on Thursday."),
        ("en", "The results of the harbour election in Norrhaven will be announced on Saturday."),
        ("fr", "Le tribunal de Norrhaven rendra sa décision sur les trains de nuit jeudi."),
        ("es", "El tribunal de Norrhaven decidirá el jueves sobre los trenes nocturnos."),
    ],
)
def test_a_public_event_of_the_headline_is_printed_whole(article: Make, language: str, text: str) -> None:
    assert found(article, text, language) == [text]


@pytest.mark.parametrize(("language", "text", "why"), NOT_AHEAD)
def test_what_is_no_announcement_is_left(article: Make, language: str, text: str, why: str) -> None:
    assert found(article, text, language) == [], why


def test_the_weekday_of_writing_says_when_somebody_spoke(article: Make) -> None:
    text = "The council will vote on the harbour budget on May 12, the mayor of Norrhaven said on Sunday."
    assert found(article, text, "en") == [text]


def test_a_weekday_that_has_come_is_not_ahead(article: Make) -> None:
    text = "The court in Norrhaven will rule on the night trains on Thursday."
    assert found(article, text, "en", read=date(2026, 5, 7)) == []
    assert found(article, text, "en", read=date(2026, 5, 6)) == [text]


def test_next_week_is_ahead_only_in_the_week_in_which_it_was_written(article: Make) -> None:
    text = "The council of Norrhaven will vote on the harbour budget next week."
    assert found(article, text, "en", written=date(2026, 5, 5), read=date(2026, 5, 6)) == [text]
    assert found(article, text, "en", written=date(2026, 5, 3), read=date(2026, 5, 4)) == []


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("on Dec. 3", "en", date(2025, 12, 3)),
        ("on 3rd of October", "en", date(2026, 10, 3)),
        ("on June 31", "en", None),
        ("am 3.6.2026", "de", date(2026, 6, 3)),
        ("le 1er juin", "fr", date(2026, 6, 1)),
        ("el 3 de junio de 2027", "es", date(2027, 6, 3)),
        ("at 3 May Street", "en", date(2026, 5, 3)),
        ("on 1 November", "en", date(2026, 11, 1)),
        ("on 2 November", "en", date(2025, 11, 2)),
        ("in September", "en", date(2026, 9, 1)),
        ("on Thursday", "en", date(2026, 5, 7)),
        ("on Tuesday", "en", date(2026, 5, 5)),
        ("on Sunday", "en", None),
        ("next month", "en", date(2026, 6, 1)),
        ("later this year", "en", date(2026, 12, 31)),
        ("in the coming days", "en", date(2026, 5, 5)),
        ("tomorrow", "en", None),
        ("Ende Des Monats", "de", None),
        ("FIN DU MOIS, LA FIN DU MOIS", "fr", date(2026, 6, 1)),
    ],
)
def test_a_date_is_the_nearest_one_that_its_words_can_mean(text: str, language: str, day: date | None) -> None:
    named = mentions(text, language, WRITTEN, READ)
    assert (named[0].first if named else None) == day


@pytest.mark.parametrize(
    ("text", "written", "read", "day"),
    [
        ("tomorrow", date(2026, 5, 4), date(2026, 5, 4), date(2026, 5, 5)),
        ("in the coming weeks", date(2026, 5, 4), date(2026, 5, 6), date(2026, 5, 7)),
        ("in the coming weeks", date(2026, 5, 4), date(2026, 5, 7), None),
        ("next week", date(2026, 5, 4), date(2026, 5, 6), date(2026, 5, 11)),
        ("next week", date(2026, 5, 3), date(2026, 5, 4), None),
        ("next month", date(2026, 12, 1), date(2026, 12, 2), date(2027, 1, 1)),
        ("next month", date(2026, 4, 30), date(2026, 5, 1), None),
        ("next year", date(2026, 12, 31), date(2027, 1, 1), None),
        ("on 3 January", date(2026, 12, 20), date(2026, 12, 21), date(2027, 1, 3)),
    ],
)
def test_relative_words_mean_a_day_while_they_mean_the_same_to_writer_and_reader(
    text: str, written: date, read: date, day: date | None
) -> None:
    assert [each.first for each in mentions(text, "en", written, read)] == ([day] if day else [])


@pytest.mark.parametrize(
    ("text", "back", "past"),
    [
        ("since 2025", 0, True),
        ("in 2026", 0, False),
        ("since 2025", 1, False),
        ("since 2024", 1, True),
        ("from 2019 to 2026", 0, True),
        ("some 1,999 boats", 0, False),
    ],
)
def test_a_past_year_is_before_that_of_reading(text: str, back: int, *, past: bool) -> None:
    assert names_past_year(text, READ.replace(year=READ.year - back)) is past


STORY = "The town closes the pool of Hallby. Otto Brandt wrote the report on it for the town. "


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Brandt's opinion of the pool is due to be published on 3 June.", "a surname that an earlier sentence gives"),
        ("The report is due to be published on 3 June by the town of Norrhaven.", "a thing of an earlier sentence"),
        ("More pools in Norrhaven are due to close on 3 June.", "it adds to something"),
        (
            "A new pool is due to open there on 3 June beside the harbour of Norrhaven.",
            "a place of an earlier sentence",
        ),
    ],
)
def test_a_sentence_that_needs_an_earlier_one_is_left(article: Make, sentence: str, why: str) -> None:
    assert found(article, STORY + sentence, "en") == [], why


def test_a_person_whose_office_is_beside_the_name_needs_no_earlier_sentence(article: Make) -> None:
    sentence = "Mayor Otto Brandt is due to open a new pool of Norrhaven on 3 June."
    assert possible(article, STORY + sentence, "en") == [sentence]


@pytest.mark.parametrize(("day", "told"), [(1, True), (2, True), (5, True), (6, False)])
def test_a_weekday_that_reads_as_yesterday_is_left(article: Make, day: int, told: bool) -> None:  # noqa: FBT001
    weekday = (READ + timedelta(days=day)).strftime("%A")
    text = f"A court of Norrhaven will decide on the night trains on {weekday}."
    assert found(article, text, "en", READ, READ) == ([text] if told else [])
