# ruff: noqa: RUF001 - apostrophes and stops of several languages are in the examples

from __future__ import annotations

import math

import pytest

from digest.summarise.background import BACKGROUND, background, looks_back
from digest.summarise.reading import read


def numbers(text: str, language: str = "en") -> list[dict[str, float]]:
    return [dict(zip(BACKGROUND, row, strict=True)) for row in background(read(text, "", language))]


def test_a_year_counts_by_its_distance_from_the_latest_of_the_article() -> None:
    first, second, third = numbers(
        "The old bridge of Ellery was built in 1911 by nine men. It reopens in March 2026 after two years of work. "
        "The council paid 2,000 pounds for the paint of the bridge."
    )
    assert first["years before the latest"] == pytest.approx(math.log1p(115))
    assert second["years before the latest"] == 0
    assert third["years before the latest"] == 0


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "Ellery Hall is a large house of nine rooms on the river.", "definition"),
        ("de", "Das Haus am Fluss ist ein Museum mit neun Zimmern.", "definition"),
        ("fr", "La maison du fleuve est un musée de neuf salles.", "definition"),
        ("es", "La casa del río es un museo de nueve salas.", "definition"),
        ("en", "The bakery in Pell Street was founded by two sisters from Grayport.", "history"),
        ("de", "Die Bäckerei wurde von zwei Schwestern aus Grauhafen gegründet.", "history"),
        ("fr", "La boulangerie est connue pour son pain depuis des années à Ellery.", "history"),
        ("es", "La panadería fue fundada por dos hermanas de Grayport.", "history"),
        ("en", "Most people in the valley usually cross the river by the old bridge.", "general words"),
        ("de", "Viele Menschen im Tal fahren meist über die alte Brücke.", "general words"),
        ("fr", "Chaque habitant de la vallée passe souvent par le vieux pont.", "general words"),
        ("es", "Muchos vecinos del valle cruzan siempre por el puente viejo.", "general words"),
    ],
)
def test_a_sentence_of_what_is_always_so_is_seen(language: str, text: str, name: str) -> None:
    [found] = numbers(text, language)
    assert found[name] > 0


def test_general_words_are_counted() -> None:
    one, two, three = numbers(
        "Most of the valley crosses the old bridge. Most of the valley usually crosses the old bridge. "
        "Most of the valley usually crosses the old bridge, and often by night."
    )
    assert [each["general words"] for each in (one, two, three)] == [math.log1p(1), math.log1p(2), math.log1p(3)]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ja"])
def test_a_report_has_none_of_it(language: str) -> None:
    texts = {
        "en": "The council of Ellery voted on Monday to close the bridge until the spring.",
        "de": "Der Rat von Ellern beschloss am Montag, die Brücke bis zum Frühling zu sperren.",
        "fr": "Le conseil d’Ellery a décidé lundi de fermer le pont jusqu’au printemps.",
        "es": "El concejo de Ellery decidió el lunes cerrar el puente hasta la primavera.",
        "ja": "町の議会は月曜日に新しい橋について投票した。",
    }
    [found] = numbers(texts[language], language)
    assert set(found.values()) == {0.0}


@pytest.mark.parametrize(
    ("language", "text", "back"),
    [
        ("en", "In 2016, the council of Ellery sold the old mill.", True),
        ("en", "In recent years the harbour has lost nine ships.", True),
        ("en", "Earlier this year the council sold the old mill.", True),
        ("en", "Nine years ago the council sold the old mill.", True),
        ("en", "In 2031 the council will sell the old mill.", False),
        ("en", "In Ellery the council sold the old mill on Monday.", False),
        ("de", "Im Jahr 2016 verkaufte der Rat die alte Mühle.", True),
        ("de", "Vor drei Monaten verkaufte der Rat die alte Mühle.", True),
        ("de", "Vor dem Rathaus stand am Montag die Mühle zum Verkauf.", False),
        ("fr", "Le 18 octobre dernier, le conseil a vendu le moulin.", True),
        ("fr", "En 2016, le conseil a vendu le vieux moulin.", True),
        ("fr", "Le 18 octobre, le conseil vendra le vieux moulin.", False),
        ("es", "Hace tres meses el concejo vendió el molino viejo.", True),
        ("es", "En marzo de 2016 el concejo vendió el molino viejo.", True),
        ("es", "En el concejo se vendió el lunes el molino viejo.", False),
        ("en", "On May 3, 2016, the council of Ellery sold the mill.", True),
        ("en", "In the late 1990s the council of Ellery sold the mill.", True),
        ("en", "Over the past nine years the harbour has lost ships.", True),
        ("en", "The last time the council met, nobody spoke of the mill.", True),
        ("en", "In 2028 the council will sell the old mill.", False),
        ("en", "By 2028, nine mills are to be sold in the valley.", False),
        ("de", "Im Jahr 2028 soll die Mühle verkauft werden.", False),
        ("fr", "En 2028, le conseil vendra le vieux moulin.", False),
        ("es", "En 2028 el concejo venderá el molino viejo.", False),
        ("ru", "В 2028 году мельница будет продана.", False),
        ("ar", "في عام 2028 سيبيع المجلس الطاحونة القديمة.", False),
        ("en", "In the past week the council sold the old mill.", False),
        ("en", "On May 3, the council of Ellery will sell the mill.", False),
        ("de", "Schon vor neun Jahren verkaufte der Rat die Mühle.", True),
        ("de", "Seit Mai 2016 steht die Mühle im Hafen still.", True),
        ("de", "Im vergangenen Sommer verkaufte der Rat die Mühle.", True),
        ("de", "Seit Montag steht die Mühle im Hafen still.", False),
        ("fr", "Il y a près de neuf ans, le conseil a vendu le moulin.", True),
        ("fr", "Ces dernières années, le port a perdu neuf bateaux.", True),
        ("fr", "Depuis lundi, le moulin du port est fermé.", False),
        ("es", "En los últimos años el puerto perdió nueve barcos.", True),
        ("es", "Desde el lunes el molino del puerto está cerrado.", False),
        ("ru", "В 2016 году совет продал старую мельницу.", True),
        ("ru", "Девять лет назад совет продал старую мельницу.", True),
        ("ru", "В прошлом году совет продал старую мельницу.", True),
        ("ru", "В понедельник совет продал старую мельницу.", False),
        ("ar", "في عام 2016 باع المجلس الطاحونة القديمة.", True),
        ("ar", "وقبل تسع سنوات باع المجلس الطاحونة القديمة.", True),
        ("ar", "وفي العام الماضي باع المجلس الطاحونة القديمة.", True),
        ("ar", "في يوم الاثنين باع المجلس الطاحونة القديمة.", False),
        ("ja", "2016年に評議会は古い製粉所を売却した。", False),
    ],
)
def test_a_sentence_that_opens_with_a_time_gone_by_looks_back(
    language: str,
    text: str,
    back: bool,  # noqa: FBT001 - the case itself
) -> None:
    assert looks_back(text, language) is back
