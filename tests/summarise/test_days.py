"""What a sentence says of days, read on another day than it was written."""
# ruff: noqa: RUF001 - letters and apostrophes of several languages are the subject here

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from digest.model.article import Article
from digest.model.story import Story
from digest.summarise.bullets import candidates
from digest.summarise.day_phrases import DAY, FUTURE, MONTH, WEEK, WEEKDAYS, YEAR
from digest.summarise.days import ReadingDay, Timing, timing

MONDAY, TUESDAY, WEDNESDAY = date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)
NEXT_MONDAY = date(2026, 5, 11)

OF_ITS_OWN_DAY = [
    ("en", "The ferry sailed again today after nine days ashore."),
    ("en", "Today's vote in the council was close."),
    ("en", "The harbour board meets passengers tonight in the hall."),
    ("en", "The second ship sails tomorrow at eight."),
    ("en", "Opponents asked yesterday for higher walls."),
    ("en", "Councillors voted this morning for a barrier."),
    ("en", "The pier burned down last night."),
    ("en", "Shells fell on the port overnight, the mayor said."),
    ("fr", "Le conseil a voté aujourd’hui la digue."),
    ("fr", "Le bac est reparti hier soir."),
    ("fr", "Le port rouvre demain à huit heures."),
    ("fr", "Les dockers manifestent ce matin devant la mairie."),
    ("de", "Der Rat hat heute für den Damm gestimmt."),
    ("de", "Heute stimmt der Rat über den Damm ab."),
    ("de", "Die Fähre fuhr gestern Abend wieder."),
    ("de", "Das zweite Schiff fährt morgen um acht."),
    ("es", "El consejo votó hoy a favor del dique."),
    ("es", "El barco zarpó ayer por la tarde."),
    ("es", "El segundo barco zarpará mañana a las ocho."),
    ("es", "Los estibadores protestan esta mañana ante el ayuntamiento."),
    ("it", "Il consiglio ha votato oggi per la diga."),
    ("it", "Il traghetto parte domani alle otto."),
    ("it", "Il molo è bruciato ieri sera."),
    ("pt", "O conselho votou hoje a favor do dique."),
    ("pt", "O barco parte amanhã às oito."),
    ("nl", "De raad stemde vandaag voor de dijk."),
    ("nl", "Het schip vaart morgen om acht uur."),
    ("nl", "De pier brandde gisteravond af."),
    ("ru", "Совет проголосовал сегодня за дамбу."),
    ("ru", "Паром отправится завтра в восемь."),
    ("ru", "Пожар на причале начался вчера вечером."),
    ("ar", "صوت المجلس اليوم لصالح السد."),
    ("ar", "تبحر السفينة غدا في الثامنة."),
    ("ar", "احترق الرصيف أمس في الميناء."),
    ("pl", "Rada głosowała dziś za groblą."),
    ("sv", "Rådet röstade i dag för vallen."),
    ("uk", "Рада проголосувала сьогодні за дамбу."),
    ("ja", "議会は今日、堤防を承認した。"),
    ("zh", "议会今天批准了堤坝。"),
]
OF_ANY_DAY = [
    ("en", "In today's world few ferries sail at night."),
    ("en", "The council has met since 1886 in the old hall."),
    ("en", "The firm became an overnight success in the bay."),
    ("fr", "Julie, aujourd’hui âgée de 44 ans, dirige le port."),
    ("fr", "Le bac est le plus vieux d’aujourd’hui."),
    ("de", "Der heute 44 Jahre alte Kapitän führt den Hafen."),
    ("de", "Bis heute fährt die alte Fähre."),
    ("de", "Am Morgen war der Hafen leer, sagte der Kapitän."),
    ("de", "Hier liegt die alte Fähre im Hafen."),
    ("es", "Hoy en día zarpan pocos barcos."),
    ("es", "El puerto abre a las ocho de la mañana."),
    ("it", "Fino a oggi il molo è rimasto chiuso."),
    ("nl", "In de morgen was de haven leeg."),
    ("ar", "فتح الميناء في اليوم التالي أبوابه."),
    ("xx", "The ferry sailed again today, in a language that nobody knows."),
]


@pytest.mark.parametrize(("language", "sentence"), OF_ITS_OWN_DAY)
def test_what_says_today_is_wrong_on_another_day(language: str, sentence: str) -> None:
    assert timing(sentence, language, MONDAY, MONDAY) is Timing.RIGHT
    assert timing(sentence, language, MONDAY, TUESDAY) is Timing.WRONG


@pytest.mark.parametrize(("language", "sentence"), OF_ANY_DAY)
def test_what_says_nothing_of_its_own_day_stays_right(language: str, sentence: str) -> None:
    assert timing(sentence, language, MONDAY, TUESDAY) is Timing.RIGHT


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The council will vote on Monday on the barrier."),
        ("en", "On Tuesday the ferry is to sail again from the pier."),
        ("fr", "Le conseil votera mardi sur la digue."),
        ("de", "Der Rat soll am Dienstag über den Damm abstimmen."),
        ("es", "El consejo votará el martes sobre el dique."),
    ],
)
def test_an_announced_day_that_has_gone_by_has_passed(language: str, sentence: str) -> None:
    assert timing(sentence, language, MONDAY, WEDNESDAY) is Timing.PASSED
    assert timing(sentence, language, MONDAY, MONDAY) is Timing.RIGHT


