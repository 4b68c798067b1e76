# ruff: noqa: RUF001 - the apostrophes and letters of other languages

from __future__ import annotations

import pytest
from tests.extract.conftest import PARAGRAPHS, Press

from digest.extract.article import from_feed
from digest.extract.notices import is_offer, is_walled, own_part, own_text, without_cut

TOLD = "The lighthouse of Varn was lit again on Sunday after a year of repairs, and the keepers' families came to see."

NOTICES = {
    "syndicated": [
        "The post Lighthouse of Varn lit again appeared first on Varn Gazette.",
        "This story was originally published by Varn Gazette.",
        "Der Beitrag Leuchtturm brennt wieder erschien zuerst auf Varner Bote.",
        "L’article Le phare est rallumé est apparu en premier sur Le Phare de Varn.",
        "La entrada El faro vuelve a lucir se publicó primero en Diario de Varn.",
        "L’articolo Il faro torna acceso proviene da Gazzetta di Varn.",
        "O post O farol voltou apareceu primeiro em Diário de Varn.",
        "Het bericht De vuurtoren brandt weer verscheen eerst op Varner Courant.",
        "Artykuł Latarnia znów świeci pochodzi z serwisu Kurier Varn.",
        "Сообщение Маяк снова горит появились сначала на Варнский вестник.",
        "ظهرت المقالة المنارة تضيء من جديد أولاً على جريدة فارن.",
        "Inlägget Fyren lyser igen dök först upp på Varnbladet.",
        "Innlegget Fyret lyser igjen dukket først opp på Varnposten.",
        "Indlægget Fyret lyser igen blev først udgivet på Varn Avis.",
    ],
    "read on": [
        "続きを読む", "阅读全文", "(more)",
        "Continue reading...", "Read more at Varn Gazette.", "Weiterlesen", "Lire la suite sur le site", "Leer más",
        "Continua a leggere", "Leia mais", "Lees verder", "Czytaj dalej", "Читать далее", "اقرأ المزيد", "Läs mer",
        "Les mer", "Læs mere", "(more…)",
    ],
    "related": [
        "Filed under: Harbour news", "Follow us on Bluesky @varn", "Tags: lamps, piers",
        "More from Varn Gazette", "Auch interessant", "À lire aussi : le phare en images", "Te puede interesar",
        "Leggi anche: il faro", "Leia também", "Lees ook: de vuurtoren", "Czytaj także", "Читайте также", "اقرأ أيضا",
        "Läs också", "Les også", "Læs også", "You must be logged in to post a comment.",
    ],
    "aggregators": ["Article URL: https://varn.example/1", "Points: 12", "# Comments: 3",
        "submitted by /u/keeper [link]"],
    "players and embeds": [
        "Your browser does not support the video element.", "This video is not available in your country.",
        "Story continues below advertisement", "Listen to this article", "0:00 / 3:21",
        "A post shared by Varn Lights (@varnlights)", "pic.twitter.com/Varn1",
        "Ihr Browser unterstützt dieses Format nicht.", "Votre navigateur ne permet pas de lire cette vidéo.",
        "Su navegador no admite el vídeo.", "Il tuo browser non supporta il video.", "Seu navegador não suporta vídeo.",
        "Je browser ondersteunt deze video niet.", "Twoja przeglądarka nie obsługuje filmu.",
        "Ваш браузер не поддерживает видео.", "متصفحك لا يدعم تشغيل الفيديو.", "Din webbläsare stöder inte video.",
        "Nettleseren din støtter ikke video.", "Din browser understøtter ikke video.",
        "La suite après cette publicité", "Continúa después de la publicidad", "Artikkelen fortsetter under annonsen",
    ],
    "privacy placeholders": [
        "To view this content, you need to accept cookies of third parties.",
        "Um diesen Inhalt anzuzeigen, müssen Sie der Verwendung von Cookies zustimmen. Bitte klicken Sie hier.",
        "Pour afficher ce contenu, vous devez accepter les cookies.",
        "Para ver este contenido debes aceptar las cookies de terceros.",
        "Per vedere questo contenuto devi accettare i cookie.",
        "Om deze inhoud te bekijken moet je cookies accepteren.",
        "Чтобы увидеть видео, примите файлы cookie и включите показ: вы можете отозвать согласие.",
        "An dieser Stelle finden Sie externen Inhalt von Varntube.",
    ],
    "offers": [
        "Subscribe to continue reading this story.", "This article is for subscribers only.",
        "Already a subscriber? Log in here.", "Dieser Artikel ist nur für Abonnenten.",
        "Jetzt weiterlesen mit Varn Plus",
        "Cet article est réservé aux abonnés.", "Il vous reste 70 % de cet article à lire.",
        "Contenido exclusivo para suscriptores.", "Contenuto riservato agli abbonati.",
        "Conteúdo exclusivo para assinantes.", "Dit artikel is alleen voor abonnees.",
        "Artykuł dostępny tylko dla subskrybentów.", "Материал доступен только подписчикам.",
        "هذا المحتوى متاح للمشتركين فقط.", "Artikeln är endast för prenumeranter.",
        "Denne artikkelen er kun for abonnenter.", "Artiklen er kun for abonnenter.",
    ],
    "corrections": [
        "Correction: An earlier version of this article named another keeper.",
        "In einer früheren Version dieses Artikels hieß es, der Turm sei höher.",
        "Une version précédente de cet article donnait une autre date.",
        "Una versión anterior de este artículo decía que el faro era más alto.",
        "Una versione precedente di questo articolo riportava un’altra data.",
        "Uma versão anterior deste texto dizia que o farol era mais alto.",
        "In een eerdere versie van dit artikel stond een andere naam.",
        "Wcześniejsza wersja artykułu podawała inną datę.",
        "В предыдущей версии текста была указана другая дата.",
        "تصحيح: ذكرت نسخة سابقة من هذا المقال تاريخا آخر.",
        "Rättelse: fyren är tjugo meter hög.", "Rettelse: fyret er tyve meter højt.",
    ],
    "earnings": [
        "We may earn a commission when you buy through links.",
        "Dieser Artikel enthält Affiliate-Links.",
    ],
}  # fmt: skip


