"""The splitter on hard news cases (all invented), its properties and its pace."""
# ruff: noqa: RUF001 - the quotation marks and scripts of many languages are the point

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.abbreviations import abbreviations
from digest.text.sentences import is_finished, paragraphs, sentences

# A bar marks where a sentence must end; it is taken out of the text before it is split.
ENGLISH = (
    "The U.S. Senate passed the bill late on Tuesday.| The House votes next week.",
    "The firm sells most of its pumps in the U.S.| The rest goes to Peru.",
    "He flew to the U.K. in May.| His brother stayed at home.",
    "Sen. Dana Whitlow met Gov. Ortiz in Albany on Monday.| Neither spoke to reporters.",
    "The novel by J. K. Marlow sold out in a day.| Shops asked for more.",
    "George W. Harlan and Samuel L. Pike signed the treaty.| It takes effect in June.",
    "The doctors told him to take more vitamin C.| He refused.",
    "The gates open at 9 a.m. and close at 5 p.m. on weekdays.| Entry is free.",
    "The train left at 7 p.m.| Police found it at midnight.",
    "The hearing starts at 10 a.m. Tuesday in Denver.| It may last a week.",
    "Shares rose 3.5 percent to $4.25.| Analysts had expected $4.00.",
    "“We will not pay.”| The mayor left the room.",
    "“Are you sure?” she asked.| Nobody answered.",
    '"This is over!" shouted the coach.| The players walked off.',
    "The minister said: “We are ready.”| Two hours later he resigned.",
    "STOCKHOLM (AP) — A ferry ran aground off Gotland on Friday.| No one was hurt.",
    "PARIS, Feb. 3 (Reuters) - French exports fell in January.| Wine was the exception.",
    "They waited... and waited.| Nothing came.",
    "It was late…| The lights went out.",
    "The dam held for a week.|It broke on Sunday.",
    "The council met on Monday.|The vote was close.",
    "Acme Corp. Chief Executive Lena Voss will step down.| Her deputy takes over.",
    "He worked for Brandt & Sons Ltd.| The company closed in 1998.",
    "Dr. Amina Yusuf, a cardiologist at St. Luke's, called it a first.| Others were careful.",
    "The No. 2 seed lost in straight sets.| No one had seen it coming.",
    "Was it an accident?| The police said no.| They gave no reason.",
    "The measure (approved by both chambers. See page 4) is popular.| Voters like it.",
    "The plan\n\n|Residents were told on Thursday.| Many had left.",
    "What we know\n|The fire began at dawn.| It spread fast.",
    "• Trams run every ten minutes|\n• Buses run all night|\n• Taxis are free",
    "1. Boil the water for ten minutes.|\n2. Let it cool.",
    "Visit example.com for the timetable.| Version 2.0 of the app is out.",
    "The suspect, Lee Jr., was held.| His lawyer objected.",
    "Prices of tea, sugar, etc. went up.| Wages did not.",
    "He finished on Sept. 12 and rested.| Then he ran again.",
    "The flight (UA 12) landed at 4:30.| All 120 people walked away!| A miracle, one said.",
    "“It was dark.| We ran,” he said.",
    "The bank cut rates by 0.25 points.| “Finally,” said one trader.",
    "Maj. Gen. Ruth Adler took command.| She replaced Lt. Col. Ian Frey.",
)
FRENCH = (
    "M. Garnier a quitté la salle à 18 h 30.| Mme Lebrun est restée.",
    "« Nous partons demain. »| Il n'a rien ajouté.",
    "« Où sont les clés ? » a demandé le juge.| Personne n'a répondu.",
    "Le Dr. Faure et le Pr. Hamel ont signé l'appel.| Le ministère se tait.",
    "La loi (art. 12) entre en vigueur lundi.| Les syndicats la contestent.",
    "Le chantier a coûté 3,5 millions d'euros.| C'est le double du budget.",
    "Qui paiera ?| La mairie ne le dit pas.| Le préfet non plus !",
    "Il habite au n° 14 de la rue Basse.| Son voisin l'a vu sortir.",
    "La ville date du IIe siècle av. J.-C. et fut rasée deux fois.| Elle fut rebâtie.",
    "L'usine fabrique des pompes, des tuyaux, etc.| Elle emploie 300 personnes.",
    "P. Morel et J.-L. Vidal sont en tête.| Le vote a lieu dimanche.",
    "Il a dit : « C'est fini. »| Puis il a raccroché.",
    "Le prix du litre a baissé… mais pas partout.| À Brest, il monte.",
    '"On n\'a rien vu", dit un témoin.| Élise, elle, a tout filmé.',
    "Les faits\n\n|Deux hommes ont été arrêtés mardi.| Ils sont en garde à vue.",
    "Le train de 7 h 12 a été supprimé.| Ceux de 8 h aussi.",
)
GERMAN = (
    "Am 3. Oktober bleibt das Rathaus geschlossen.| Die Bücherei auch.",
    "Der 2. Weltkrieg zerstörte die Brücke.| Sie wurde 1951 neu gebaut.",
    "Im 19. Jahrhundert war hier ein Hafen.| Heute steht dort ein Kino.",
    "Die Partei verlor bei der Wahl im Jahr 2019.| Danach trat der Vorstand zurück.",
    "Laut Dr. Ebner und Prof. Kranz ist die Lage ernst.| Beide warnen seit Jahren.",
    "Das kostet z. B. 30 Euro im Monat.| Für Kinder ist es frei.",
    "Das gilt z.B. für Radfahrer.| Autos dürfen weiter fahren.",
    "„Wir machen weiter.“| Der Trainer verließ den Saal.",
    "„Wer zahlt das?“, fragte der Richter.| Niemand antwortete.",
    "»Es reicht.«| Mit diesen Worten ging sie.",
    "Er sagte: »Wir bleiben.«| Das war 2004.",
    "Die Bahn fährt u. a. nach Graz, Linz usw. und zurück.| Fahrkarten gibt es am Schalter.",
    "Der Umsatz stieg um 2,5 Mio. Euro.| Der Gewinn fiel.",
    "Sie wohnt in der Goethestr. 12 in Ulm.| Die Polizei war schon dort.",
    "Der Zug kommt um 17.30 Uhr an.| Er hat Verspätung.",
    "Die Firma Moser & Co. KG zieht um.| Der neue Sitz ist Wels.",
    "Ca. 200 Menschen kamen.| Es blieb ruhig.",
    "König Karl III. besuchte Hamburg.| Tausende winkten.",
)
SPANISH = (
    "El Sr. Ramos y la Sra. Vega firmaron el acuerdo.| La prensa no entró.",
    "¿Quién pagará la obra?| El alcalde no respondió.",
    "¡No pasarán!| Así terminó el discurso.",
    "EE. UU. enviará ayuda el lunes.| El puerto sigue cerrado.",
    "EE.UU. y México hablarán del río.| Será en abril.",
    "El barril subió a 82.5 dólares.| La gasolina, también.",
    "«No hay dinero».| El ministro se fue.",
    "«Volveremos», dijo la jueza.| Nadie la creyó.",
    "La Dra. Luz Peña atendió a 40 heridos.| Dos siguen graves.",
    "El art. 155 no se aplicará.| Lo dijo el presidente.",
    "Llegó a las 8 p. m. y se fue.| La sala estaba vacía.",
    "Nació en el s. XIX en Toledo.| Murió en Roma.",
    "La empresa Gas del Sur S.A. despedirá a 90 personas.| El sindicato irá a la huelga.",
    "Pidió agua, pan, etc.| No le dieron nada.",
    "Esperó… y nadie vino.| Entonces llamó.",
    '"Fue un error", admitió.| Ángela lo perdonó.',
)
OTHERS = (
    ("ja", "市は橋を閉鎖した。|再開は来月になる。"),
    ("zh", "“我们不走。”|他说完就离开了。"),
    ("hi", "पुल बंद है।| लोग नाव से जाते हैं।"),
    ("ar", "هل أغلق الجسر؟| نعم، منذ أمس."),
    ("ru", "Мост закрыт с 12 мая.| Его откроют в 2030 г. после ремонта."),
    ("it", "Il sig. Rossi è partito.| Nessuno sa dove."),
)
CASES = (
    *(("en", case) for case in ENGLISH),
    *(("fr", case) for case in FRENCH),
    *(("de", case) for case in GERMAN),
    *(("es", case) for case in SPANISH),
    *OTHERS,
)


