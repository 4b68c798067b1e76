"""What stands before a report and is none of it; the bar shows where the sentence begins."""
# ruff: noqa: RUF001 - dashes and letters of several scripts are the subject here

from __future__ import annotations

from collections.abc import Callable

import pytest

from digest.model.article import Article
from digest.model.story import Story
from digest.summarise.bullets import candidates
from digest.summarise.dateline import opening

REPORTS = [
    "NEW DELHI: |The council met on Monday.",
    "Mumbai: |“The council met on Monday,” said its clerk.",
    "DUBAI, May 3: |The council met on Monday.",
    "TARROW (AP) — |The council met on Monday.",
    "TARROW, England (CNN) -- |The council met on Monday.",
    "TARROW, Scotland -- |The council met -- for once -- on Monday.",
    "TARROW, Nov 22 — |The council met on Monday.",
    "TARROW, May 3 (Reuters) - |The council met on Monday.",
    "PORT ELLERY — |The council met on Monday.",
    "Port Ellery, Calif. — |The council met on Monday.",
    "Port Ellery (Coast News)|The council met on Monday.",
    "Port Ellery (CNN) |The council met on Monday.",
    "(CNN) -- |The council met on Monday.",
    "(CNN)|The council met on Monday.",
    "(CNN) |The council met on Monday.",
    "(Reuters) — |The council met on Monday.",
    "ROMA - |Il consiglio si è riunito lunedì.",
    "Roma, 3 mag. (askanews) - |Il consiglio si è riunito.",
    "(ANSA) - ROMA, 03 MAG - |Il consiglio si è riunito.",
    "BRASÍLIA — |O conselho reuniu-se na segunda-feira.",
    "AMSTERDAM (ANP) - |De raad kwam maandag bijeen.",
    "DEN HAAG - |De raad kwam maandag bijeen.",
    "MÜNCHEN/dpa – |Der Rat tagt am Montag.",
    "Frankfurt/Main (dpa/lhe) - |Der Rat tagt am Montag.",
    "Kiel (dpa) |Der Rat tagt am Montag.",
    "Wien (APA) – |Der Rat tagt am Montag.",
    "Tarrau – |Der Rat tagt am Montag.",
    "Tarrau, 27.6.2025 – |Anlässlich der Sitzung wurde gewählt.",
    "Paris (AFP) - |Le conseil s’est réuni lundi.",
    "Rio de Janeiro (AFP) - |O conselho reuniu-se.",
    "Madrid, 3 may (EFE).- |El consejo se reunió el lunes.",
    "MADRID, 3 (EUROPA PRESS) - |El consejo se reunió el lunes.",
    "МОСКВА, 3 мая. /ТАСС/. |Совет принял закон.",
    "МОСКВА, 3 мая — РИА Новости. |Совет принял закон.",
    "Москва. 3 мая. INTERFAX.RU - |Совет принял закон.",
    "القاهرة (رويترز) - |اجتمع المجلس يوم الاثنين.",
    "دبي 3 مايو (رويترز) - |اجتمع المجلس يوم الاثنين.",
    "【ソウル＝山田太郎】|議会は月曜日に開かれた。",
    "June 25 , 2005 |The council met on Monday.",
    "Published : July 29 , 2004 |The council met on Monday.",
    "Saturday , 28 September 2013 01 : 43 |The council met.",
    "11 / 30 / 09 05 : 40 PM ET |The council met on Monday.",
    "JUNE 25, 2005 AT 10:33 AM PT |The council met on Monday.",
    "Posted: 10:33 AM PT, June 25, 2005 |The council met on Monday.",
    "Monday, June 25, 2005 7:20 p.m. MST |The council met on Monday.",
    "24. Juli 2023 um 14:05 Uhr |Der Rat tagt am Montag.",
    "Lundi 24 juillet 2023 à 14h05 |Le conseil s’est réuni lundi.",
    "Publicado el 24 de julio de 2023 a las 14:05 |El consejo se reunió el lunes.",
    "Опубликовано 24 июля 2023, 14:05 |Совет собрался в понедельник.",
    "نشر في 24 يوليو 2023 |اجتمع المجلس يوم الاثنين.",
    "Summary : |The council met on Monday.",
    "Résumé : |Le conseil s’est réuni lundi.",
    "Zusammenfassung: |Der Rat tagt am Montag.",
    "ملخص: |اجتمع المجلس يوم الاثنين.",
    "By Nell Tarrant and Ada Moss – |The council met on Monday.",
    "Von Nell Tarrant – |Der Rat tagt am Montag.",
    "10 p.m. |The council met on Monday.",
    "3:45 p.m. ET: |The council met on Monday.",
    "14.32 Uhr: |Der Rat tagt am Montag.",
    "15h30 - |Le conseil s’est réuni lundi.",
    "UPDATE: |The council met on Monday.",
    "UPDATE 10.30 Uhr: |Der Rat tagt am Montag.",
    "UPDATE: TARROW (AP) — |The council met on Monday.",
    "Scroll down for video |The council met on Monday.",
]
SENTENCES = [
    "Tarrant — the master of the port — met the council.",
    "Nell Tarrant (Greens) – The minister took money from the builder.",
    "Nell Tarrant (CDU) - Die Ministerin nahm Geld vom Bauherrn.",
    "Nell Tarrant, Mayor — The minister took money from the builder.",
    "Tarrant: The minister took money from the builder.",
    "NASA (the space agency) said the launch would go ahead.",
    "June 25, 2005, was a day to remember.",
    "May 3, 2026: The council meets in the old hall.",
    "10 p.m. Monday is the deadline for the council.",
    "14 мая президент встретился с советом.",
    "MAY DAY 2026 was a quiet one in the town.",
    "Lundi 24 juillet 2023, le conseil s’est réuni.",
    "By Monday night – the third of the strike – nine boats had left.",
    "Summary execution is a crime under the law.",
    "Opinion: The council met on Monday.",
    "Correction: The council met on Monday.",
    "COVID-19 cases rose in the town.",
    "5:2 wins are rare for the club.",
    "2026 wird der Rat gewählt.",
    "Spider-Man - the film - is back in town.",
    "Tarrow Town (third) – The side lost again.",
]


@pytest.mark.parametrize("marked", REPORTS)
def test_place_date_agency_clock_and_label_are_none_of_the_sentence(marked: str) -> None:
    sentence = marked.replace("|", "")
    assert opening(sentence) == marked.index("|")
    assert opening(f"— {sentence}", 2) == marked.index("|") + 2


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_only_looks_like_a_dateline_stays(sentence: str) -> None:
    assert opening(sentence) == 0


@pytest.mark.parametrize(
    ("opener", "marked"),
    [("TARROW (AP) — ", False), ("UPDATE: ", False), ("", False), ("But ", True), ("TARROW (AP) — But ", True)],
)
def test_a_reader_sees_a_cut_of_the_sentence_but_not_of_its_dateline(
    opener: str, *, marked: bool, article: Callable[..., Article], story: Callable[..., Story]
) -> None:
    sentence = f"{opener}{'the' if opener else 'The'} harbour of Tarrow closes for good on Monday after 140 years."
    told = candidates(story(article(sentence)))[0]
    assert told.text.lower().startswith("the harbour")
    assert told.cut_start is marked