@pytest.mark.parametrize("notice", [notice for kind in NOTICES.values() for notice in kind])
def test_a_notice_leaves_the_text_as_a_paragraph_and_behind_one(notice: str) -> None:
    assert own_part(notice) == ""
    assert own_text([TOLD, notice, TOLD[::-1]])[0] == TOLD


@pytest.mark.parametrize("kind", ["syndicated", "read on", "offers"])
def test_a_notice_of_one_sentence_leaves_the_end_of_a_paragraph(kind: str) -> None:
    for notice in NOTICES[kind]:
        if notice.count(".") <= 1 and "?" not in notice:
            assert own_part(f"{TOLD} {notice}") == TOLD


@pytest.mark.parametrize(
    "sentence",
    [
        "The video could not be verified by independent observers.",
        "A video shared by the coast guard shows the lamp being lit.",
        "The article first appeared in a magazine of 1932, the keeper said.",
        "An earlier version of the bill had asked for two lighthouses.",
        "In einer früheren Version des Gesetzes fehlte die Frist.",
        "Sie haben bereits drei Leuchttürme besucht.",
        "Jetzt testen Forscher die neue Lampe.",
        "Il reste 30 % des travaux à finir, dit le maire.",
        "Уже подписан указ о ремонте маяка.",
        "Smoking and storms contributed to his death, the doctor said.",
        "If you buy a lighthouse, we pay the oil, the county promised.",
        "The harbour offers unlimited access to the pier for members.",
        "“Subscribe to continue reading,” the sign in the museum says.",
        "Read, 34, said he would keep the lamp himself.",
        "First published in 1932, the guide names nine lighthouses.",
        "La noticia fue publicada en el boletín de la cofradía.",
        "Regulators said that sites may show a video only after users agreed to cookies.",
        "I en tidigare version av lagen fanns ingen frist.",
        "Watch out for the tide, the keeper told his guests.",
    ],
)
def test_a_news_sentence_that_begins_like_a_notice_stays(sentence: str) -> None:
    assert own_part(sentence) == sentence
    assert own_part(f"{TOLD} {sentence}") == f"{TOLD} {sentence}"


@pytest.mark.parametrize(
    ("paragraph", "whole"),
    [
        (f"{TOLD} The county, which had […]", TOLD),
        (f"{TOLD} The county, which had [...]", TOLD),
        (f"{TOLD} The county, which had (…)", TOLD),
        (f"{TOLD} […]", TOLD),
        (f"{TOLD} The county, which had [Read more]", TOLD),
        (f"{TOLD} The county, which had... (more)", TOLD),
        ("The county, which had […]", "The county, which had"),
        ("“We lit […] the lamp,” he said.", "“We lit […] the lamp,” he said."),
    ],
)
def test_a_sentence_that_a_feed_broke_off_is_not_told(paragraph: str, whole: str) -> None:
    assert without_cut(paragraph, dots=False) == whole