def expected(marked: str) -> list[str]:
    return [part.strip().removeprefix("• ") for part in marked.split("|")]


def split(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


@pytest.mark.parametrize(("language", "marked"), CASES)
def test_a_hard_case_is_split_where_a_reader_would(language: str, marked: str) -> None:
    assert split(marked.replace("|", ""), language) == expected(marked)


def test_at_least_sixty_hard_cases_in_four_languages_are_tried() -> None:
    assert len(ENGLISH + FRENCH + GERMAN + SPANISH) >= 60


def test_an_unknown_language_still_gets_sentences() -> None:
    assert split("Ena je tu. Druga ni.", "und") == ["Ena je tu.", "Druga ni."]


def test_nothing_gives_nothing() -> None:
    assert sentences("") == ()
    assert sentences(" \n\n \n") == ()


def test_a_wrapped_line_goes_on() -> None:
    assert split("The council met\non Monday in the hall.", "en") == ["The council met\non Monday in the hall."]


def test_paragraphs_are_parted_by_blank_lines() -> None:
    text = "One.\n\nTwo\nlines.\n \t\n\nThree."
    assert [text[a:b] for a, b in paragraphs(text)] == ["One.", "Two\nlines.", "Three."]


@pytest.mark.parametrize(
    "sentence",
    ["It is shut.", "“It is shut.”", "پل بند ہے۔", "ድልድዩ ተዘጋ፡፡", "ស្ពានបិទ។", "橋は危険だ。」", "ཟམ་པ་བཀག་པ་རེད།"],
)
def test_a_sentence_with_the_stop_of_its_script_is_finished(sentence: str) -> None:
    assert is_finished(sentence)


def test_a_heading_is_not_finished_and_thai_needs_no_stop() -> None:
    assert not is_finished("What we know")
    assert not is_finished("")
    assert not is_finished("สะพานปิด")
    assert is_finished("สะพานเก่าของเมืองถูกปิดตั้งแต่วันจันทร์เพื่อซ่อมแซมเสาที่ทรุดตัวลง")


def test_a_language_has_the_words_of_the_one_that_it_is_like() -> None:
    assert abbreviations("cs").open <= abbreviations("sk").open
    assert "Dr" in abbreviations("und").open
    assert not abbreviations("und").start


@given(
    st.text(alphabet="ab AB.!?…\"'“”‘’«»„()[]\n\u00a0•-1。", max_size=120),
    st.sampled_from(["en", "fr", "de", "es", "und"]),
)
def test_spans_are_ordered_trimmed_and_lose_no_word(text: str, language: str) -> None:
    spans = sentences(text, language)
    assert all(start < end for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)
    kept = "".join(text[a:b] for a, b in spans)
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]