@pytest.mark.parametrize(
    "sentence",
    [
        "The council will vote on Thursday on the barrier.",
        "The council voted on Monday for the barrier.",
        "The mayor said on Monday that the barrier will cost 48 million pounds.",
        "The barrier will cost 48 million pounds, the mayor said on Monday.",
    ],
)
def test_a_named_day_that_is_to_come_or_was_is_right(sentence: str) -> None:
    assert timing(sentence, "en", MONDAY, WEDNESDAY) is Timing.RIGHT


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "A barrier will be built across the harbour after councillors backed it by 34 votes to 21 on Monday night.",
        ),
        ("en", "The ferry will be sold because it failed its inspection on Monday."),
        ("en", "Sunday trains will be halved under a plan that was published on Monday."),
        ("en", "The gate will cost 48 million pounds and was approved on Monday."),
        ("fr", "La digue sera construite après que le conseil l'a approuvée lundi."),
        ("de", "Der Damm wird gebaut, nachdem der Rat am Montag zugestimmt hat."),
        ("de", "Der Damm soll 48 Millionen kosten, wie die Stadt am Montag mitteilte."),
        ("es", "El dique se construirá después de que el consejo lo aprobara el lunes."),
        ("ru", "Дамба будет построена после того, как совет одобрил её в понедельник."),
    ],
)
def test_what_comes_because_of_a_named_day_is_not_announced_for_that_day(language: str, sentence: str) -> None:
    assert timing(sentence, language, MONDAY, WEDNESDAY) is Timing.RIGHT


@pytest.mark.parametrize(
    "sentence",
    ["The council will meet after the planned talks on Monday.", "The ferry will sail to Mellin and Hallin on Monday."],
)
def test_a_later_clause_without_a_verb_of_the_past_turns_nothing_back(sentence: str) -> None:
    assert timing(sentence, "en", MONDAY, WEDNESDAY) is Timing.PASSED


def test_a_weekday_of_a_week_ago_has_passed() -> None:
    assert timing("The council voted on Monday for the barrier.", "en", MONDAY, NEXT_MONDAY) is Timing.PASSED


def test_a_writer_east_of_the_edition_may_be_a_day_ahead() -> None:
    assert timing("The council voted on Tuesday for the barrier.", "en", MONDAY, TUESDAY) is Timing.RIGHT


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("The barrier opens next week.", NEXT_MONDAY),
        ("The barrier opens next month.", date(2026, 6, 1)),
        ("The barrier opens next year.", date(2027, 1, 1)),
    ],
)
def test_a_week_a_month_a_year_is_wrong_in_another_one(sentence: str, read: date) -> None:
    assert timing(sentence, "en", MONDAY, TUESDAY) is Timing.RIGHT
    assert timing(sentence, "en", MONDAY, read) is Timing.WRONG


def test_every_language_with_weekdays_has_the_other_words_too() -> None:
    assert WEEKDAYS.keys() == FUTURE.keys() == WEEK.keys() == MONTH.keys() == YEAR.keys()
    assert WEEKDAYS.keys() <= DAY.keys()
    assert {len(names.split()) for names in WEEKDAYS.values()} == {7}


def test_a_moment_belongs_to_the_date_of_the_edition_s_zone() -> None:
    late = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)
    assert ReadingDay(TUESDAY, ZoneInfo("UTC")).written(late) == MONDAY
    assert ReadingDay(TUESDAY, ZoneInfo("Europe/Berlin")).written(late) == TUESDAY


def test_a_date_without_a_time_keeps_its_date_in_every_zone() -> None:
    midnight = datetime(2026, 5, 4, tzinfo=UTC)
    assert ReadingDay(MONDAY, ZoneInfo("America/New_York")).written(midnight) == MONDAY


TODAY = "The ferry to the islands sailed again today after nine days ashore with a broken shaft."
SCHOOL = "Islanders had relied on two fishing boats for bread and post while the ferry lay ashore."
ANNOUNCED = "The second ferry to the islands will sail on Monday at eight with 140 passengers on board."


def test_a_bullet_that_says_today_is_not_told_on_another_day(
    article: Callable[..., Article], story: Callable[..., Story]
) -> None:
    told = story(article(f"{TODAY} {SCHOOL}", title="The ferry to the islands sails again"))
    zone = ZoneInfo("UTC")
    assert len(candidates(told)) == len(candidates(told, day=ReadingDay(MONDAY, zone))) == 2
    assert [bullet.text for bullet in candidates(told, day=ReadingDay(TUESDAY, zone))] == [SCHOOL]


def test_a_bullet_whose_day_has_passed_comes_last(article: Callable[..., Article], story: Callable[..., Story]) -> None:
    told = story(article(f"{ANNOUNCED} {SCHOOL}", title="The second ferry to the islands will sail"))
    zone = ZoneInfo("UTC")
    assert [bullet.text for bullet in candidates(told, day=ReadingDay(MONDAY, zone))] == [ANNOUNCED, SCHOOL]
    assert [bullet.text for bullet in candidates(told, day=ReadingDay(TUESDAY, zone))] == [SCHOOL, ANNOUNCED]