@pytest.mark.parametrize("mark", ["...", "…", " ...", "… Continue reading", "... Read more at Varn Gazette."])
def test_dots_cut_a_feeds_text_and_not_a_pages(press: Press, mark: str) -> None:
    summary = f"{TOLD} The county, which had{mark}"
    assert from_feed(press.entry(summary=summary)).text == TOLD
    assert own_text([TOLD, "Nobody knows what comes next..."])[-1] == "Nobody knows what comes next..."


def test_a_placeholder_repeats_and_a_copy_for_another_screen_repeats_everything() -> None:
    placeholder = "Here stood a map of the islands of Varn"
    text = [PARAGRAPHS[0], placeholder, PARAGRAPHS[1], placeholder, PARAGRAPHS[2], placeholder, PARAGRAPHS[3]]
    assert own_text(text) == list(PARAGRAPHS)
    assert own_text([*PARAGRAPHS, *PARAGRAPHS]) == list(PARAGRAPHS)
    assert own_text([PARAGRAPHS[0], *PARAGRAPHS]) == list(PARAGRAPHS)


@pytest.mark.parametrize(
    "biography",
    [
        "Mara Ellery is a reporter for Varn Gazette and covers the coast.",
        "Mara Ellery ist Redakteurin beim Varner Boten.",
        "Mara Ellery est journaliste au Phare de Varn.",
        "Mara Ellery es corresponsal en las islas.",
        "Mara Ellery è giornalista della Gazzetta.",
        "Mara Ellery is redacteur bij de Courant.",
        "Mara Ellery can be reached at her desk.",
    ],
)
def test_who_the_author_is_ends_no_article(biography: str) -> None:
    assert own_text([TOLD, biography], ("Mara Ellery",)) == [TOLD]
    assert own_text([biography, TOLD], ("Mara Ellery",)) == [biography, TOLD]
    assert own_text([TOLD, biography]) == [TOLD]


def test_the_end_of_a_story_about_somebody_stays() -> None:
    end = "Hugh Kettle was keeper of the light for forty years."
    assert own_text([TOLD, end], ("Mara Ellery",)) == [TOLD, end]


@pytest.mark.parametrize(
    "offer",
    [
        "To read the whole story, start your free trial.",
        "Start your free trial to keep reading",
        "Sie möchten weiterlesen? Unser Abo kostet 3 Euro.",
        "Abonnez-vous dès maintenant pour lire la suite : 2 € par mois",
        "Suscríbete desde 1 € para seguir leyendo",
        "Per leggere l’articolo completo attiva il tuo abbonamento",
        "Word abonnee om verder te lezen",
        "Create a free account to read the full story",
        "Mit Plus weiterlesen: 4 Wochen für 1 Euro testen",
        "Sie haben Ihre drei kostenlosen Artikel in diesem Monat gelesen.",
        "Vous avez lu vos 5 articles gratuits du mois.",
        "Has agotado tus artículos gratuitos de este mes",
        "Hai raggiunto il limite di articoli gratuiti",
        "Assine para continuar lendo",
        "Je hebt je 3 gratis artikelen gelezen",
    ],
)
def test_an_offer_for_the_rest_of_a_text_is_a_wall(offer: str) -> None:
    assert is_walled([TOLD, offer])


@pytest.mark.parametrize(
    "said",
    [
        "Has agotado mi paciencia, dijo la alcaldesa al terminar la sesión del lunes.",
        "Mit dem Zug fuhren 400 Pendler nach Varn, mit dem Bus nur 30.",
        "Vous avez lu la lettre du maire, a demandé le juge au témoin lundi matin.",
        "Create an account of the storm, the teacher told her pupils in Varn.",
    ],
)
def test_words_of_a_story_are_no_wall(said: str) -> None:
    assert not is_walled([TOLD, said])


def test_a_wall_is_told_from_an_offer_beside_a_whole_text() -> None:
    assert is_walled([TOLD, "Subscribe to continue reading."])
    assert is_walled(["Il vous reste 70 % de cet article à lire."])
    assert not is_walled([TOLD, "Already a subscriber? Cancel anytime."])


def test_feed_and_page_lose_the_same_lines(press: Press) -> None:
    footer = "The post Ferry line returns appeared first on Harbour Courier."
    content = "\n\n".join((*PARAGRAPHS, footer))
    page = press.read(press.html(below=f"<p>{footer}</p>"))
    assert from_feed(press.entry(content=content)).text == page.text == "\n\n".join(PARAGRAPHS)


OFFER = "Subscribe to continue reading this story."
CORRECTION = "Correction: An earlier version of this article named another keeper."


def long(length: int, end: str = "") -> str:
    """Return a text of one sentence and ``end``, with so many characters."""
    return "A" + "a" * (length - len(end) - 3) + ". " + end


@pytest.mark.parametrize(
    ("paragraph", "own"),
    [
        (f"…{OFFER}", ""),
        (long(500, OFFER), long(500, OFFER)[: -len(OFFER) - 1]),
        (f"{'a' * 500}. {OFFER}", f"{'a' * 500}."),
        (f"{OFFER} {'a' * 459}.", f"{'a' * 459}."),
        (f"{CORRECTION} {'a' * 430}", ""),
        (f"{CORRECTION} {'a' * 432}", f"{CORRECTION} {'a' * 432}"),
        (f"{'a' * 33}. {OFFER}", ""),
        (f"{'a' * len(OFFER)}. {OFFER}", f"{'a' * len(OFFER)}."),
        (f"{'a' * 42}. {OFFER}", f"{'a' * 42}."),
        (f"{'a' * 59}. {OFFER} {OFFER}", ""),
        (f"{'a' * 60}. {OFFER} {OFFER}", f"{'a' * 60}."),
    ],
    ids=[
        "behind dots", "a paragraph of 500", "at the end of a long one", "at the beginning",
        "a correction of 500", "a longer correction", "less than half is left", "half is left",
        "more than half is left", "sixty characters are left", "sixty-one are left",
    ],
)  # fmt: skip
def test_a_notice_is_taken_from_a_short_paragraph_or_from_the_end_of_a_long_one(paragraph: str, own: str) -> None:
    assert own_part(paragraph) == own


@pytest.mark.parametrize(("length", "seen"), [(500, True), (501, False)])
def test_a_wall_and_an_offer_are_looked_for_in_paragraphs_of_up_to_500_characters(length: int, *, seen: bool) -> None:
    assert is_walled([TOLD, long(length, OFFER)]) is seen
    assert is_offer([TOLD, long(length, "Already a subscriber? Cancel anytime.")]) is seen
    assert is_offer([TOLD, long(length, OFFER)]) is seen


def test_the_biographies_of_up_to_three_authors_end_no_article() -> None:
    names = ("Mara Ellery", "Otto Brandt", "Ida Lund", "Kim Ong")
    lines = [f"{name} is a reporter for Varn Gazette and covers the coast." for name in names]
    assert own_text([TOLD, *lines[:3]], names) == [TOLD]
    assert own_text([TOLD, *lines], names) == [TOLD, lines[0]]
    assert own_text(lines[:1], names) == lines[:1]
    assert own_text([TOLD, f"{lines[0]} {'a' * 500}"], names) == [TOLD, f"{lines[0]} {'a' * 500}"]


@pytest.mark.parametrize(
    ("line", "times", "kept"),
    [
        ("Map of the islands", 2, 1),
        ("Map of the islands", 3, 0),
        ("Map of the island", 3, 3),
        ("Varn 3, Orrin 2 at home", 3, 3),
        (f"Varn 3, Orrin 2{' at home' * 10}", 3, 0),
    ],
    ids=["twice", "three times", "fourteen letters", "a result", "a long line with figures"],
)
def test_a_line_of_fifteen_letters_that_comes_three_times_is_a_placeholder(line: str, times: int, kept: int) -> None:
    text = list(PARAGRAPHS)
    for place in range(times):
        text.insert(2 * place + 1, line)
    assert len(text) - len(own_text(text)) == times - kept


def test_only_a_feeds_text_may_end_in_dots_that_cut_it() -> None:
    assert without_cut("Nobody knows what comes next...", dots=False) == "Nobody knows what comes next..."
    assert without_cut("Nobody knows what comes next...", dots=True) == "Nobody knows what comes next"
    assert own_text(["[…]"]) == []


def test_the_head_of_a_long_paragraph_is_no_notice_though_it_begins_like_one() -> None:
    told = (
        "Listen to this article was what two painters wrote on every wall of Varn for a year, "
        + "and nobody minded, " * 25
    )
    paragraph = f"{told}until the mayor did. {TOLD}"
    assert own_part(paragraph) == paragraph
    assert own_part(f"{paragraph} Tags: lamps, piers") == paragraph
